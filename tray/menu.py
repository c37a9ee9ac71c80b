"""The menu as a value: what a view shows and what each line asks for. Nothing here acts."""

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from papertray.daemon.choices import DeviceChoice, ModelChoice
from papertray.daemon.records import DocumentRecord
from papertray.daemon.status import Activity, DocumentState, DownloadProgress
from papertray.engine.language import translatable, translate, translate_sentence
from papertray.engine.printing import replace_unprintable
from papertray.tray.view import TrayView
from papertray.tray.words import (
    describe_download,
    describe_errands,
    describe_merits,
    describe_model,
    describe_problem,
    icon_title,
    shorten,
)

AUTO = "auto"
WIDTH = 60  # of a label, so that no name makes the menu as wide as the screen


class MenuVerb(StrEnum):
    DASHBOARD = "dashboard"
    INBOX = "inbox"
    ADD_FILES = "add files"
    ADD_CLIPBOARD = "add what is on the clipboard"
    ADD_SCREEN = "add a part of the screen"
    PAUSE = "pause"
    PAUSE_UNTIL_MORNING = "pause until morning"
    RESUME = "resume"
    DEVICE = "device"
    MODEL = "model"
    DOWNLOAD = "download"
    CANCEL_DOWNLOAD = "cancel download"
    NOTE = "note"
    RETRY_FAILED = "retry failed"
    AT_LOGIN = "at login"
    SETTINGS = "settings"
    LOGS = "logs"
    START = "start"
    STOP = "stop"
    QUIT = "quit"


