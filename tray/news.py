"""What is worth a notification: the difference between two views, as sentences.

Never one for each file, never while papertray is paused, and only what the settings let through.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from papertray.daemon.errors import PapertrayError
from papertray.daemon.records import DocumentRecord
from papertray.daemon.settings import NotifySettings
from papertray.daemon.status import Activity, Status
from papertray.engine.language import translate, translate_many, translate_sentence
from papertray.engine.printing import replace_unprintable
from papertray.tray.view import TrayView
from papertray.tray.words import HEAD_UNITS, MESSAGE_UNITS, describe_problem, shorten

_SILENT = (Activity.PAUSED, Activity.STOPPED)


@dataclass(frozen=True, slots=True)
class Notification:
    head: str
    message: str


class NotificationReporter:
    """Hands every view on, and what is new since the one before."""

    def __init__(
        self,
        show: Callable[[TrayView], None],
        notify: Callable[[Notification], None],
        settings: Callable[[], NotifySettings],
    ) -> None:
        self._show = show
        self._notify = notify
        self._settings = settings
        self._before = TrayView()

    def report(self, view: TrayView) -> None:
        self._show(view)
        for news in notifications(self._before, view, self._settings()):
            self._notify(news)
        self._before = view


def notifications(before: TrayView, after: TrayView, settings: NotifySettings) -> tuple[Notification, ...]:
    if not (before.status and after.status) or after.status.activity in _SILENT:
        return ()
    kinds = (
        (settings.batch_finished, _batch_finished),
        (settings.document_failed, _document_failed),
        (settings.download_finished, _download_finished),
        (settings.folder_gone, _folder_gone),
    )
    news = (each for enabled, find in kinds if enabled for each in find(before, after))
    return tuple(
        Notification(_cut(each.head, HEAD_UNITS), _cut(each.message, MESSAGE_UNITS)) for each in news
    )


def failure_notification(problem: PapertrayError) -> Notification:
    """What a person asked for in the menu did not work."""
    happened, advice = translate_sentence(problem.sentence), translate_sentence(problem.advice)
    return Notification(_cut(happened, HEAD_UNITS), _cut(advice or happened, MESSAGE_UNITS))


def _batch_finished(before: TrayView, after: TrayView) -> Iterator[Notification]:
    total, failed = _batch(before.status), len(_newly_failed(before, after))
    if _batch(after.status) or total <= failed:
        return
    if total == 1 and after.recent and after.recent[0].note is not None:
        yield Notification(translate("A note is ready"), after.recent[0].note.name)
    else:
        yield Notification(
            translate("All documents are read"),
            translate_many(
                "{count} of {total} became a note.",
                "{count} of {total} became notes.",
                total - failed,
                total=total,
            ),
        )


def _document_failed(before: TrayView, after: TrayView) -> Iterator[Notification]:
    failed = _newly_failed(before, after)
    if len(failed) == 1:
        yield Notification(
            translate("A document has a problem"),
            f"{describe_problem(failed[0])} {translate_sentence(failed[0].advice)}".strip(),
        )
    elif failed:
        yield Notification(
            translate_many("{count} document has a problem", "{count} documents have problems", len(failed)),
            ", ".join(document.path.name for document in failed),
        )


def _newly_failed(before: TrayView, after: TrayView) -> tuple[DocumentRecord, ...]:
    """Those that ended since; an older one may come into view because a newer was forgotten."""
    earlier = {document.id for document in before.failed}
    since = before.status.at if before.status else 0.0
    return tuple(
        document
        for document in after.failed
        if document.id not in earlier and (document.finished or 0.0) > since
    )


def _download_finished(before: TrayView, after: TrayView) -> Iterator[Notification]:
    here = {model.id for model in before.models if model.installed}
    for model in after.models:
        if model.installed and model.id not in here and before.models:
            yield Notification(
                translate("A download is finished"), translate("{title} is here.", title=model.title)
            )


def _folder_gone(before: TrayView, after: TrayView) -> Iterator[Notification]:
    gone = _gone(before.status)
    for folder in _gone(after.status) - gone:
        yield Notification(
            translate("A folder is gone"),
            translate("{folder} cannot be reached. papertray goes on when it is back.", folder=folder),
        )


def _gone(status: Status | None) -> set[str]:
    return {folder.path for folder in status.folders if folder.watch == "gone"} if status else set()


def _batch(status: Status | None) -> int:
    return status.batch_total if status else 0


def _cut(text: str, units: int) -> str:
    return shorten(replace_unprintable(text), units)
