"""The settings: who wins, and what is said about mistakes."""

import itertools
import os
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from papertray.daemon.errors import SettingsError
from papertray.daemon.places import Places, find_places
from papertray.daemon.reading.readers import read_options
from papertray.daemon.settings import EngineSettings, RuleSettings, Settings, load_settings
from papertray.daemon.settings import file as settings_file
from papertray.daemon.settings.environment import unknown_variables
from papertray.daemon.settings.keys import all_keys
from papertray.daemon.settings.sections import ServerSettings
from papertray.daemon.settings.show import settings_in_force
from papertray.daemon.settings.template import TEMPLATE
from papertray.engine.language import speak, translate_sentence
from papertray.engine.pages import PdfText

Write = Callable[[str], Places]
UNCOMMENTED = re.sub(r"^# (?=\w+ = |\[\[)", "", TEMPLATE, flags=re.MULTILINE)

posix_paths = pytest.mark.skipif(os.name != "posix", reason="its paths are written the POSIX way")


@pytest.fixture
def write() -> Write:
    """Put a settings file in place."""

    def put(text: str) -> Places:
        here = find_places()
        here.make()
        here.settings_file.write_text(text, encoding="utf-8")
        return here

    return put


def complaint(here: Places, **options: object) -> str:
    with pytest.raises(SettingsError) as caught:
        load_settings(here, **options)
    return str(caught.value)


def test_without_a_file_the_defaults_hold_and_the_inbox_is_watched(own_home: Path) -> None:
    assert load_settings(find_places()) == Settings()
    assert load_settings(find_places()).folders[0].path == own_home / "OCR" / "inbox"


def test_an_option_beats_the_environment_which_beats_the_file_which_beats_the_default(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = write('rescan = 7\n[engine]\ndevice = "mps"\nmodel = "quick"\nprompt = "file"\n')
    monkeypatch.setenv("PAPERTRAY_ENGINE__DEVICE", "cuda")
    monkeypatch.setenv("PAPERTRAY_ENGINE__MODEL", "dots-ocr")
    loaded = load_settings(here, engine__device="cpu", engine__mode=None)
    assert (loaded.engine.device, loaded.engine.model, loaded.engine.prompt) == ("cpu", "dots-ocr", "file")
    assert (loaded.rescan, loaded.engine.mode, loaded.log.level) == (7, None, "INFO")


@posix_paths
def test_a_variable_changes_one_folder_of_the_file(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    here = write('[[folders]]\npath = "/a"\nrecursive = false\n')
    monkeypatch.setenv("PAPERTRAY_FOLDERS__0__SETTLE", "3")
    monkeypatch.setenv("PAPERTRAY_FOLDERS__1__PATH", "/b")
    first, second = load_settings(here).folders
    assert (first.path, first.recursive, first.settle, second.path) == (Path("/a"), False, 3, Path("/b"))


@posix_paths
def test_a_variable_in_json_replaces_all_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERTRAY_FOLDERS", '[{"path": "/scans"}]')
    assert [folder.path for folder in load_settings(find_places()).folders] == [Path("/scans")]


def test_a_variable_that_should_be_json_and_is_not_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERTRAY_FOLDERS", "/scans")
    assert complaint(find_places()).startswith("PAPERTRAY_FOLDERS cannot be read: it must be JSON.")


@posix_paths
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            '\n[engine]\n# a comment\ndevce = "cpu"\n',
            "line 4: there is no setting engine.devce; did you mean engine.device?",
        ),
        ('device = "cpu"\n', "line 1: there is no setting device; did you mean engine.device?"),
        ('[engin]\ndevice = "cpu"\n', "line 1: there is no setting engin; did you mean engine?"),
        (
            '[[folders]]\npath = "/a"\n[[folders]]\npath = "/b"\nsetle = 3\n',
            "line 5: there is no setting folders.1.setle; did you mean folders.1.settle?",
        ),
        ("xyzzy = 1\n", "line 1: there is no setting xyzzy."),
        (
            '[engine]\ndtype = "int3"\n',
            "line 2: engine.dtype must be auto, float32, float16 or bfloat16, not «int3».",
        ),
        (
            "[documents]\ndots_per_inch = 7\n",
            "line 2: documents.dots_per_inch must be at least 50, not «7».",
        ),
        (
            '[[folders]]\npath = "/a"\n[[folders]]\ninclude = [\n "*.pdf",\n]\n',
            "line 3: folders.1 needs a path.",
        ),
        (
            '[[engine.servers]]\nmodel = "ocr"\n',
            "line 1: engine.servers.0 needs a url, or a command that starts it here.",
        ),
        (
            '[[engine.servers]]\nurl = "http://a/v1"\nmodel = "ocr"\nfamily = "x"\n',
            "line 4: engine.servers.0.family must be deepseek-ocr, ",
        ),
        (
            '[[folders]]\npath = "scans"\n',
            "line 2: folders.0.path must be a full path, or begin with ~, not «scans».",
        ),
        (
            '[[folders]]\npath = "/a"\nnotes = "b"\n',
            "line 3: folders.0.notes must be beside or a full path, or begin with ~, not «b».",
        ),
        ("folders = 3\n", "line 1: folders must be a list, not «3»."),
        ("[notes]\nx = = 1\n", "line 2: this is not TOML: Invalid value."),
        ("rescan = nan\n", "line 1: rescan must be a number that is not infinite, not «nan»."),
    ],
)
def test_a_mistake_in_the_file_is_told_with_file_line_key_and_what_is_allowed(
    write: Write, text: str, sentence: str
) -> None:
    here = write(text)
    assert complaint(here).startswith(f"{here.settings_file}, {sentence}")


