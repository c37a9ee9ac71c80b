"""Look at the machine: what each device is, whether it computes, how much of its memory is free.

The looking is done in a short-lived child process, a device at a time: a driver that hangs or crashes costs
its own device only, torch stays out of an idle daemon, and no thread but the reader's ever touches Metal.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence

from papertray.engine.children.command import module_command
from papertray.engine.children.process import ChildDied, ChildProcess, ChildSilent, read_line
from papertray.engine.devices.rows import DEVICES
from papertray.engine.devices.survey import DeviceFacts, Survey, judge_device

SECONDS = 60.0
"""For one device; the first one also waits until torch is read from the disk."""

COMMAND = module_command("papertray.engine.devices.probe_child")

Ask = Callable[[Sequence[str]], Iterable[DeviceFacts]]


def probe_in_child(
    names: Sequence[str], seconds: float = SECONDS, command: Sequence[str] = COMMAND
) -> Iterator[DeviceFacts]:
    """The facts of each device. One that gives no answer ends the child; those after it get another."""
    waiting = list(names)
    while waiting:
        with ChildProcess([*command, *waiting], read_line) as child:
            for facts in _answers(child, tuple(waiting), seconds):
                waiting.remove(facts.name)
                yield facts


def survey_machine(names: Sequence[str] = DEVICES, ask: Ask = probe_in_child) -> Survey:
    """What every device is good for just now. Takes a few seconds where torch is installed."""
    return Survey(tuple(judge_device(facts) for facts in ask(names)))


def _answers(child: ChildProcess[bytes], names: Sequence[str], seconds: float) -> Iterator[DeviceFacts]:
    """What the child tells, up to the device that it has nothing to tell of."""
    for name in names:
        try:
            facts = _parse_facts(child.receive(seconds))
        except (ChildSilent, ChildDied) as problem:
            silent = f"It did not answer within {seconds:.0f} seconds."
            ended = "Its driver ended the process that asked."
            yield _no_facts(name, silent if isinstance(problem, ChildSilent) else ended)
            return
        yield facts


def _parse_facts(line: bytes) -> DeviceFacts:
    values = json.loads(line)
    return DeviceFacts(**values | {name: tuple(values[name]) for name in ("dtypes", "native", "lacks")})


def _no_facts(name: str, error: str) -> DeviceFacts:
    return DeviceFacts(name, title=name, torch="unknown", built=True, error=error)