@dataclass(frozen=True, slots=True)
class MenuAction:
    verb: MenuVerb
    argument: str | float | None = None


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One line. Without `action` and `items` it cannot be chosen; an empty label is a separator."""

    label: str
    action: MenuAction | None = None
    items: tuple["MenuItem", ...] = ()
    checked: bool | None = None
    default: bool = False

    @property
    def enabled(self) -> bool:
        return bool(self.action or self.items)


SEPARATOR = MenuItem("")
PAUSES = (
    (translatable("15 minutes"), MenuAction(MenuVerb.PAUSE, 15 * 60.0)),
    (translatable("1 hour"), MenuAction(MenuVerb.PAUSE, 60 * 60.0)),
    (translatable("Until tomorrow"), MenuAction(MenuVerb.PAUSE_UNTIL_MORNING)),
    (translatable("Until I resume"), MenuAction(MenuVerb.PAUSE)),
)
FILES = (
    (translatable("Settings file"), MenuAction(MenuVerb.SETTINGS)),
    (translatable("Logs"), MenuAction(MenuVerb.LOGS)),
)


def build_menu(view: TrayView) -> tuple[MenuItem, ...]:
    running = view.status is not None and view.status.activity is not Activity.STOPPED
    return tuple(_running(view) if running else _stopped(view))


def _stopped(view: TrayView) -> Iterator[MenuItem]:
    yield MenuItem(_fit(icon_title(view.status)))
    yield MenuItem(translate("Start papertray"), MenuAction(MenuVerb.START), default=True)
    yield MenuItem(translate("Open inbox"), MenuAction(MenuVerb.INBOX))
    yield SEPARATOR
    yield from _at_login(view)
    yield from _lines(FILES)
    yield SEPARATOR
    yield MenuItem(translate("Quit tray"), MenuAction(MenuVerb.QUIT))


def _running(view: TrayView) -> Iterator[MenuItem]:
    yield MenuItem(_fit(icon_title(view.status)))
    yield MenuItem(translate("Open dashboard"), MenuAction(MenuVerb.DASHBOARD), default=True)
    yield MenuItem(translate("Open inbox"), MenuAction(MenuVerb.INBOX))
    if view.can_choose_files:
        yield MenuItem(translate("Add files…"), MenuAction(MenuVerb.ADD_FILES))
    if view.can_paste:
        yield MenuItem(translate("Add what is on the clipboard"), MenuAction(MenuVerb.ADD_CLIPBOARD))
    if view.can_cut_screen:
        yield MenuItem(translate("Add a part of the screen…"), MenuAction(MenuVerb.ADD_SCREEN))
    yield SEPARATOR
    yield _pause(view)
    yield from _choices(view)
    yield SEPARATOR
    yield MenuItem(translate("Recent"), items=tuple(_note(document) for document in view.recent))
    yield from _problems(view)
    yield SEPARATOR
    yield from _at_login(view)
    yield from _lines(FILES)
    yield SEPARATOR
    yield MenuItem(translate("Quit tray"), MenuAction(MenuVerb.QUIT))
    yield MenuItem(translate("Stop papertray"), MenuAction(MenuVerb.STOP))
    if view.status is not None and view.status.version:
        yield MenuItem(f"papertray {view.status.version}")


def _pause(view: TrayView) -> MenuItem:
    if view.status is not None and view.status.activity is Activity.PAUSED:
        return MenuItem(translate("Resume"), MenuAction(MenuVerb.RESUME))
    return MenuItem(translate("Pause"), items=tuple(_lines(PAUSES)))


def _choices(view: TrayView) -> Iterator[MenuItem]:
    devices = tuple(_device(device, view.device) for device in view.devices)
    models = tuple(_model(model, view) for model in view.models)
    yield MenuItem(
        translate("Device"), items=(_automatic(MenuVerb.DEVICE, view.device), *devices) if devices else ()
    )
    about = MenuItem(translate("What they are good at"), items=tuple(map(_about, view.models)))
    yield MenuItem(
        translate("Model"),
        items=(_automatic(MenuVerb.MODEL, view.model), *models, SEPARATOR, about) if models else (),
    )


def _lines(lines: Iterable[tuple[str, MenuAction]]) -> Iterator[MenuItem]:
    return (MenuItem(translate(label), action) for label, action in lines)


def _automatic(verb: MenuVerb, chosen: str) -> MenuItem:
    return MenuItem(translate("Automatic"), MenuAction(verb, AUTO), checked=chosen == AUTO)


def _device(device: DeviceChoice, chosen: str) -> MenuItem:
    if not device.usable:
        return MenuItem(
            _fit(f"{device.name.upper()}: {translate_sentence(device.why)}"), checked=device.name == chosen
        )
    row = device.row.removeprefix(device.name).strip()
    label = " ".join(part for part in (device.name.upper(), translate_sentence(row)) if part)
    return MenuItem(_fit(label), MenuAction(MenuVerb.DEVICE, device.name), checked=device.name == chosen)


def _model(model: ModelChoice, view: TrayView) -> MenuItem:
    if model.installed:
        return MenuItem(
            _fit(translate(model.title)), MenuAction(MenuVerb.MODEL, model.id), checked=model.id == view.model
        )
    download = _download(model, view)
    if download is None:
        return MenuItem(_fit(describe_model(model)), MenuAction(MenuVerb.DOWNLOAD, model.id))
    stop = MenuItem(translate("Stop the download"), MenuAction(MenuVerb.CANCEL_DOWNLOAD, model.id))
    return MenuItem(_fit(f"{model.title}: {describe_download(download)}"), items=(stop,))


def _about(model: ModelChoice) -> MenuItem:
    """What the catalogue says of it, in lines that tell and do nothing."""
    lines = [_fit(line) for said in describe_merits(model) for line in textwrap.wrap(said, WIDTH)]
    return MenuItem(_fit(translate(model.title)), items=tuple(MenuItem(line) for line in lines))


def _download(model: ModelChoice, view: TrayView) -> DownloadProgress | None:
    downloads = view.status.downloads if view.status else ()
    return next((download for download in downloads if download.model == model.id), None)


def _note(document: DocumentRecord) -> MenuItem:
    return MenuItem(_fit((document.note or document.path).name), _open_document(document))


def _open_document(document: DocumentRecord) -> MenuAction:
    """Its note where it has one, else what the dashboard tells of it."""
    return MenuAction(MenuVerb.NOTE, str(document.note)) if document.note else MenuAction(MenuVerb.DASHBOARD)


def _problems(view: TrayView) -> Iterator[MenuItem]:
    """Nothing where all is well. What to do stands in the dashboard, beside the whole sentence."""
    troubles = view.status.troubles if view.status else ()
    items = [
        MenuItem(_fit(translate_sentence(trouble.sentence)), MenuAction(MenuVerb.DASHBOARD))
        for trouble in troubles
    ]
    if view.status and view.status.errands_unfinished:
        items.append(MenuItem(_fit(describe_errands(view.status)), MenuAction(MenuVerb.DASHBOARD)))
    items += [
        MenuItem(_fit(describe_problem(document)), _open_document(document)) for document in view.failed
    ]
    if view.failed:
        items += [
            SEPARATOR,
            MenuItem(translate("Read the failed ones again"), MenuAction(MenuVerb.RETRY_FAILED)),
        ]
    if items:
        yield MenuItem(translate("Problems ({count})", count=_count(view)), items=tuple(items))


def _count(view: TrayView) -> int:
    """All that failed, not only the newest that are listed."""
    if view.status is None:
        return 0
    failed = sum(view.status.counts.get(state, 0) for state in (DocumentState.FAILED, DocumentState.PROBLEMS))
    return len(view.status.troubles) + view.status.errands_unfinished + failed


def _at_login(view: TrayView) -> Iterator[MenuItem]:
    if view.at_login is not None:
        other = MenuAction(MenuVerb.AT_LOGIN, not view.at_login)
        yield MenuItem(translate("Start at login"), other, checked=view.at_login)


def _fit(text: str) -> str:
    return shorten(replace_unprintable(text), WIDTH)
