"""The settings of a folder as the page shows them: who says each, and how a change comes into the file."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from papertray.daemon.errors import SettingsError
from papertray.daemon.places import find_places
from papertray.daemon.settings import FolderSettings
from papertray.daemon.settings.edit import with_folder_values, with_value
from papertray.daemon.settings.folder_fields import FolderField, read_folder_fields
from papertray.daemon.settings.folder_words import FOLDER_WORDS
from papertray.daemon.settings.show import settings_in_force
from papertray.daemon.settings.steering import save_folder_values
from papertray.daemon.settings.template import TEMPLATE

pytestmark = pytest.mark.skipif(os.name != "posix", reason="its paths are written the POSIX way")

FILE = Path("/c/papertray.toml")
OUTER, INNER = Path("/scans"), Path("/scans/letters")
WRITTEN = """\
[engine]
device = "cpu"
[[folders]]  # all of them
path = "/scans"
model = "dots-ocr"  # the best
mode = "text"
outputs = ["pdf"]
[[folders]]
path = "/scans/letters"
languages = ["rus"]
"""


def fields_of(content: str, folder: Path) -> dict[str, FolderField]:
    places = find_places()
    places.make()
    places.settings_file.write_text(content, encoding="utf-8")
    return {field.name: field for field in read_folder_fields(places)[folder]}


def said(field: FolderField) -> tuple[Any, ...]:
    return field.value, field.source, field.place


def test_each_setting_says_who_says_it(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERTRAY_FOLDERS__1__PAUSE", "08:00-09:00")
    fields = fields_of(WRITTEN, INNER)
    assert said(fields["languages"]) == (["rus"], "own", "")
    assert said(fields["mode"]) == ("text", "folder", "/scans")
    assert said(fields["device"]) == ("cpu", "general", "engine.device")
    assert said(fields["dots_per_inch"]) == (200, "general", "documents.dots_per_inch")
    assert said(fields["settle"]) == (None, "default", "")
    assert said(fields["pause"]) == ("08:00-09:00", "variable", "PAPERTRAY_FOLDERS__1__PAUSE")
    own_model = fields_of(WRITTEN + 'model = "quick"\n', INNER)
    assert said(own_model["mode"]) == (None, "default", "")
    kinds = {name: field.kind for name, field in fields.items()}
    assert (kinds["model"], kinds["outputs"], kinds["languages"]) == ("choice", "several", "lines")
    assert (kinds["recursive"], kinds["settle"], kinds["archive"]) == ("switch", "number", "text")
    assert [choice.name for choice in fields["languages"].choices] == ["auto"]


def test_every_setting_of_a_folder_is_there_and_has_words_for_people() -> None:
    assert {*FOLDER_WORDS} == {*FolderSettings.model_fields} - {"path"}


def test_a_change_keeps_comments_and_a_value_taken_back_is_inherited_again(own_home: Path) -> None:
    places = find_places()
    fields_of(WRITTEN, INNER)
    save_folder_values(places, INNER, {"model": "quick", "outputs": [], "dots_per_inch": 300})
    written = places.settings_file.read_text()
    assert "# all of them" in written
    assert "# the best" in written
    assert written.endswith('languages = ["rus"]\nmodel = "quick"\noutputs = []\ndots_per_inch = 300\n')
    fields = fields_of(written, INNER)
    assert (fields["model"].value, fields["outputs"].value) == ("quick", [])
    save_folder_values(places, INNER, {"model": None, "outputs": None, "dots_per_inch": None, "mode": None})
    assert places.settings_file.read_text() == WRITTEN
    with pytest.raises(SettingsError, match=r"pause must be hours like") as refused:
        save_folder_values(places, INNER, {"pause": "in the morning"})
    assert refused.value.advice == "Nothing was changed."
    with pytest.raises(SettingsError, match=r"There is no setting folders.1.colour"):
        save_folder_values(places, INNER, {"colour": "red"})
    assert places.settings_file.read_text() == WRITTEN


def test_changes_that_come_at_once_do_not_undo_each_other(own_home: Path) -> None:
    fields_of(WRITTEN, INNER)
    values = {"model": "quick", "pause": "08:00-09:00", "note_name": "{title}", "dots_per_inch": 300}
    with ThreadPoolExecutor() as threads:
        list(threads.map(lambda one: save_folder_values(find_places(), INNER, dict([one])), values.items()))
    fields = {field.name: field for field in read_folder_fields(find_places())[INNER]}
    assert {name: fields[name].value for name in values} == values


def test_a_new_line_stands_below_the_one_that_shows_its_default() -> None:
    lines = with_value(TEMPLATE, FILE, "folders.0.dots_per_inch", "300").splitlines()
    at = lines.index("dots_per_inch = 300")
    assert lines[at - 1].startswith("# dots_per_inch = 200")
    assert lines[at + 1].startswith("# pause")
    two = 'rescan = 5\n\n[[folders]]\npath = "/a"\n# not yet\n\n[engine]\n# device = "auto"\n'
    assert with_folder_values(two, FILE, 0, {"pause": ""}).splitlines()[2:6] == [
        "[[folders]]",
        'path = "/a"',
        'pause = ""',
        "# not yet",
    ]


def test_config_show_says_what_a_folder_inherits_and_from_where(own_home: Path) -> None:
    fields_of(WRITTEN, INNER)
    rows = {row.key: (row.value, row.source, row.place) for row in settings_in_force(find_places())}
    assert rows["folders.1.mode"] == ("text", "folder", "/scans")
    assert rows["folders.1.device"] == (None, "general", "engine.device")
    assert rows["folders.1.languages"][1:] == ("file", f"{find_places().settings_file}, line 10")
    assert rows["folders.1.settle"] == (None, "default", "")
