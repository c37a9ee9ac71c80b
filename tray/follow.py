"""Follow the daemon for as long as the tray lives: every status becomes a view.

A daemon that is lost is looked for again, for ever.

Runs in a thread of its own and never touches the icon: `show` takes the views from here.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from papertray.daemon.errors import PapertrayError
from papertray.daemon.status import DocumentState, Status
from papertray.tray.daemon import Daemon
from papertray.tray.view import TrayView

WAITS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)  # seconds before it is looked for again, the last for ever
LISTED = 10


def follow_daemon(
    daemon: Daemon,
    show: Callable[[TrayView], None],
    at_login: Callable[[], bool | None],
    wait: Callable[[float], bool],
    view: TrayView = TrayView(),
) -> None:
    """`wait` is for so many seconds, or until the tray ends; it tells whether that came.

    `view` is what is known before.
    """
    tries, ended = 0, False
    while not ended:
        try:
            for latest in _views(daemon, view, at_login):
                view, tries = latest, 0
                show(view)
        except PapertrayError:
            pass  # it is not there, or no longer: the icon says so
        view = replace(view, status=None)
        show(view)
        ended = wait(WAITS[min(tries, len(WAITS) - 1)])
        tries += 1


def _views(daemon: Daemon, view: TrayView, at_login: Callable[[], bool | None]) -> Iterator[TrayView]:
    """One for each status. Lists are asked for only when they may have changed; the first does not wait."""
    for status in daemon.events():
        before, view = view.status, replace(view, status=status)
        if before is None:
            yield view
        if before is None or before.counts != status.counts:
            view = _with_documents(daemon, view)
        if before is None or _steering(before) != _steering(status):
            view = replace(_with_choices(daemon, view), at_login=at_login())
        yield view


def _steering(status: Status) -> tuple[object, ...]:
    """A trouble that comes or goes may be about a model that is here now, or was deleted."""
    return status.reader, status.device, status.troubles, tuple(one.model for one in status.downloads)


def _with_documents(daemon: Daemon, view: TrayView) -> TrayView:
    return replace(
        view,
        recent=tuple(daemon.documents((DocumentState.DONE, DocumentState.PROBLEMS), LISTED)),
        failed=tuple(daemon.documents((DocumentState.FAILED, DocumentState.PROBLEMS), LISTED)),
    )


def _with_choices(daemon: Daemon, view: TrayView) -> TrayView:
    devices, models = daemon.devices(), daemon.models()
    return replace(
        view, device=devices.chosen, devices=devices.devices, model=models.chosen, models=models.data
    )
