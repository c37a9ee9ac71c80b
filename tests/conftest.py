"""What holds for every test: no network beyond this machine, nothing of the home of whoever runs it."""

import gc
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.offline import sitecustomize

os.environ["OMP_WAIT_POLICY"] = "PASSIVE"  # before onnxruntime or torch start threads that would spin
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # begun in the background: children would be deaf to it
    signal.signal(signal.SIGINT, signal.default_int_handler)


settings.register_profile(
    "papertray", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)  # on a busy machine nothing is a fault but what is wrong
settings.load_profile("papertray")


def pytest_collection_finish() -> None:
    """What the imports of all tests left is looked through once, not by every collection of garbage."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def offline_children() -> Iterator[None]:
    """What a test starts stays on this machine as the tests themselves do: see `tests/offline`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(sitecustomize.__file__).parent), prepend=os.pathsep)
        yield


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new home and a new PAPERTRAY_HOME for each test, beside its tmp_path, not in it."""
    home = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.startswith(("PAPERTRAY_", "XDG_CONFIG", "XDG_DATA"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.setenv("PAPERTRAY_HOME", str(home / "papertray"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")  # whoever runs the tests, they are in English
    return home
