"""Stop the daemon, as the service it is or as a process of its own. It gives back what it has in hand."""

import os
import signal
import time
from contextlib import suppress

from papertray.daemon.client.running import is_running, read_status
from papertray.daemon.errors import CannotStop, ServiceError, StillRunning
from papertray.daemon.places import Places
from papertray.daemon.services import this_system
from papertray.daemon.services.login import current_login
from papertray.daemon.services.plan import carry_out, run_command
from papertray.daemon.services.state import ServiceState

END_SECONDS = 10.0  # a daemon that is asked to end does so within five
POLL_EVERY = 0.2


def stop_daemon(here: Places) -> bool:
    """Whether one ran. A service stays stopped until the next login, or until somebody starts it."""
    if not is_running(here):
        return False
    service = look_at_service(here)
    if service and service.running:
        system = this_system()
        carry_out(system.stop(current_login(here)), run_command, system.explain, lambda: time.sleep(1))
    if is_running(here):  # that service may be another home's
        end_process(here)
    return True


def look_at_service(here: Places) -> ServiceState | None:
    """How the service stands; None where there can be none."""
    with suppress(ServiceError):
        return this_system().look(current_login(here), run_command)
    return None


def end_process(here: Places) -> None:
    """Ask the daemon's process to end, and wait until it has."""
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
