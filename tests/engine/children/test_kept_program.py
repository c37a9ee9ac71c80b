"""A program of somebody else's: it runs as if started by hand, and never outlives papertray."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from papertray.engine.children.kept_program import KEEPER, KeptProgram
from papertray.engine.children.process import ChildDied
from tests.desks import until

PATIENCE = 60.0
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="looks at processes as POSIX has them")

FAMILY = """
import subprocess, sys, time
below = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(below.pid, flush=True)
time.sleep(600)
"""
PAPERTRAY = f"""
import os, sys, time
from papertray.engine.children.kept_program import KeptProgram
program = KeptProgram((sys.executable, "-c", {FAMILY!r}))
print(int(program.receive(60)), flush=True)
time.sleep(600)
"""


def python(script: str) -> tuple[str, ...]:
    return (sys.executable, "-c", script)


def is_running(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def heard(program: KeptProgram) -> tuple[str, int | None]:
    """All that it writes, and its status."""
    lines = []
    try:
        while True:
            lines.append(program.receive(PATIENCE).decode())
    except ChildDied as death:
        return "".join(lines), death.status


def test_what_it_writes_is_heard_with_its_errors_and_its_status() -> None:
    script = "import os, sys; print('out'); sys.stdout.flush(); print('err', file=sys.stderr); sys.exit(3)"
    with KeptProgram(python(script)) as program:
        assert heard(program) == ("out\nerr\n", 3)
    with KeptProgram(python("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")) as program:
        assert heard(program) == ("", 128 + signal.SIGKILL)
    with KeptProgram(("/no/such/program",)) as program:
        assert heard(program) == ("No such file or directory\n", 127)


def test_it_gets_the_environment_without_our_own_modules_and_nothing_to_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONPATH", "/theirs")
    script = "import os, sys; print(os.environ['PYTHONPATH'], os.environ['HOME'], repr(sys.stdin.read()))"
    with KeptProgram(python(script)) as program:
        assert heard(program) == (f"/theirs {os.environ['HOME']} ''\n", 0)


def test_one_that_is_told_something_reads_it_and_is_heard_by_its_errors_alone() -> None:
    script = "import os, sys; print('out'); print(os.environ['FACT'], sys.stdin.read(), file=sys.stderr)"
    with KeptProgram(python(script), {"FACT": "seven"}, b'{"id": 7}') as program:
        assert heard(program) == ('seven {"id": 7}\n\n', 0)
    with KeptProgram(python("pass"), told=b"x" * 1_000_000) as program:
        assert heard(program) == ("", 0), "it need not listen"


def test_it_is_asked_to_end_before_it_is_made_to(tmp_path: Path) -> None:
    script = f"""
import signal, sys, pathlib, time
signal.signal(signal.SIGTERM, lambda *_: (pathlib.Path({str(tmp_path / "away")!r}).touch(), sys.exit()))
print("ready", flush=True)
time.sleep(600)
"""
    with KeptProgram(python(script)) as program:
        program.receive(PATIENCE)
    assert (tmp_path / "away").exists()


def test_all_of_it_ends_when_papertray_is_killed() -> None:
    papertray = subprocess.Popen(python(PAPERTRAY), stdout=subprocess.PIPE)
    try:
        assert papertray.stdout is not None
        lowest = int(papertray.stdout.readline())
        program = psutil.Process(lowest).parent()
        assert program is not None
    finally:
        papertray.kill()
        papertray.communicate()
    until(lambda: not is_running(lowest), "the end of what the program started")
    until(lambda: not is_running(program.pid), "the end of the program")


@pytest.mark.skipif(sys.platform != "linux", reason="only there and on Windows a kernel sees to it")
def test_it_ends_when_its_keeper_is_killed() -> None:
    with KeptProgram(python("import os, time; print(os.getpid(), flush=True); time.sleep(600)")) as program:
        pid = int(program.receive(PATIENCE))
        keeper = psutil.Process(pid).parent()
        assert keeper is not None
        assert KEEPER in keeper.cmdline()
        keeper.kill()
        until(lambda: not is_running(pid), "the end of the program")
