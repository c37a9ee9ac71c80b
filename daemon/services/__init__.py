"""papertray as a service of a login: a table of systems, and what each makes of the same options."""

import sys
from typing import Protocol

from papertray.daemon.errors import ServiceError
from papertray.daemon.services import launchd, systemd, windows_service, windows_task
from papertray.daemon.services.login import InstallOptions, Login
from papertray.daemon.services.plan import CommandResult, CommandRunner, Plan, RunCommand
from papertray.daemon.services.state import ServiceState


class System(Protocol):
    """What each module of this package that is named after a system offers."""

    def install(self, login: Login, options: InstallOptions, /) -> Plan: ...
    def uninstall(self, login: Login, /) -> Plan: ...
    def start(self, login: Login, /) -> Plan: ...
    def stop(self, login: Login, /) -> Plan: ...
    def look(self, login: Login, run: CommandRunner, /) -> ServiceState: ...
    def explain(self, step: RunCommand, result: CommandResult, /) -> ServiceError: ...


SYSTEMS: dict[str, System] = {"linux": systemd, "darwin": launchd, "win32": windows_task}


def this_system(platform: str = sys.platform, as_service: bool = False) -> System:
    """The one papertray is, or would be, a service of on this machine."""
    if platform == "win32" and (as_service or windows_service.query_service()):
        return windows_service
    if platform not in SYSTEMS:
        raise ServiceError(
            f"papertray cannot make itself a service on this system ({platform}).",
            "Have your init system run `papertray run`; it ends well on SIGTERM.",
        )
    return SYSTEMS[platform]
