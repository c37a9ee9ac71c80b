"""The Windows service as its control manager drives it: pywin32 played by three small modules."""

import importlib
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from loguru import logger

from papertray.daemon.client.client import Client
from papertray.daemon.places import find_places
from papertray.daemon.services.windows_service import NAME
from tests.desks import until


class Framework:
    """What `win32serviceutil.ServiceFramework` does for a service, as far as ours asks."""

    def __init__(self, words: Any) -> None:
        self.reported: list[int] = []

    def ReportServiceStatus(self, state: int, waitHint: int = 5000) -> None:
        self.reported.append(state)


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name, content in (
        ("servicemanager", {}),
        ("win32service", {"SERVICE_STOP_PENDING": 3}),
        ("win32serviceutil", {"ServiceFramework": Framework}),
    ):
        module = ModuleType(name)
        vars(module).update(content)
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.delitem(sys.modules, "papertray.daemon.services.windows_host", raising=False)
    yield importlib.import_module("papertray.daemon.services.windows_host")
    logger.remove()  # it began a log of its own


def test_the_service_is_the_daemon_until_windows_stops_it(
    host: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here = find_places()
    here.make()
    (tmp_path / "inbox").mkdir()
    here.settings_file.write_text(
        f'[[folders]]\npath = "{(tmp_path / "inbox").as_posix()}"\n', encoding="utf-8"
    )
    service = host.PapertrayService([NAME])
    work = threading.Thread(target=service.SvcDoRun, daemon=True)
    work.start()
    with Client(here) as client:
        until(lambda: client.status().pid, "the daemon's status")
        service.SvcStop()
        work.join(20)
        assert not work.is_alive()
        assert service.reported == [3]
        assert not client.running()
