"""Run the command of a rule: no shell, what it is told on its input and in its environment, a time limit.

Its output is dropped, of its errors the last line is kept. It ends with papertray at the latest.
"""

import json
import threading
import time
from collections.abc import Sequence
from pathlib import PurePath

from papertray.daemon.rules.facts import RuleFacts
from papertray.daemon.rules.outcomes import ErrandInterrupted, ErrandOutcome
from papertray.engine.children.kept_program import KeptProgram, find_command
from papertray.engine.children.process import ChildDied, ChildSilent
from papertray.engine.printing import printable

_LOOK = 0.1  # seconds between two looks at whether to stop
_LONGEST_LINE = 200  # letters


def run_for_rule(
    command: Sequence[str], facts: RuleFacts, seconds: float, stop: threading.Event
) -> ErrandOutcome:
    """Raises ErrandInterrupted when `stop` is set before it has ended."""
    name = PurePath(command[0]).name
    program = find_command(command[0])
    if program is None:
        return ErrandOutcome(f"{printable(name)} is not found on this machine.")
    told = json.dumps(dict(facts.values)).encode()
    try:
        with KeptProgram([program, *command[1:]], facts.variables, told) as child:
            return _hear(child, name, seconds, stop)
    except OSError as problem:
        return ErrandOutcome(f"{printable(name)} cannot be started: {problem.strerror}.", again=True)


def _hear(child: KeptProgram, name: str, seconds: float, stop: threading.Event) -> ErrandOutcome:
    """What it says last, until it ends or its time does."""
    until, last = time.monotonic() + seconds, ""
    while True:
        try:
            last = child.receive(_LOOK).decode(errors="replace").strip() or last
        except ChildDied as ended:
            return _outcome(name, ended.status, last)
        except ChildSilent:
            pass
        if stop.is_set():
            raise ErrandInterrupted
        if time.monotonic() > until:
            return ErrandOutcome(f"{printable(name)} took longer than {seconds:g} s and was ended.")


def _outcome(name: str, status: int | None, last: str) -> ErrandOutcome:
    said = f": {printable(last[:_LONGEST_LINE])}" if last else "."
    ending = "ended" if status is None else f"ended with {status}"
    return ErrandOutcome(f"{printable(name)} {ending}{said}", worked=status == 0)
