from dataclasses import replace

import pytest

from papertray.daemon.cli.status_text import describe_activity, describe_status, summarize_status
from papertray.daemon.status import (
    Activity,
    DocumentState,
    DownloadProgress,
    FolderStatus,
    PageInProgress,
    Status,
    Trouble,
)
from papertray.engine.language import speak

GONE = Trouble("a.pdf is no longer there.", "It was in /scans.")
LETTER = PageInProgress(document=4, name="letter.png", page=1, pages=1)
BOOK = PageInProgress(document=3, name="book.pdf", page=2, pages=5)


@pytest.mark.parametrize(
    ("status", "clause"),
    [
        (Status(Activity.STOPPED), "is not running; start it with `papertray run`"),
        (Status(Activity.IDLE), "is idle"),
        (Status(Activity.PAUSED), "is paused; `papertray resume` goes on"),
        (Status(Activity.LOADING, reader="quick"), "is loading quick"),
        (Status(Activity.LOADING, reader="server", starting="llama-server"), "is starting llama-server"),
        (Status(Activity.LOADING, reader="auto"), "is loading a reader"),
        (Status(Activity.LOADING, reader="dots-ocr", percent_loaded=43), "is loading dots-ocr (43 %)"),
        (Status(Activity.WORKING), "is working"),
        (Status(Activity.WORKING, reading=(BOOK,)), "is reading book.pdf page 2 of 5"),
        (
            Status(Activity.WORKING, reading=(BOOK,), batch_done=2, batch_total=12),
            "is reading 3 of 12: book.pdf page 2 of 5",
        ),
        (
            Status(Activity.WORKING, reading=(BOOK, LETTER, BOOK, BOOK), batch_done=2, batch_total=12),
            "is reading 3 of 12, 4 pages: book.pdf page 2 of 5, letter.png, …",
        ),
        (
            Status(Activity.WORKING, reading=(PageInProgress(1, "a\x1b[2J.png", 1, 1),)),
            r'is reading "a\x1b[2J.png"',
        ),
    ],
)
def test_what_goes_on_is_one_clause(status: Status, clause: str) -> None:
    assert describe_activity(status) == clause


def test_a_pause_with_an_end_says_when() -> None:
    assert describe_activity(Status(Activity.PAUSED, at=1000.0, paused_until=1000.0)).startswith(
        "is paused until "
    )


def test_documents_are_counted_as_people_count_them() -> None:
    counts = {
        DocumentState.DONE: 10,
        DocumentState.FAILED: 1,
        DocumentState.QUEUED: 2,
        DocumentState.ARRIVED: 3,
    }
    assert summarize_status(Status(Activity.IDLE, counts=counts)) == "is idle · 10 done, 1 failed, 5 waiting"


def test_everything_a_person_should_look_at_is_told() -> None:
    status = Status(
        Activity.IDLE,
        reader="dots-ocr",
        device="cuda",
        rung="4-bit",
        folders=(
            FolderStatus("/in", "native"),
            FolderStatus("/share", "gone"),
            FolderStatus("/x", "poll", "no right"),
        ),
        troubles=(Trouble("The disk is full.", "Make room."),),
        downloads=(DownloadProgress("dots-ocr", 1, 4),),
    )
    assert list(describe_status(status)) == [
        "papertray is idle",
        "! The disk is full. Make room.",
        "Documents: none yet",
        "Fetching dots-ocr: 25 %",
        "Reader: dots-ocr on cuda (not loaded); 4-bit",
        "Folder: /in (watched, native)",
        "Folder: /share (not there)",
        "Folder: /x (no right)",
    ]


def test_several_pages_in_hand_are_told_with_how_far_each_is() -> None:
    status = Status(Activity.WORKING, reading=(replace(BOOK, tokens=1340), LETTER))
    assert list(describe_status(status))[:3] == [
        "papertray is reading 2 pages: book.pdf page 2 of 5, letter.png",
        "    book.pdf page 2 of 5, 1,340 tokens",
        "    letter.png",
    ]
    assert list(describe_status(replace(status, reading=(BOOK,))))[1].startswith("Documents")


def test_a_reader_not_chosen_yet_is_not_called_auto() -> None:
    status = Status(Activity.IDLE, reader="auto", device="auto")
    assert "Reader: the best that is here (not loaded)" in list(describe_status(status))


def test_how_many_pages_wait_and_how_long_they_may_take() -> None:
    status = Status(Activity.WORKING, reading=(BOOK,), pages_left=120)
    assert "Pages: 120 to go" in list(describe_status(status))
    known = replace(status, seconds_left=840.0)
    assert "Pages: 120 to go, about 14 min at 8.6 a minute" in list(describe_status(known))
    assert "about 14 min" in summarize_status(known)


def test_in_another_language_a_status_is_told_in_it() -> None:
    status = Status(Activity.PAUSED, counts={"done": 1200, "failed": 1}, reader="quick", troubles=(GONE,))
    speak("lt")
    try:
        told = list(describe_status(status))
    finally:
        speak("en")
    assert told == [
        "papertray pristabdytas; pratęsia `papertray resume`",
        "! Failo „a.pdf“ nebėra. Jis buvo aplanke /scans.",
        "Dokumentai: baigta: 1\xa0200, nepavyko: 1",
        "Skaitytuvas: quick (neįkeltas)",
    ]