def test_every_mistake_is_told_at_once(write: Write) -> None:
    here = write('[engine]\ndtype = "x"\nlongest_side = 1\nzzz = 0\n')
    assert len(complaint(here).splitlines()) == 3


def test_a_wrong_variable_is_named_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERTRAY_RESCAN", "often")
    assert complaint(find_places()).startswith("PAPERTRAY_RESCAN: rescan must be a number, not «often».")


def test_a_device_that_is_none_is_refused_with_those_there_are() -> None:
    sentence = complaint(find_places(), engine__device="gpu")
    assert sentence.startswith("engine.device must be auto, cuda, mps, npu, cpu, not «gpu».")


def test_a_wrong_option_is_told_by_its_key() -> None:
    assert complaint(find_places(), engine__dtype="int8").startswith("engine.dtype must be auto, float32")


@posix_paths
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[[folders]]\npath = "/a"\n[[folders]]\npath = "/a/"\n', "/a is watched twice."),
        ('[[folders]]\npath = "/a"\narchive = "/a"\n', "folders.0"),
        ('[[folders]]\npath = "/a/b"\nnotes = "/a"\n', "The notes folder /a must not be the watched folder"),
        (
            '[[folders]]\npath = "/a"\narchive = "/b"\n[[folders]]\npath = "/b/c"\n',
            "/b/c lies in /b, where papertray puts notes or archived files.",
        ),
    ],
)
def test_folders_that_would_eat_each_other_are_refused(write: Write, text: str, sentence: str) -> None:
    assert sentence.removeprefix("folders.0") in complaint(write(text))


@posix_paths
def test_an_archive_inside_its_own_folder_is_fine(write: Write) -> None:
    here = write('[[folders]]\npath = "/a"\narchive = "/a/done"\nnotes = "/a/notes"\n')
    assert load_settings(here).folders[0].archive == Path("/a/done")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("PAPERTRAY_ENGINE__DEVCE", "PAPERTRAY_ENGINE__DEVICE"),
        ("PAPERTRAY_LOG_LEVEL", "PAPERTRAY_LOG__LEVEL"),
        ("PAPERTRAY_RESCAM", "PAPERTRAY_RESCAN"),
        ("PAPERTRAY_FOLDERS__0__STTLE", "PAPERTRAY_FOLDERS__0__SETTLE"),
    ],
)
def test_an_unknown_variable_is_warned_of_with_the_nearest_real_one_and_does_no_harm(
    monkeypatch: pytest.MonkeyPatch, name: str, meant: str
) -> None:
    monkeypatch.setenv(name, "1")
    assert unknown_variables(Settings, {name: "1"}) == [
        f"The variable {name} is no setting and is ignored. Did you mean {meant}?"
    ]
    assert load_settings(find_places()) == Settings()


def test_known_and_foreign_variables_are_not_warned_of() -> None:
    fine = {"PAPERTRAY_HOME": "/x", "PAPERTRAY_ENGINE__DEVICE": "cpu", "PATH": "/bin", "PAPERTRAYS": "1"}
    assert unknown_variables(Settings, fine) == []


def test_a_file_saved_by_notepad_is_read(write: Write) -> None:
    here = write("")
    here.settings_file.write_bytes(b"\xef\xbb\xbfrescan = 9\r\n[log]\r\nlevel = 'DEBUG'\r\n")
    assert (load_settings(here).rescan, load_settings(here).log.level) == (9, "DEBUG")


def test_a_file_that_is_no_text_is_told(write: Write) -> None:
    here = write("")
    here.settings_file.write_bytes(b"\xff\xfe\x00r")
    assert complaint(here) == f"{here.settings_file} is not UTF-8 text. Save it again as UTF-8."


def test_a_settings_file_that_is_a_folder_is_told(write: Write) -> None:
    here = write("")
    here.settings_file.unlink()
    here.settings_file.mkdir()
    assert "cannot be read" in complaint(here)


def test_the_first_file_means_the_defaults_and_is_not_written_twice() -> None:
    here = find_places()
    settings_file.write_default(here)
    assert load_settings(here) == Settings()
    here.settings_file.write_text("rescan = 5\n")
    settings_file.write_default(here)
    assert load_settings(here).rescan == 5


