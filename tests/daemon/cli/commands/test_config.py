"""`papertray config`: showing and changing the settings from the command line."""

import json
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import filelock
import pytest

from papertray.daemon.places import find_places
from papertray.daemon.settings import load_settings
from tests.daemon.cli.conftest import Papertray

Editor = Callable[[str, str], None]


@pytest.fixture
def editor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Editor:
    """An editor that replaces one text by another."""

    def replacing(old: str, new: str) -> None:
        script = tmp_path / "my editor.py"
        script.write_text(
            "import pathlib, sys\np = pathlib.Path(sys.argv[1])\n"
            f"p.write_text(p.read_text('utf-8').replace({old!r}, {new!r}), 'utf-8')\n"
        )
        monkeypatch.delenv("VISUAL", raising=False)
        monkeypatch.setenv("EDITOR", shlex.join([sys.executable, str(script)]))

    return replacing


def test_show_says_where_each_value_is_from(papertray: Papertray, monkeypatch: pytest.MonkeyPatch) -> None:
    papertray("config", "set", "engine.device", "cpu")
    monkeypatch.setenv("PAPERTRAY_RESCAN", "60")
    rows = {row["key"]: row for row in json.loads(papertray("config", "show", "--json").out)}
    assert rows["engine.device"] == {
        "key": "engine.device",
        "value": "cpu",
        "source": "file",
        "place": f"{find_places().settings_file}, line 2",
    }
    assert (rows["rescan"]["value"], rows["rescan"]["source"]) == (60, "environment")
    assert rows["rescan"]["place"] == "PAPERTRAY_RESCAN"
    assert (rows["notes.front_matter"]["value"], rows["notes.front_matter"]["source"]) == (True, "default")
    assert "engine.device\tcpu\tfile" in papertray("config", "show").out


def test_path_is_one_line(papertray: Papertray) -> None:
    assert papertray("config", "path").out == f"{find_places().settings_file}\n"


def test_set_writes_the_file_and_says_when_it_holds(papertray: Papertray) -> None:
    result = papertray("config", "set", "folders.0.settle", "3")
    assert (result.code, result.out) == (0, "Saved. It holds from the next start of papertray.\n")
    assert load_settings(find_places()).folders[0].settle == 3


def test_set_refuses_what_is_wrong_and_leaves_the_file(papertray: Papertray) -> None:
    papertray("config", "set", "engine.device", "cpu")
    before = find_places().settings_file.read_bytes()
    for words in (("engine.dtype", "int8"), ("engine.devce", "cpu"), ("folders.0.path", "here")):
        result = papertray("config", "set", *words)
        assert result.code == 3
        assert words[0] in result.err
    assert find_places().settings_file.read_bytes() == before


def test_a_section_that_is_misspelt_hides_nothing_of_the_key_that_was_meant(papertray: Papertray) -> None:
    assert "did you mean engine.device?" in papertray("config", "set", "enigne.device", "cpu").err
    assert "did you mean engine?" in papertray("config", "set", "enigne.nothing", "cpu").err


def test_unset_brings_the_default_back(papertray: Papertray) -> None:
    papertray("config", "set", "engine.device", "cpu")
    assert papertray("config", "unset", "engine.device").code == 0
    assert load_settings(find_places()).engine.device == "auto"
    assert papertray("config", "unset", "engine.device").code == 3


def test_edit_takes_over_a_good_version(papertray: Papertray, editor: Editor) -> None:
    editor('# device = "auto"', 'device = "cpu"')
    assert papertray("config", "edit").out == "Saved. It holds from the next start of papertray.\n"
    assert load_settings(find_places()).engine.device == "cpu"
    assert papertray("config", "edit").out == "Nothing was changed.\n"


def test_edit_keeps_the_old_settings_and_the_faulty_version_too(papertray: Papertray, editor: Editor) -> None:
    editor('# device = "auto"', 'devic = "cpu"')
    result = papertray("config", "edit")
    assert result.code == 3
    assert "there is no setting engine.devic; did you mean engine.device?" in result.err
    assert "The old settings stay. Your version is kept" in result.err
    assert load_settings(find_places()).engine.device == "auto"
    editor("devic =", "device =")
    result = papertray("config", "edit")
    assert result.err.startswith("This is your version from last time")
    assert load_settings(find_places()).engine.device == "cpu"
    assert [file.name for file in find_places().config.iterdir()] == ["papertray.toml"]


@pytest.mark.parametrize(
    ("command", "sentence"),
    [("no-such-editor-here", "cannot be started"), (f"{sys.executable} -c 'exit(1)' ", "ended")],
)
def test_an_editor_that_fails_changes_nothing(
    papertray: Papertray, monkeypatch: pytest.MonkeyPatch, command: str, sentence: str
) -> None:
    monkeypatch.setenv("VISUAL", command)
    result = papertray("config", "edit")
    assert result.code == 3
    assert sentence in result.err
    assert [file.name for file in find_places().config.iterdir()] == ["papertray.toml"]


def test_a_broken_file_is_told_with_its_line_by_every_command(papertray: Papertray) -> None:
    find_places().make()
    find_places().settings_file.write_text("[engine]\ndevce = 1\n")
    result = papertray("config", "show")
    assert result.code == 3
    assert f"{find_places().settings_file}, line 2: there is no setting engine.devce" in result.err


def test_a_running_daemon_is_asked_to_take_the_change_over(papertray: Papertray) -> None:
    find_places().make()
    with filelock.FileLock(find_places().lock):
        result = papertray("config", "set", "engine.device", "cpu")
    assert result.out == "Saved. The running papertray takes it over now.\n"
