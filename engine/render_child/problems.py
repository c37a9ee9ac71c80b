"""Foreign exceptions, raised while a document is opened or drawn, as the refusal each of them means."""

import traceback

from papertray.engine.errors import (
    DiskTrouble,
    RendererOutOfMemory,
    Truncated,
    Unreadable,
)
from papertray.engine.render_child.document import Refusal

CUT_SHORT = ("truncat", "unexpected end", "premature", "end of file", "too short")


def refusal_for(problem: Exception, memory_megabytes: int) -> Refusal:
    """Decoders raise what they like: what is not known better means that the document is damaged."""
    match problem:
        case Refusal():
            return problem
        case MemoryError():
            return Refusal(RendererOutOfMemory, memory_megabytes)
        case FileNotFoundError() | PermissionError():  # of something besides, which is not opened here
            return Refusal(Unreadable)
        case OSError(errno=int(number)):
            return Refusal(DiskTrouble, number)
        case EOFError():
            return Refusal(Truncated)
    words = str(problem).lower()
    return Refusal(Truncated if any(sign in words for sign in CUT_SHORT) else Unreadable)


def raising_place(problem: Exception) -> str:
    """Where it happened, for the debug log: names of code only, for a message could quote the document."""
    trace = traceback.walk_tb(problem.__traceback__)
    steps = traceback.StackSummary.extract(trace, lookup_lines=False)  # whose files may not be opened here
    at = " < ".join(f"{step.name}:{step.lineno}" for step in reversed(steps[-3:]))
    return f"{type(problem).__name__} in {at}"
