"""Changing the settings file by key: comments stay, and what is wrong is refused."""

import os
from pathlib import Path

import pytest
import tomlkit

from papertray.daemon.errors import SettingsError
from papertray.daemon.settings.edit import (
    check_content,
    with_folder,
    with_value,
    without_folder,
    without_value,
)
from papertray.daemon.settings.template import TEMPLATE

pytestmark = pytest.mark.skipif(os.name != "posix", reason="its paths are written the POSIX way")

FILE = Path("/c/papertray.toml")


def test_comments_and_order_stay() -> None:
    changed = with_value(TEMPLATE, FILE, "engine.longest_side", "512")
    assert [line for line in changed.splitlines() if line not in TEMPLATE.splitlines()] == [
        "longest_side = 512"
    ]
    assert [line for line in TEMPLATE.splitlines() if line not in changed.splitlines()] == []


@pytest.mark.parametrize(
    ("key", "written", "value"),
    [
        ("engine.device", "cpu", "cpu"),
        ("engine.prompt", "3", "3"),
        ("engine.longest_side", "1024", 1024),
        ("notes.front_matter", "false", False),
        ("rescan", "60.5", 60.5),
        ("folders.0.settle", "3", 3),
        ("folders.0.include", '["*.pdf", "*.tif"]', ["*.pdf", "*.tif"]),
        ("folders.0.path", "/scans of 'mine'", "/scans of 'mine'"),
    ],
)
def test_a_value_is_written_as_the_kind_the_setting_has(key: str, written: str, value: object) -> None:
    saved = tomlkit.parse(with_value("", FILE, key, written)).unwrap()
    for part in key.split("."):
        saved = saved[int(part)] if part.isdecimal() else saved[part]
    assert saved == value


@pytest.mark.parametrize(
    ("key", "written", "sentence"),
    [
        ("engine.devce", "cpu", "There is no setting engine.devce; did you mean engine.device?"),
        ("engine.device.x", "cpu", "There is no setting engine.device.x."),
        ("folders.x", "cpu", "There is no setting folders.x."),
        ("folders.settle", "3", "There is no setting folders.settle; did you mean folders.0.settle?"),
        ("engine.3", "cpu", "There is no setting engine.3."),
        ("engine", "cpu", "engine holds several settings."),
        ("folders.0", "3", "folders.0 holds several settings."),
        ("folders.4.settle", "3", "There is no folder 4."),
        ("folders.0.settle", "-1", "folders.0.settle must be at least 0, not «-1»."),
        ("engine.dtype", "int8", "engine.dtype must be auto, float32"),
    ],
)
def test_a_wrong_key_or_value_is_refused_in_a_sentence(key: str, written: str, sentence: str) -> None:
    with pytest.raises(SettingsError) as caught:
        with_value("", FILE, key, written)
    assert caught.value.sentence.startswith(sentence)


def test_a_wrong_value_in_the_file_can_be_put_right() -> None:
    assert (
        with_value('[engine]\ndtype = "q" # hm\n', FILE, "engine.dtype", "auto")
        == '[engine]\ndtype = "auto" # hm\n'
    )


@pytest.mark.parametrize("content", ["[engine\n", "engine = 3\n"])
def test_a_broken_file_is_told_and_not_rewritten(content: str) -> None:
    with pytest.raises(SettingsError):
        with_value(content, FILE, "engine.device", "cpu")


def test_a_key_can_go_back_to_its_default() -> None:
    assert without_value('[engine]\n# why\ndevice = "cpu"\n', FILE, "engine.device") == "[engine]\n# why\n"
    with pytest.raises(SettingsError, match=r"engine.device is not in /c/papertray.toml."):
        without_value("[engine]\n", FILE, "engine.device")
    with pytest.raises(SettingsError, match=r"folders.7.path is not in"):
        without_value('[[folders]]\npath = "/x"\n', FILE, "folders.7.path")
    with pytest.raises(SettingsError, match="needs a path"):
        without_value('[[folders]]\npath = "/x"\n', FILE, "folders.0.path")


@pytest.mark.parametrize(
    "content",
    ["", "# hi\n[engine]\n# x\n", TEMPLATE, 'folders = [{ path = "~/OCR/inbox" }]\n[engine]\n'],
    ids=["empty", "no folders", "template", "inline"],
)
def test_a_folder_is_added_to_those_there_were_and_taken_out_again(content: str) -> None:
    added = with_folder(content, FILE, {"path": "/x", "watch": "poll"})
    inbox, new = check_content(added, FILE).folders
    assert (new.path, new.watch) == (Path("/x"), "poll")
    assert check_content(without_folder(added, FILE, 1), FILE).folders == (inbox,)
    assert all(line in added for line in content.splitlines() if line.startswith("#"))


def test_the_last_folder_can_go_and_another_can_come() -> None:
    none = without_folder("# hi\n[engine]\n", FILE, 0)
    assert check_content(none, FILE).folders == ()
    assert "# hi" in none
    assert [
        folder.path for folder in check_content(with_folder(none, FILE, {"path": "/x"}), FILE).folders
    ] == [Path("/x")]


def test_a_folder_that_is_watched_already_is_refused() -> None:
    with pytest.raises(SettingsError, match="is watched twice"):
        with_folder("", FILE, {"path": "~/OCR/inbox"})
