"""What is told in a notification, and what is not."""

import pytest

from papertray.daemon.errors import PapertrayError
from papertray.daemon.settings import NotifySettings
from papertray.daemon.status import Activity, FolderStatus
from papertray.tray.news import Notification, NotificationReporter, failure_notification, notifications
from papertray.tray.view import TrayView
from tests.tray.views import MODELS, NOON, document, model, noted, view

ALL = NotifySettings()
WORKING = view(Activity.WORKING, batch_done=11, batch_total=12)
LOCKED = document(3, "locked.pdf", sentence="locked.pdf needs a password.", advice="Drop an unlocked copy.")
HERE = (model("deepseek-ocr-2", "DeepSeek-OCR 2", installed=True), *MODELS[1:])
GONE = (FolderStatus("/share/scans", "gone"),)
WATCHED = (FolderStatus("/share/scans", "native"),)

CASES = [
    (
        "batch_finished",
        WORKING,
        view(recent=(noted(12),)),
        Notification("All documents are read", "12 of 12 became notes."),
    ),
    (
        "batch_finished",
        view(Activity.WORKING, batch_total=1),
        view(recent=(noted(1, "letter.pdf"),)),
        Notification("A note is ready", "letter.md"),
    ),
    (
        "document_failed",
        view(),
        view(failed=(LOCKED,)),
        Notification("A document has a problem", "locked.pdf needs a password. Drop an unlocked copy."),
    ),
    (
        "document_failed",
        view(),
        view(failed=(LOCKED, document(4, "b.pdf"))),
        Notification("2 documents have problems", "locked.pdf, b.pdf"),
    ),
    (
        "download_finished",
        view(),
        TrayView(view().status, models=HERE),
        Notification("A download is finished", "DeepSeek-OCR 2 is here."),
    ),
    (
        "folder_gone",
        view(folders=WATCHED),
        view(folders=GONE),
        Notification(
            "A folder is gone", "/share/scans cannot be reached. papertray goes on when it is back."
        ),
    ),
]


@pytest.mark.parametrize(("setting", "before", "after", "news"), CASES)
def test_what_is_worth_it_is_told_unless_the_settings_say_no(
    setting: str, before: TrayView, after: TrayView, news: Notification
) -> None:
    assert notifications(before, after, ALL) == (news,)
    assert notifications(before, after, NotifySettings(**{setting: False})) == ()
    assert notifications(after, after, ALL) == ()


@pytest.mark.parametrize(("setting", "before", "after", "news"), CASES)
def test_while_paused_nothing_is_told(
    setting: str, before: TrayView, after: TrayView, news: Notification
) -> None:
    paused = TrayView(
        view(Activity.PAUSED).status, models=after.models, failed=after.failed, recent=after.recent
    )
    assert notifications(before, paused, ALL) == ()


@pytest.mark.parametrize(("setting", "before", "after", "news"), CASES)
def test_what_happened_before_the_tray_was_there_is_no_news(
    setting: str, before: TrayView, after: TrayView, news: Notification
) -> None:
    assert notifications(TrayView(), after, ALL) == ()
    assert notifications(before, TrayView(), ALL) == ()


def test_one_file_of_many_is_not_told() -> None:
    next_one = view(Activity.WORKING, batch_done=12, batch_total=13, recent=(noted(12),))
    assert notifications(WORKING, next_one, ALL) == ()


def test_a_batch_of_which_nothing_became_a_note_is_told_as_a_failure_alone() -> None:
    before, after = view(Activity.WORKING, batch_total=1), view(failed=(LOCKED,))
    assert [news.head for news in notifications(before, after, ALL)] == ["A document has a problem"]


def test_an_old_failure_that_comes_into_view_is_no_news() -> None:
    old = document(3, finished=NOON - 3600)
    assert notifications(view(), view(failed=(old,)), ALL) == ()


def test_a_download_that_was_stopped_is_not_finished() -> None:
    assert notifications(view(), view(), ALL) == ()


def test_notifications_are_short_enough_for_windows() -> None:
    long = document(3, "x" * 400, sentence="x" * 400, advice="y" * 400)
    (news,) = notifications(view(), view(failed=(long,)), ALL)
    assert (len(news.head) <= 63, len(news.message)) == (True, 255)


def test_what_failed_is_told_with_what_to_do() -> None:
    assert failure_notification(PapertrayError("The disk is full.", "Make room.")) == Notification(
        "The disk is full.", "Make room."
    )
    assert failure_notification(PapertrayError("It is gone.")).message == "It is gone."


def test_the_reporter_shows_every_view_and_tells_what_is_new() -> None:
    shown: list[TrayView] = []
    told: list[Notification] = []
    reporter = NotificationReporter(shown.append, told.append, lambda: ALL)
    views = [view(), view(failed=(LOCKED,)), view(failed=(LOCKED,))]
    for each in views:
        reporter.report(each)
    assert shown == views
    assert len(told) == 1
