"""The process that Windows starts for `papertray service install --as-service`.

Answers the service control manager, and meanwhile is the daemon. Needs pywin32, which is
for Windows alone.
"""

import sys
import threading
from functools import partial
from typing import Any

import servicemanager
import win32service
import win32serviceutil

from papertray.daemon.errors import ServiceError
from papertray.daemon.places import find_places
from papertray.daemon.reading.readers import EngineReaderSource
from papertray.daemon.services.windows_service import NAME
from papertray.daemon.start import load_settings_and_log, run_daemon

STOPPING_TAKES = 10_000  # milliseconds that Windows is asked to wait


class PapertrayService(win32serviceutil.ServiceFramework):  # type: ignore[misc]  # pywin32 has no types
    _svc_name_ = NAME
    _svc_display_name_ = "papertray"

    def __init__(self, words: Any) -> None:
        super().__init__(words)
        self._stop = threading.Event()

    def SvcStop(self) -> None:  # pywin32 calls it so
        self.ReportServiceStatus(win32service.SERVICE_STOP_PENDING, waitHint=STOPPING_TAKES)
        self._stop.set()

    def SvcShutdown(self) -> None:
        self.SvcStop()

    def SvcDoRun(self) -> None:
        """An error ends the service as failed; Windows then starts it again, as `sc.exe failure` told it."""
        here = find_places()
        load = partial(load_settings_and_log, here)
        run_daemon(here, EngineReaderSource(here), load, lambda _status: None, self._stop)


def host_service() -> None:
    if len(sys.argv) > 1:
        raise ServiceError("This is started by Windows alone.", "Use `papertray service`.")
    servicemanager.Initialize()
    servicemanager.PrepareToHostSingle(PapertrayService)
    servicemanager.StartServiceCtrlDispatcher()


if __name__ == "__main__":
    host_service()
