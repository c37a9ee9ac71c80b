"""`papertray folders`: which folders are watched."""

import json
from pathlib import Path

import pytest

from papertray.daemon.places import find_places
from papertray.daemon.settings import load_settings
from tests.daemon.cli.conftest import Papertray


def watched() -> list[Path]:
    return [folder.path for folder in load_settings(find_places()).folders]


def test_a_folder_is_added_to_the_inbox_with_its_options(
    papertray: Papertray, tmp_path: Path, own_home: Path
) -> None:
    (tmp_path / "scans").mkdir()
    result = papertray(
        *("folders", "add", tmp_path / "scans", "--poll", "--no-recursive"),
        *("--notes", tmp_path / "notes", "--archive", tmp_path / "done"),
    )
    assert result.code == 0
    assert result.out.startswith(f"{tmp_path / 'scans'} is watched. Saved.")
    assert watched() == [own_home / "OCR" / "inbox", tmp_path / "scans"]
    folder = load_settings(find_places()).folders[1]
    assert (folder.watch, folder.recursive) == ("poll", False)
    assert (folder.notes, folder.archive) == (tmp_path / "notes", tmp_path / "done")
    assert not (tmp_path / "notes").exists()


def test_a_relative_path_is_meant_from_where_one_stands(
    papertray: Papertray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "scans").mkdir()
    monkeypatch.chdir(tmp_path)
    papertray("folders", "add", "./x/../scans")
    assert watched()[-1] == tmp_path / "scans"


def test_a_missing_folder_is_made_only_when_asked(papertray: Papertray, tmp_path: Path) -> None:
    result = papertray("folders", "add", tmp_path / "new")
    assert (result.code, result.err) == (
        4,
        f"papertray: {tmp_path / 'new'} does not exist."
        " Check the name, or let `papertray folders add --create` make it.\n",
    )
    assert not find_places().settings_file.exists()
    assert papertray("folders", "add", tmp_path / "new", "--create").code == 0
    assert (tmp_path / "new").is_dir()


def test_a_file_is_no_folder(papertray: Papertray, tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").touch()
    result = papertray("folders", "add", tmp_path / "scan.pdf")
    assert "is a file. Name the folder that holds it." in result.err


def test_a_folder_where_sources_are_archived_is_refused_and_not_made(
    papertray: Papertray, tmp_path: Path
) -> None:
    papertray("folders", "add", tmp_path / "scans", "--create", "--archive", tmp_path / "done")
    result = papertray("folders", "add", tmp_path / "done" / "x", "--create")
    assert result.code == 3
    assert f"{tmp_path / 'done' / 'x'} lies in {tmp_path / 'done'}" in result.err
    assert not (tmp_path / "done").exists()


def test_the_same_folder_is_refused_twice(papertray: Papertray, tmp_path: Path) -> None:
    papertray("folders", "add", tmp_path)
    result = papertray("folders", "add", f"{tmp_path}/")
    assert (result.code, result.err) == (
        4,
        f"papertray: {tmp_path} is watched already. Nothing was changed.\n",
    )


def test_a_watched_folder_under_another_name_is_refused(papertray: Papertray, tmp_path: Path) -> None:
    (tmp_path / "scans").mkdir()
    try:
        (tmp_path / "link").symlink_to(tmp_path / "scans")
    except OSError:
        pytest.skip("this system lets nobody make links")
    papertray("folders", "add", tmp_path / "scans")
    result = papertray("folders", "add", tmp_path / "link")
    assert result.code == 4
    assert f"{tmp_path / 'link'} is {tmp_path / 'scans'} under another name." in result.err


def test_removing_a_folder_leaves_its_files(papertray: Papertray, tmp_path: Path, own_home: Path) -> None:
    (tmp_path / "scan.pdf").touch()
    papertray("folders", "add", tmp_path)
    result = papertray("folders", "remove", tmp_path)
    assert result.out.startswith(f"{tmp_path} is no longer watched; its files stay.")
    assert watched() == [own_home / "OCR" / "inbox"]
    assert (tmp_path / "scan.pdf").exists()


def test_removing_a_folder_that_is_not_watched_says_which_are(papertray: Papertray, own_home: Path) -> None:
    result = papertray("folders", "remove", "/nowhere")
    assert result.code == 3
    assert f"/nowhere is not watched. Watched are: {own_home / 'OCR' / 'inbox'}." in result.err


def test_the_list_says_how_each_is_watched_and_what_is_wrong(
    papertray: Papertray, tmp_path: Path, own_home: Path
) -> None:
    papertray("folders", "add", tmp_path, "--poll")
    inbox, scans = json.loads(papertray("folders", "list", "--json").out)
    assert (inbox["path"], inbox["problem"]) == (str(own_home / "OCR" / "inbox"), "it is not there")
    assert (scans["path"], scans["watch"], scans["problem"]) == (str(tmp_path), "poll", "")
    assert papertray("folders", "list").out.splitlines()[1] == f"{tmp_path}\tpoll\tyes\tbeside\t\t"


def test_without_any_folder_the_list_says_what_to_do(papertray: Papertray, own_home: Path) -> None:
    papertray("folders", "remove", own_home / "OCR" / "inbox")
    assert (
        papertray("folders", "list").out == "No folder is watched. `papertray folders add PATH` adds one.\n"
    )
    assert papertray("folders", "list", "--json").out == "[]\n"
