"""All that the icon and its menu are made of, as one value: what the daemon told at some moment."""

from dataclasses import dataclass

from papertray.daemon.records import DocumentRecord
from papertray.daemon.status import Status


@dataclass(frozen=True, slots=True)
class Device:
    """`row` is how a model would run on it; where it cannot be used, `why` says so."""

    name: str
    row: str = ""
    usable: bool = True
    why: str = ""


@dataclass(frozen=True, slots=True)
class Model:
    """`size` is what its download has, in bytes; 0 for the reader that is always here."""

    name: str
    title: str
    size: int = 0
    installed: bool = False


@dataclass(frozen=True, slots=True)
class TrayView:
    """Without `status` no daemon answers, and the rest is what was last known.

    `device` and `model` are the choices in the settings. `recent` and `failed` are the newest documents
    first. `at_login` is None where nothing can be started at login.
    """

    status: Status | None = None
    devices: tuple[Device, ...] = ()
    device: str = "auto"
    models: tuple[Model, ...] = ()
    model: str = "auto"
    recent: tuple[DocumentRecord, ...] = ()
    failed: tuple[DocumentRecord, ...] = ()
    at_login: bool | None = None
