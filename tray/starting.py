"""Start the daemon, now or at login: as the service it is, or else as a process of its own."""

import sys
import time
from pathlib import Path

from papertray.daemon.client import detached
from papertray.daemon.client.running import is_running
from papertray.daemon.places import Places
from papertray.daemon.services import systemd, this_system
from papertray.daemon.services.login import InstallOptions, current_login
from papertray.daemon.services.plan import Plan, carry_out, run_command
from papertray.daemon.services.stopping import end_process, look_at_service


def start_where_none_runs(here: Places) -> None:
    if not is_running(here):
        start(here)


def start(here: Places) -> None:
    service = look_at_service(here)
    if service and service.installed:
        _carry_out(this_system().start(current_login(here)))
    else:
        detached.start_daemon()


def at_login(here: Places) -> bool | None:
    """None where the tray cannot change it. Elsewhere than on Linux, that would end the tray itself."""
    if sys.platform != "linux":
        return None
    service = look_at_service(here)
    return service.enabled if service else Path(systemd.autostart_path(current_login(here))).exists()


def set_at_login(here: Places, on: bool) -> None:
    """A daemon runs before and after, now as a service or no longer as one, where there can be services."""
    if look_at_service(here) is None:
        _carry_out(systemd.tray_at_login(current_login(here), on))
        return
    if not on:
        _carry_out(this_system().uninstall(current_login(here)))
        start_where_none_runs(here)
        return
    end_process(here)
    try:
        _carry_out(this_system().install(current_login(here), InstallOptions()))
    finally:
        start_where_none_runs(here)


def _carry_out(plan: Plan) -> None:
    carry_out(plan, run_command, this_system().explain, lambda: time.sleep(1))
