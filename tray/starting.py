"""Start and stop the daemon, now or at login: as the service it is, or else as a process of its own."""

import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

from papertray.daemon.client import detached
from papertray.daemon.client.running import is_running, read_status
from papertray.daemon.errors import ServiceError
from papertray.daemon.places import Places
from papertray.daemon.services import systemd, this_system
from papertray.daemon.services.login import InstallOptions, current_login
from papertray.daemon.services.plan import Plan, carry_out, run_command
from papertray.daemon.services.state import ServiceState
from papertray.tray.errors import CannotStop, StillRunning

END_SECONDS = 10.0  # seconds; a daemon that is asked to end does so within five
POLL_EVERY = 0.2


def start_where_none_runs(here: Places) -> None:
    if not is_running(here):
        start(here)


def start(here: Places) -> None:
    service = _service(here)
    if service and service.installed:
        _carry_out(this_system().start(current_login(here)))
    else:
        detached.start_daemon()


def stop(here: Places) -> None:
    """It gives the page in flight back and ends; the tray stays."""
    service = _service(here)
    if service and service.running:
        _carry_out(this_system().stop(current_login(here)))
    else:
        _end(here)


def at_login(here: Places) -> bool | None:
    """None where the tray cannot change it. Elsewhere than on Linux, that would end the tray itself."""
    if sys.platform != "linux":
        return None
    service = _service(here)
    return service.enabled if service else Path(systemd.autostart_path(current_login(here))).exists()


def set_at_login(here: Places, on: bool) -> None:
    """A daemon runs before and after, now as a service or no longer as one, where there can be services."""
    if _service(here) is None:
        _carry_out(systemd.tray_at_login(current_login(here), on))
        return
    if not on:
        _carry_out(this_system().uninstall(current_login(here)))
        start_where_none_runs(here)
        return
    _end(here)
    try:
        _carry_out(this_system().install(current_login(here), InstallOptions()))
    finally:
        start_where_none_runs(here)


def _end(here: Places) -> None:
    process = read_status(here).pid
    if not process:
        return
    try:
        os.kill(process, signal.SIGTERM)
    except OSError as problem:
        raise CannotStop(problem) from None
    deadline = time.monotonic() + END_SECONDS
    while is_running(here):
        if time.monotonic() > deadline:
            raise StillRunning
        time.sleep(POLL_EVERY)


def _service(here: Places) -> ServiceState | None:
    """How the service stands; None where there can be none."""
    with suppress(ServiceError):
        return this_system().look(current_login(here), run_command)
    return None


def _carry_out(plan: Plan) -> None:
    carry_out(plan, run_command, this_system().explain, lambda: time.sleep(1))
