"""Follow the daemon for as long as the tray lives: every status becomes a view.

A daemon that is lost is looked for again, for ever.

Runs in a thread of its own and never touches the icon: `seen` takes the views from here.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from papertray.daemon.errors import PapertrayError
from papertray.daemon.status import DocumentState, Status
from papertray.tray.daemon import DaemonClient
from papertray.tray.view import Device, Model, TrayView

WAITS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)  # seconds before it is looked for again, the last for ever
LISTED = 10


@dataclass(frozen=True, slots=True)
class Following:
    """`wait` is for so many seconds, or until the tray ends; it tells whether that came."""

    connect: Callable[[], DaemonClient]
    seen: Callable[[TrayView], None]
    at_login: Callable[[], bool | None]
    wait: Callable[[float], bool]


def follow_daemon(following: Following) -> None:
    view, tries, ended = TrayView(), 0, False
    while not ended:
        try:
            with following.connect() as daemon:
                for status in daemon.events():
                    tries = 0
                    view = _looked(daemon, status, view, following)
        except PapertrayError:
            pass  # it is not there, or no longer: the icon says so
        view = replace(view, status=None)
        following.seen(view)
        ended = following.wait(WAITS[min(tries, len(WAITS) - 1)])
        tries += 1


def _looked(daemon: DaemonClient, status: Status, before: TrayView, following: Following) -> TrayView:
    """The next view. Lists are asked for only when they may have changed; the first status does not wait."""
    view = replace(before, status=status)
    if before.status is None:
        following.seen(view)
    if before.status is None or before.status.counts != status.counts:
        view = _with_documents(daemon, view)
    if before.status is None or _steering(before.status) != _steering(status):
        view = replace(_with_choices(daemon, view), at_login=following.at_login())
    following.seen(view)
    return view


def _steering(status: Status) -> tuple[object, ...]:
    return status.reader, status.device, tuple(download.model for download in status.downloads)


def _with_documents(daemon: DaemonClient, view: TrayView) -> TrayView:
    return replace(
        view,
        recent=tuple(daemon.documents((DocumentState.DONE, DocumentState.PROBLEMS), LISTED)),
        failed=tuple(daemon.documents((DocumentState.FAILED, DocumentState.PROBLEMS), LISTED)),
    )


def _with_choices(daemon: DaemonClient, view: TrayView) -> TrayView:
    devices, models = daemon.devices(), daemon.models()
    return replace(
        view,
        device=devices["chosen"],
        devices=tuple(map(_device, devices["devices"])),
        model=models["chosen"],
        models=tuple(map(_model, models["data"])),
    )


def _device(told: dict[str, Any]) -> Device:
    return Device(told["name"], told["row"], told["usable"], told["why"])


def _model(told: dict[str, Any]) -> Model:
    return Model(told["id"], told["title"], told["size"], told["installed"])
