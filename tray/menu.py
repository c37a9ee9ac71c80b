"""The menu as a value: what a view shows and what each line asks for. Nothing here acts."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from papertray.daemon.records import Document
from papertray.daemon.status import Activity, Download, State
from papertray.tray.view import Device, Model, View
from papertray.tray.words import fetching, offered, printable, problem_of, shortened, title

AUTO = "auto"
WIDTH = 60  # of a label, so that no name makes the menu as wide as the screen


class Verb(StrEnum):
    DASHBOARD = "dashboard"
    INBOX = "inbox"
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
class Action:
    verb: Verb
    argument: str | float | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One line. Without `action` and `items` it cannot be chosen; an empty label is a separator."""

    label: str
    action: Action | None = None
    items: tuple["Item", ...] = ()
    checked: bool | None = None
    default: bool = False

    @property
    def enabled(self) -> bool:
        return bool(self.action or self.items)


SEPARATOR = Item("")
PAUSES = (
    Item("15 minutes", Action(Verb.PAUSE, 15 * 60.0)),
    Item("1 hour", Action(Verb.PAUSE, 60 * 60.0)),
    Item("Until tomorrow", Action(Verb.PAUSE_UNTIL_MORNING)),
    Item("Until I resume", Action(Verb.PAUSE)),
)
FILES = (Item("Settings file", Action(Verb.SETTINGS)), Item("Logs", Action(Verb.LOGS)))
QUIT = Item("Quit tray", Action(Verb.QUIT))


def menu(view: View) -> tuple[Item, ...]:
    running = view.status is not None and view.status.activity is not Activity.STOPPED
    return tuple(_running(view) if running else _stopped(view))


def _stopped(view: View) -> Iterator[Item]:
    yield Item(title(view.status))
    yield Item("Start papertray", Action(Verb.START), default=True)
    yield Item("Open inbox", Action(Verb.INBOX))
    yield SEPARATOR
    yield from _at_login(view)
    yield from FILES
    yield SEPARATOR
    yield QUIT


def _running(view: View) -> Iterator[Item]:
    yield Item(title(view.status))
    yield Item("Open dashboard", Action(Verb.DASHBOARD), default=True)
    yield Item("Open inbox", Action(Verb.INBOX))
    yield SEPARATOR
    yield _pause(view)
    yield from _choices(view)
    yield SEPARATOR
    yield Item("Recent", items=tuple(_note(document) for document in view.recent))
    yield from _problems(view)
    yield SEPARATOR
    yield from _at_login(view)
    yield from FILES
    yield SEPARATOR
    yield QUIT
    yield Item("Stop papertray", Action(Verb.STOP))


def _pause(view: View) -> Item:
    if view.status is not None and view.status.activity is Activity.PAUSED:
        return Item("Resume", Action(Verb.RESUME))
    return Item("Pause", items=PAUSES)


def _choices(view: View) -> Iterator[Item]:
    devices = tuple(_device(device, view.device) for device in view.devices)
    models = tuple(_model(model, view) for model in view.models)
    yield Item("Device", items=(_automatic(Verb.DEVICE, view.device), *devices) if devices else ())
    yield Item("Model", items=(_automatic(Verb.MODEL, view.model), *models) if models else ())


def _automatic(verb: Verb, chosen: str) -> Item:
    return Item("Automatic", Action(verb, AUTO), checked=chosen == AUTO)


def _device(device: Device, chosen: str) -> Item:
    if not device.usable:
        return Item(_fits(f"{device.name.upper()}: {device.why}"), checked=device.name == chosen)
    row = device.row.removeprefix(device.name).strip()
    label = " ".join(part for part in (device.name.upper(), row) if part)
    return Item(_fits(label), Action(Verb.DEVICE, device.name), checked=device.name == chosen)


def _model(model: Model, view: View) -> Item:
    if model.installed:
        return Item(model.title, Action(Verb.MODEL, model.name), checked=model.name == view.model)
    download = _download(model, view)
    if download is None:
        return Item(offered(model), Action(Verb.DOWNLOAD, model.name))
    stop = Item("Stop the download", Action(Verb.CANCEL_DOWNLOAD, model.name))
    return Item(f"{model.title}: {fetching(download)}", items=(stop,))


def _download(model: Model, view: View) -> Download | None:
    downloads = view.status.downloads if view.status else ()
    return next((download for download in downloads if download.model == model.name), None)


def _note(document: Document) -> Item:
    return Item(_fits((document.note or document.path).name), _look_at(document))


def _look_at(document: Document) -> Action:
    """Its note where it has one, else what the dashboard tells of it."""
    return Action(Verb.NOTE, str(document.note)) if document.note else Action(Verb.DASHBOARD)


def _problems(view: View) -> Iterator[Item]:
    """Nothing where all is well. What to do stands in the dashboard, beside the whole sentence."""
    troubles = view.status.troubles if view.status else ()
    told = [Item(_fits(trouble.sentence), Action(Verb.DASHBOARD)) for trouble in troubles]
    told += [Item(_fits(problem_of(document)), _look_at(document)) for document in view.failed]
    if view.failed:
        told += [SEPARATOR, Item("Read the failed ones again", Action(Verb.RETRY_FAILED))]
    if told:
        yield Item(f"Problems ({_count(view)})", items=tuple(told))


def _count(view: View) -> int:
    """All that failed, not only the newest that are listed."""
    if view.status is None:
        return 0
    failed = sum(view.status.counts.get(state, 0) for state in (State.FAILED, State.PROBLEMS))
    return len(view.status.troubles) + failed


def _at_login(view: View) -> Iterator[Item]:
    if view.at_login is not None:
        yield Item("Start at login", Action(Verb.AT_LOGIN, not view.at_login), checked=view.at_login)


def _fits(text: str) -> str:
    return shortened(printable(text), WIDTH)
