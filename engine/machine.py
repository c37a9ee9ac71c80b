"""Look at the machine: what each device is, whether it computes, how much of its memory is free.

The looking is done in a short-lived child process, a device at a time: a driver that hangs or crashes costs
its own device only, torch stays out of an idle daemon, and no thread but the reader's ever touches Metal.
"""

import json
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from queue import Empty, SimpleQueue
from typing import IO

from engine import own_process
from engine.devices import DEVICES
from engine.survey import Facts, Survey, judge

SECONDS = 60.0
"""For one device; the first one also waits until torch is read from the disk."""

COMMAND = own_process.command("engine.probe_child")

Ask = Callable[[Sequence[str]], Iterable[Facts]]


def ask_child(
    names: Sequence[str], seconds: float = SECONDS, command: Sequence[str] = COMMAND
) -> Iterator[Facts]:
    """The facts of each device. One that gives no answer ends the child; those after it get another."""
    waiting = list(names)
    while waiting:
        with subprocess.Popen(
            [*command, *waiting],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for us alone; the child ends with its input
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        ) as child:
            assert child.stdout is not None
            lines: SimpleQueue[bytes] = SimpleQueue()
            pump = threading.Thread(target=_pump, args=(child.stdout, lines), name="probe's ear", daemon=True)
            pump.start()
            try:
                for facts in _answers(lines, tuple(waiting), seconds):
                    waiting.remove(facts.name)
                    yield facts
            finally:
                child.kill()
                pump.join()  # it sees the end of the stream before the stream is closed


def survey(names: Sequence[str] = DEVICES, ask: Ask = ask_child) -> Survey:
    """What every device is good for just now. Takes a few seconds where torch is installed."""
    return Survey(tuple(judge(facts) for facts in ask(names)))


def _pump(stream: IO[bytes], lines: "SimpleQueue[bytes]") -> None:
    for line in stream:
        lines.put(line)
    lines.put(b"")


def _answers(lines: "SimpleQueue[bytes]", names: Sequence[str], seconds: float) -> Iterator[Facts]:
    """What the child tells, up to the device that it has nothing to tell of."""
    for name in names:
        try:
            line = lines.get(timeout=seconds)
        except Empty:
            yield _silent(name, f"It did not answer within {seconds:.0f} seconds.")
            return
        if not line:
            yield _silent(name, "Its driver ended the process that asked.")
            return
        yield _facts(line)


def _facts(line: bytes) -> Facts:
    told = json.loads(line)
    return Facts(**told | {"dtypes": tuple(told["dtypes"]), "native": tuple(told["native"])})


def _silent(name: str, error: str) -> Facts:
    return Facts(name, title=name, torch="unknown", built=True, error=error)
