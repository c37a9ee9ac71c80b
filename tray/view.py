"""All that the icon and its menu are made of, as one value: what the daemon told at some moment."""

from dataclasses import dataclass

from papertray.daemon.choices import DeviceChoice, ModelChoice
from papertray.daemon.records import DocumentRecord
from papertray.daemon.status import Status


@dataclass(frozen=True, slots=True)
class TrayView:
    """Without `status` no daemon answers, and the rest is what was last known.

    `device` and `model` are the choices in the settings. `recent` and `failed` are the newest documents
    first. `at_login` is None where nothing can be started at login. What this system has a tool for can be
    added to the inbox: chosen files, a picture on the clipboard, a part of the screen.
    """

    status: Status | None = None
    devices: tuple[DeviceChoice, ...] = ()
    device: str = "auto"
    models: tuple[ModelChoice, ...] = ()
    model: str = "auto"
    recent: tuple[DocumentRecord, ...] = ()
    failed: tuple[DocumentRecord, ...] = ()
    at_login: bool | None = None
    can_choose_files: bool = False
    can_paste: bool = False
    can_cut_screen: bool = False
