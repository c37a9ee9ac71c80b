"""Somebody else's server, started on loopback for a test and ended with it."""

import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

PATIENCE = 120.0


@contextmanager
def started(command: Sequence[str], health: str, folder: Path) -> Iterator[None]:
    """Until it answers at `health`; what it says goes into the test's folder, which is also its home."""
    surroundings = {**os.environ, "HOME": str(folder), "HF_HUB_OFFLINE": "1", "HF_HOME": str(folder)}
    surroundings["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # or it asks the network for one
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, env=surroundings)
    try:
        _wait_until_well(server, health, folder / "server.log")
        yield
    finally:
        server.terminate()
        server.wait(30)


def _wait_until_well(server: "subprocess.Popen[bytes]", health: str, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    with httpx.Client(trust_env=False) as client:
        while True:
            assert server.poll() is None, log.read_text(errors="replace")[-2000:]
            assert time.monotonic() < end, log.read_text(errors="replace")[-2000:]
            try:
                if client.get(health).is_success:
                    return
            except httpx.HTTPError:
                time.sleep(0.1)