def test_the_first_file_shows_every_setting_there_is() -> None:
    shown = tomllib.loads(UNCOMMENTED)
    for table in (shown, shown["engine"]):
        lists = {
            key: {"0": value[0]} for key, value in table.items() if key in ("folders", "servers", "rules")
        }
        table.update(lists)
    written = {(*prefix, key) for prefix, key in _flat(shown)}
    assert written == set(all_keys(Settings)) | {
        ("folders", "0"),
        ("rules", "0"),
        ("engine", "servers", "0"),
    }


def _flat(table: dict[str, object], prefix: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], str]]:
    here = [(prefix, key) for key in table]
    tables = [(key, value) for key, value in table.items() if isinstance(value, dict)]
    return here + [row for key, value in tables for row in _flat(value, (*prefix, key))]


def test_the_first_file_shows_every_default_and_an_example_of_what_has_none(write: Write) -> None:
    defaults = {row.key: row.value for row in settings_in_force(find_places())}
    shown = {row.key: row.value for row in settings_in_force(write(UNCOMMENTED))}
    examples = {key for key in shown if key not in defaults or shown[key] != defaults[key]}
    of_servers = {key for key in examples if key.startswith("engine.servers.")}
    assert len(of_servers) == len(ServerSettings.model_fields)
    of_rules = {key for key in examples if key.startswith("rules.")}
    assert len(of_rules) == len(RuleSettings.model_fields)
    assert examples - of_servers - of_rules == {key for key in defaults if defaults[key] is None}


def test_settings_do_not_change_once_they_are_built() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().rescan = 1
    with pytest.raises(ValidationError, match="frozen"):
        Settings().engine.device = "cpu"


def test_saving_replaces_the_file_in_one_step_and_keeps_link_and_mode(tmp_path: Path) -> None:
    real, link = tmp_path / "dotfiles" / "papertray.toml", tmp_path / "papertray.toml"
    real.parent.mkdir()
    real.write_text("rescan = 1\n")
    real.chmod(0o640)
    try:
        link.symlink_to(real)
    except OSError:
        pytest.skip("this system lets nobody make links")
    settings_file.save_text(link, "rescan = 2\n")
    assert link.is_symlink()
    assert real.read_text() == "rescan = 2\n"
    assert real.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in real.parent.iterdir()] == ["papertray.toml"]


KEY = st.from_regex(r"[a-z]{1,5}", fullmatch=True)
VALUE = st.sampled_from(["1", '"x = 2"', "[\n  1,\n  2,\n]", '"""\na = 3\n[b]\n"""', "{ q = 1 }"])
LINE = st.sampled_from(["", "# note = 1"])


@settings(derandomize=True, deadline=None, max_examples=80)
@given(st.lists(st.tuples(KEY, VALUE, LINE), min_size=1, max_size=6, unique_by=lambda row: row[0]))
def test_the_line_of_a_key_is_where_it_begins(rows: list[tuple[str, str, str]]) -> None:
    blocks = [f"{between}\n{key} = {value}\n" for key, value, between in rows]
    before = itertools.accumulate((block.count("\n") for block in blocks), initial=0)
    text = "".join(blocks)
    for (key, _, _), start in zip(rows, before, strict=False):
        # blank lines and comments before a key make sense by themselves and belong to nobody
        assert settings_file.line_of(text, (key,)) == start + 2


@pytest.mark.parametrize("wish", ["auto", "never", "always"])
def test_what_becomes_of_a_pdfs_own_text_is_a_setting(wish: str) -> None:
    engine = EngineSettings(pdf_text=wish)  # type: ignore[arg-type]  # checked as it runs
    assert read_options(engine).pdf_text is PdfText(wish)


def test_what_tesseract_may_be_asked_for_is_a_setting() -> None:
    assert read_options(EngineSettings()).languages is None
    assert read_options(EngineSettings(languages=("rus", "ukr"))).languages == ("rus", "ukr")
    assert read_options(EngineSettings(languages=())).languages == ()


def test_another_wish_for_a_pdfs_own_text_is_refused() -> None:
    with pytest.raises(ValidationError):
        EngineSettings(pdf_text="sometimes")  # type: ignore[arg-type]


@posix_paths
def test_mistakes_are_said_in_the_language_of_whoever_reads_them(write: Write) -> None:
    written = '[[folders]]\npath = "scans"\npause = "noon"\n[engine]\nmax_tokens = "dun"\n[api]\nport = -1\n'
    places = write(f"{written}hots = 3\n")
    speak("de")
    try:
        said = [translate_sentence(line).partition(": ")[2] for line in complaint(places).splitlines()]
    finally:
        speak("en")
    assert said == [
        "folders.0.path muss ein voller Pfad (oder einer mit ~ am Anfang) sein, nicht «scans».",
        "folders.0.pause muss Zeiten wie 08:00-18:00 oder Mon-Fri 22:00-06:00 sein, nicht «noon».",
        "engine.max_tokens muss eine ganze Zahl sein, nicht «dun».",
        "api.port muss mindestens 0 sein, nicht «-1».",
        "eine Einstellung api.hots gibt es nicht; meinten Sie api.host?"
        " `papertray config edit` öffnet die Einstellungen.",
    ]
