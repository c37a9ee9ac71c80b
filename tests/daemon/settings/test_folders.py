"""What a watched folder may choose for itself, what it inherits, and what is said about mistakes."""

import os
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from papertray.daemon.errors import SettingsError
from papertray.daemon.places import find_places
from papertray.daemon.reading.folder_choices import FolderChoices
from papertray.daemon.settings import Settings
from papertray.daemon.settings.pause_hours import find_pause_end, parse_pause_hours
from papertray.daemon.settings.steering import save_value

INBOX = Path(os.path.abspath("/scans"))  # noqa: PTH100


def settings_of(*folders: dict[str, Any], **engine: Any) -> Settings:
    return Settings(folders=folders, engine=engine)


def test_a_folder_within_another_inherits_what_it_does_not_say_itself() -> None:
    outer = {"path": INBOX, "model": "dots-ocr", "mode": "text", "outputs": ["pdf"], "pause": "08:00-18:00"}
    places = {"archive": INBOX.with_name("kept"), "settle": 9, "include": ["*.pdf"]}
    inner = {"path": INBOX / "letters", "outputs": [], "languages": ["rus"]}
    deepest = {"path": INBOX / "letters" / "old", "model": "DeepSeek_OCR"}
    made = settings_of(deepest, outer | places, inner)
    lowest, top, middle = made.folders
    assert (middle.model, middle.mode, middle.outputs, middle.pause) == (
        "dots-ocr",
        "text",
        (),
        "08:00-18:00",
    )
    assert (middle.archive, middle.settle, middle.include) == (top.archive / "letters", None, ("*",))  # type: ignore[operator]
    assert (lowest.model, lowest.mode, lowest.languages) == ("deepseek-ocr", None, ("rus",))


def test_a_reader_is_chosen_for_a_folder_and_what_was_asked_for_one_document_goes_before() -> None:
    letters = {"path": INBOX / "letters", "model": "quick", "dots_per_inch": 300}
    made = settings_of({"path": INBOX}, letters, model="dots-ocr", mode="text")
    choices = FolderChoices(made.engine, made.folders)
    assert choices.engine_for(INBOX) == made.engine
    quick = choices.engine_for(INBOX / "letters")
    assert (quick.model, quick.mode) == ("quick", None)
    assert choices.engine_for(INBOX / "letters", "deepseek-ocr", "base").model == "deepseek-ocr"
    assert (choices.own_model(INBOX), choices.own_model(INBOX / "letters")) == ("", "quick")
    assert choices.dots_per_inch(INBOX / "letters" / "a" / "b.pdf") == 300
    assert choices.dots_per_inch(INBOX / "b.pdf") is None
    assert choices.describe(INBOX) == ""
    assert choices.describe(INBOX / "letters") == '{"dots_per_inch": 300, "model": "quick"}'


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("engine.model", "foo", "engine.model must be auto, "),
        ("folders.0.model", "foo", "folders.0.model must be auto, "),
        ("folders.0.device", "gpu", "folders.0.device must be auto, "),
        ("folders.0.pause", "8-18", "must be hours like 08:00-18:00 or Mon-Fri 22:00-06:00, not «8-18»."),
        ("folders.0.pause", "08:00-08:00", "ends when it begins: write 00:00-24:00 for a whole day."),
        ("folders.0.dots_per_inch", "20", "must be at least 50, not «20»."),
    ],
)
def test_a_wrong_choice_is_refused_with_what_may_be_chosen(key: str, value: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        save_value(find_places(), key, value)
    assert said in str(caught.value)
    assert int(caught.value.exit_code) == 3
    assert not find_places().settings_file.exists()


@pytest.fixture
def vilnius(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Where clocks go forward on 29 March 2026 at three, and back on 25 October at four."""
    if not hasattr(time, "tzset"):
        pytest.skip("this system has one time zone")
    monkeypatch.setenv("TZ", "EET-2EEST,M3.5.0/3,M10.5.0/4")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


@pytest.mark.usefixtures("vilnius")
@pytest.mark.parametrize(
    ("hours", "now", "end"),
    [
        ("08:00-18:00", "2026-03-02 07:59", None),
        ("08:00-18:00", "2026-03-02 08:00", "2026-03-02 18:00"),
        ("08:00-18:00", "2026-03-02 18:00", None),
        ("22:00-06:00", "2026-03-02 23:00", "2026-03-03 06:00"),
        ("22:00-06:00", "2026-03-03 05:59", "2026-03-03 06:00"),
        ("fri-Mon 08:00-18:00", "2026-03-01 12:00", "2026-03-01 18:00"),
        ("fri-Mon 08:00-18:00", "2026-03-03 12:00", None),
        ("Fri 22:00-24:00, Sat 00:00-06:00", "2026-03-06 23:00", "2026-03-07 06:00"),
        ("", "2026-03-02 12:00", None),
        ("02:00-05:00", "2026-03-29 02:30", "2026-03-29 05:00"),
        ("02:00-03:30", "2026-03-29 02:30", "2026-03-29 04:30"),  # half past three is never
        ("02:00-05:00", "2026-10-25 02:30", "2026-10-25 05:00"),
        ("02:00-03:30", "2026-10-25 03:10+03:00", "2026-10-25 03:30+03:00"),
        (
            "02:00-03:30",
            "2026-10-25 03:10+02:00",
            "2026-10-25 03:30+02:00",
        ),  # it is three for the second time
    ],
)
def test_a_pause_ends_by_the_clock_on_the_wall(hours: str, now: str, end: str | None) -> None:
    found = find_pause_end(parse_pause_hours(hours), moment(now))
    assert found == (moment(end) if end else None)


@pytest.mark.usefixtures("vilnius")
def test_a_pause_without_an_end_is_looked_at_again() -> None:
    end = find_pause_end(parse_pause_hours("00:00-24:00"), moment("2026-03-02 12:00"))
    assert end == moment("2026-03-10 00:00")
