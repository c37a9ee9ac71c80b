"""A call of SQLite on the journal's own files fails, or the daemon dies in it, from arrival to archive.

strace has it fail in a whole daemon. Whatever it was: after the next start each scan has one note and lies in
the archive, and what is forgotten then stays forgotten.
"""

import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from papertray.daemon.client.client import Client
from papertray.daemon.places import Places
from tests.desks import draw, until
from tests.faults.lives import Lives, Yard, lives
from tests.faults.torture import TORTURE


def can_trace() -> bool:
    """Containers may forbid it, and other systems have none."""
    strace = shutil.which("strace") if sys.platform == "linux" else None
    return (
        strace is not None and subprocess.run([strace, "-o", os.devnull, "true"], check=False).returncode == 0
    )


pytestmark = pytest.mark.skipif(not can_trace(), reason="strace is not installed, or may not trace here")

CALLS = ("openat", "pread64", "pwrite64", "fdatasync", "ftruncate", "unlink")
FAULTS = ("error=EIO", "error=ENOSPC", "signal=SIGKILL")
OCCASIONS = (1, 2, 3, 5, 8, 13, 21, 34) if TORTURE else (2,)
STEP = 1 if TORTURE else 5
PATIENCE = 15.0  # seconds that a hurt daemon may take before it is killed


def client_of(yard: Yard) -> Client:
    return Client(Places(*(yard.home / name for name in ("config", "state", "logs", "cache"))))


def is_done(yard: Yard, names: set[str]) -> bool:
    """Every scan has its note, and lies in the archive alone."""
    notes = {path.stem for path in yard.inbox.glob("*.md")}
    archived = {path.stem for path in (yard.root / "archive").glob("*.png")}
    return notes == archived == names and not list(yard.inbox.glob("*.png"))


def under_strace(yard: Yard, call: str, fault: str, occasion: int) -> tuple[str, ...]:
    journal = yard.home / "state" / "journal.sqlite3"
    files = [word for piece in ("", "-wal", "-shm") for word in ("-P", f"{journal}{piece}")]
    inject = ("-e", f"trace={call}", "-e", f"inject={call}:{fault}:when={occasion}")
    return ("strace", "-f", "-qq", "-o", "/dev/null", *files, *inject)


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("case", list(itertools.product(CALLS, FAULTS, OCCASIONS))[::STEP])
def test_no_call_of_sqlite_that_fails_or_is_the_last_loses_anything(
    case: tuple[str, str, int], tmp_path: Path
) -> None:
    yard = Yard(tmp_path)
    yard.inbox.mkdir()
    yard.folder.write_text(json.dumps({"archive": str(tmp_path / "archive")}))
    names = {"one", "two", "three"}
    scans = {draw(yard.inbox / f"{name}.png", name).read_bytes() for name in names}
    with lives(yard, *under_strace(yard, *case)) as hurt:
        live_on(yard, hurt, names)
    with lives(yard) as whole, client_of(yard) as client:
        process = whole.start()
        until(lambda: is_done(yard, names), f"every note after {case}", 120)
        client.forget(client.documents()[0].id)
        until(lambda: len(client.documents()) == len(names) - 1, "the forgetting")
        whole.kill(process)
    assert {path.read_bytes() for path in (tmp_path / "archive").glob("*.png")} == scans
    assert is_done(yard, names)


def live_on(yard: Yard, hurt: Lives, names: set[str]) -> None:
    """Until all is done, or it can do no more; then it is killed."""
    process = hurt.start()
    here = Path(f"/proc/{process}/exe")
    with suppress(AssertionError):
        until(lambda: is_done(yard, names) or not here.exists(), "it", PATIENCE)
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    until(lambda: not here.exists(), "its end")
