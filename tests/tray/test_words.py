"""The title in all states, and the lengths that Windows takes."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papertray.daemon.status import STOPPED, Activity, DownloadProgress, PageInProgress, Status, Trouble
from papertray.engine.printing import replace_unprintable
from papertray.tray.words import TITLE_UNITS, icon_title, shorten
from tests.tray.views import NOON, status

TWO_OF_FIVE = (PageInProgress(1, "invoice.pdf", 2, 5),)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (None, "papertray is not running"),
        (STOPPED, "papertray is not running"),
        (status(), "papertray is idle"),
        (
            status(
                Activity.WORKING,
                reading=TWO_OF_FIVE,
                batch_done=2,
                batch_total=12,
                device="cuda in float16 with 4-bit weights, pages up to 1024 pixels",
            ),
            "3 of 12 · invoice.pdf page 2 of 5 · CUDA 4-bit",
        ),
        (status(Activity.WORKING, reading=(PageInProgress(1, "a.png", 1, 1),), device="cpu"), "a.png · CPU"),
        (
            status(Activity.WORKING, reading=(*TWO_OF_FIVE, PageInProgress(2, "b.png", 1, 1)), batch_total=2),
            "1 of 2 · invoice.pdf page 2 of 5, b.png",
        ),
        (
            status(Activity.WORKING, reading=4 * TWO_OF_FIVE),
            "4 pages: " + 2 * "invoice.pdf page 2 of 5, " + "…",
        ),
        (
            status(Activity.WORKING, reading=TWO_OF_FIVE, reader="server", device="desktop", loaded=True),
            "invoice.pdf page 2 of 5 · reading on desktop",
        ),
        (status(Activity.LOADING, reader="dots-ocr", batch_total=3), "1 of 3 · loading dots-ocr"),
        (status(Activity.LOADING, reader="dots-ocr", percent_loaded=43), "loading dots-ocr (43%)"),
        (status(Activity.LOADING, reader="server", starting="llama-server"), "starting llama-server"),
        (status(Activity.PAUSED), "paused"),
        (status(downloads=(DownloadProgress("dots-ocr", 1, 4),)), "fetching dots-ocr: 25%"),
        (status(troubles=(Trouble("The disk is full.", "Make room."),)), "The disk is full."),
    ],
)
def test_the_title_says_how_it_goes(told: Status | None, words: str) -> None:
    assert icon_title(told) == words


def test_a_pause_says_when_it_ends_and_on_which_day() -> None:
    soon, later = NOON + 60, NOON + 3 * 86400
    assert icon_title(status(Activity.PAUSED, paused_until=soon)).endswith(
        time.strftime("until %H:%M", time.localtime(soon))
    )
    assert time.strftime("%a", time.localtime(later)) in icon_title(
        status(Activity.PAUSED, paused_until=later)
    )


def test_a_name_with_marks_that_turn_the_text_around_is_shown_harmless() -> None:
    told = status(Activity.WORKING, reading=(PageInProgress(1, "a\u202ecod.exe\n\udcff", 1, 1),))
    assert (
        icon_title(told)
        == "a\N{REPLACEMENT CHARACTER}cod.exe\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}"
    )


@settings(derandomize=True, deadline=None)
@given(st.text(), st.integers(1, 300))
def test_nothing_is_longer_than_windows_takes(text: str, units: int) -> None:
    cut = shorten(replace_unprintable(text), units)
    assert len(cut.encode("utf-16-le")) <= 2 * units
    assert cut == replace_unprintable(text) or cut.endswith("…")


@settings(derandomize=True, deadline=None)
@given(st.text(min_size=60))
def test_a_title_with_long_names_fits(name: str) -> None:
    told = status(
        Activity.WORKING, reading=(PageInProgress(1, name, 2, 5), PageInProgress(2, name, 2, 5)), device="npu"
    )
    assert len(icon_title(told).encode("utf-16-le")) <= 2 * TITLE_UNITS


def test_a_pair_of_surrogates_is_cut_as_one() -> None:
    assert shorten("😀😀😀", 4) == "😀…"


def test_before_the_first_page_is_read_it_is_at_work_and_not_idle() -> None:
    assert icon_title(status(Activity.WORKING, batch_total=1)) == "papertray is at work"
    assert icon_title(status(Activity.IDLE)) == "papertray is idle"
