"""Look at the machine: what each device is, whether it computes, how much of its memory is free.

The looking is done in a short-lived child process, a device at a time: a driver that hangs or crashes costs
its own device only, torch stays out of an idle daemon, and no thread but the reader's ever touches Metal.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence

from papertray.engine.children import own_process
from papertray.engine.children.answering import Answering, answering
from papertray.engine.devices.rows import DEVICES
from papertray.engine.devices.survey import DeviceFacts, Survey, judge_device

SECONDS = 60.0
"""For one device; the first one also waits until torch is read from the disk."""

COMMAND = own_process.command("papertray.engine.devices.probe_child")

Ask = Callable[[Sequence[str]], Iterable[DeviceFacts]]


def probe_in_child(
    names: Sequence[str], seconds: float = SECONDS, command: Sequence[str] = COMMAND
) -> Iterator[DeviceFacts]:
    """The facts of each device. One that gives no answer ends the child; those after it get another."""
    waiting = list(names)
    while waiting:
        with answering([*command, *waiting]) as child:
            for facts in _answers(child, tuple(waiting), seconds):
                waiting.remove(facts.name)
                yield facts


def survey_machine(names: Sequence[str] = DEVICES, ask: Ask = probe_in_child) -> Survey:
    """What every device is good for just now. Takes a few seconds where torch is installed."""
    return Survey(tuple(judge_device(facts) for facts in ask(names)))


def _answers(child: Answering, names: Sequence[str], seconds: float) -> Iterator[DeviceFacts]:
    """What the child tells, up to the device that it has nothing to tell of."""
    for name in names:
        line = child.line(seconds)
        if not line:
            ended = "Its driver ended the process that asked."
            yield _silent(name, f"It did not answer within {seconds:.0f} seconds." if line is None else ended)
            return
        yield _facts(line)


def _facts(line: bytes) -> DeviceFacts:
    told = json.loads(line)
    return DeviceFacts(**told | {"dtypes": tuple(told["dtypes"]), "native": tuple(told["native"])})


def _silent(name: str, error: str) -> DeviceFacts:
    return DeviceFacts(name, title=name, torch="unknown", built=True, error=error)
