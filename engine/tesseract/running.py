"""Run a program of the system's on untrusted pixels: bytes in, bytes out, and limits on what it may take.

No shell, no file, nothing of our environment but the way to its libraries. Linux holds it to memory and
processor time and lets it write no file; elsewhere the clock alone does. It ends with the answer, with the
time that it has, or as soon as nobody wants the answer any more.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Sequence

from papertray.engine.errors import Cancelled
from papertray.engine.pages import Watch

MEGABYTES = 1536
SECONDS = 60.0
GLANCE = 0.1  # seconds between two looks at the watch
KEPT = ("PATH", "TESSDATA_PREFIX", "SYSTEMROOT", "TEMP", "TMP")


def run_limited(command: Sequence[str], given: bytes, watch: Watch, seconds: float = SECONDS) -> bytes | None:
    """What it wrote, or None where it failed, whatever the reason."""
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # it may quote what it reads
            env=_environment(),
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError:
        return None
    _limit(process.pid)
    finished = threading.Event()
    threading.Thread(target=_end_if_cancelled, args=(process, finished, watch), daemon=True).start()
    try:
        written, _ = process.communicate(given, timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return None
    finally:
        finished.set()
    if watch.cancelled:
        raise Cancelled
    return written if process.returncode == 0 else None


def _end_if_cancelled(process: subprocess.Popen[bytes], finished: threading.Event, watch: Watch) -> None:
    while not finished.wait(GLANCE):
        if watch.cancelled:
            process.kill()


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {**kept, "OMP_THREAD_LIMIT": "1"}


def _limit(process: int) -> None:
    """It waits for its pixels meanwhile."""
    if sys.platform != "linux":
        return
    import resource

    with contextlib.suppress(OSError, ValueError):  # it has ended, or the system limits it further already
        resource.prlimit(process, resource.RLIMIT_AS, (MEGABYTES << 20, MEGABYTES << 20))
        resource.prlimit(process, resource.RLIMIT_CPU, (int(SECONDS), int(SECONDS)))
        resource.prlimit(process, resource.RLIMIT_CORE, (0, 0))
        resource.prlimit(process, resource.RLIMIT_FSIZE, (0, 0))
