"""The process between papertray and a program of somebody else's, which must not outlive papertray.

Its arguments are the program's command. What the program writes goes where this process's output goes, and
its exit status is this one's. With `TOLD` before the command, the first line of the input is the program's
whole input, and of what it writes only the errors go anywhere. When the input closes, because papertray
closed it or is no more, the program and all that it started are asked to end, and killed when they do not.
Should this process be killed itself, Linux and Windows end the program with it.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence

GRACE = 1.2  # seconds to end by itself; less than `process.ENDING`
NOT_STARTED = 127
TOLD = "--told"
_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG


def main() -> int:
    if sys.platform == "win32":
        from papertray.engine.children import job_object

        job_object.end_together()
    told, command = None, sys.argv[1:]
    if command[:1] == [TOLD]:
        told, command = sys.stdin.buffer.readline(), command[1:]
    try:
        program = _start(command, told=told is not None)
    except OSError as problem:
        sys.stdout.write(f"{problem.strerror or problem}\n")
        return NOT_STARTED
    if told is not None:
        threading.Thread(target=_tell, args=(program, told), name="told", daemon=True).start()
    threading.Thread(target=_end_with_parent, args=(program,), name="input", daemon=True).start()
    status = program.wait()
    _signal_all(program, "SIGKILL")  # what it started and left behind
    return status if status >= 0 else 128 - status


def _start(command: Sequence[str], *, told: bool) -> "subprocess.Popen[bytes]":
    """There is one thread yet, and it is the one that the program dies with."""
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE if told else subprocess.DEVNULL,
        stdout=subprocess.DEVNULL if told else None,
        stderr=sys.stdout.fileno() if told else subprocess.STDOUT,
        env=_environment_of_others(os.environ),
        start_new_session=True,
        preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _tell(program: "subprocess.Popen[bytes]", told: bytes) -> None:
    """It need not listen."""
    assert program.stdin is not None
    with contextlib.suppress(OSError):
        program.stdin.write(told)
    with contextlib.suppress(OSError):
        program.stdin.close()


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)


def _environment_of_others(ours: Mapping[str, str]) -> dict[str, str]:
    """As papertray was given it: without the way to our own modules, or to a bundle's libraries."""
    environment = dict(ours)
    _own, _, rest = environment.pop("PYTHONPATH", "").partition(os.pathsep)
    if rest:
        environment["PYTHONPATH"] = rest
    if getattr(sys, "frozen", False):
        environment.pop("LD_LIBRARY_PATH", None)
        if original := environment.pop("LD_LIBRARY_PATH_ORIG", ""):
            environment["LD_LIBRARY_PATH"] = original
    return environment


def _end_with_parent(program: "subprocess.Popen[bytes]") -> None:
    sys.stdin.buffer.read()
    _signal_all(program, "SIGTERM")
    with contextlib.suppress(subprocess.TimeoutExpired):
        program.wait(GRACE)
    _signal_all(program, "SIGKILL")
    os._exit(0)  # nobody is left to answer; on Windows this ends what is left of it


def _signal_all(program: "subprocess.Popen[bytes]", name: str) -> None:
    """To the program and all that it started: a session of their own."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):
        os.killpg(program.pid, getattr(signal, name))


if __name__ == "__main__":
    ended = main()
    sys.stdout.flush()
    os._exit(ended)  # a thread waits for input, which would hold up an orderly end
