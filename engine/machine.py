"""Look at the machine: what each device is, whether it computes, how much of its memory is free.

The looking is done in a short-lived child process, a device at a time: a driver that hangs or crashes costs
its own device only, torch stays out of an idle daemon, and no thread but the reader's ever touches Metal.
"""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing.connection import Connection

from engine.devices import DEVICES
from engine.environment import prepare_environment
from engine.probes import found
from engine.survey import Facts, Survey, judge

SECONDS = 60.0
"""For one device; the first one also waits until torch is read from the disk."""

Look = Callable[[str], Facts]
Ask = Callable[[Sequence[str]], Iterable[Facts]]


def ask_child(names: Sequence[str], seconds: float = SECONDS, look: Look = found) -> Iterator[Facts]:
    """The facts of each device. One that gives no answer ends the child; those after it get another."""
    waiting = list(names)
    while waiting:
        here, there = _SPAWNING.Pipe(duplex=False)
        child = _SPAWNING.Process(target=_answer, args=(there, tuple(waiting), look), daemon=True)
        child.start()
        there.close()
        try:
            for facts in _answers(here, tuple(waiting), seconds):
                waiting.remove(facts.name)
                yield facts
        finally:
            child.kill()
            child.join()
            here.close()


def survey(names: Sequence[str] = DEVICES, ask: Ask = ask_child) -> Survey:
    """What every device is good for just now. Takes a few seconds where torch is installed."""
    return Survey(tuple(judge(facts) for facts in ask(names)))


_SPAWNING = multiprocessing.get_context("spawn")


def _answers(pipe: Connection, names: Sequence[str], seconds: float) -> Iterator[Facts]:
    """What the child tells, up to the device that it has nothing to tell of."""
    for name in names:
        try:
            answered = pipe.poll(seconds)
            yield (
                pipe.recv() if answered else _silent(name, f"It did not answer within {seconds:.0f} seconds.")
            )
        except EOFError:
            answered = False
            yield _silent(name, "Its driver ended the process that asked.")
        if not answered:
            return


def _silent(name: str, error: str) -> Facts:
    return Facts(name, title=name, torch="unknown", built=True, error=error)


def _answer(pipe: Connection, names: Sequence[str], look: Look) -> None:
    prepare_environment()
    for name in names:
        pipe.send(look(name))
