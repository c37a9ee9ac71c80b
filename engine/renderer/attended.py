"""Keep a child at work: start one when it is needed, replace one that died or hung, say whose fault it was.

One question is with the child at a time, so a death costs exactly the document that was being asked about.
Used by one thread; `give_up` alone may be called from others.
"""

import os
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from papertray.engine import errors
from papertray.engine.documents import DocumentLimits
from papertray.engine.render_child import frames
from papertray.engine.render_child.confine import OUT_OF_MEMORY
from papertray.engine.renderer.child import Child, ChildDied, ChildHung
from papertray.engine.renderer.replies import parse_problem

T = TypeVar("T")

OUT_OF_MEMORY_STATUSES = frozenset({OUT_OF_MEMORY, -getattr(signal, "SIGKILL", 9)})
"""Ended by itself, or by the kernel, or by somebody outside where the kernel says that it was not the one."""

_VMSTAT = Path("/proc/vmstat")  # where Linux counts, among much else, what it killed for lack of memory
_FROM_OUTSIDE = frozenset(-getattr(signal, name, signal.SIGTERM) for name in ("SIGTERM", "SIGINT", "SIGHUP"))


class AttendedChild:
    """A child that is there whenever it is asked."""

    def __init__(self, command: Sequence[str], limits: DocumentLimits) -> None:
        self._command = command
        self._limits = limits
        self._child: Child | None = None
        self._served: Path | None = None
        self._given_up = False
        self._kernel_kills: int | None = None

    def ask(self, path: Path, page: int | None, understood: Callable[[frames.Header, bytearray], T]) -> T:
        """Ask for an outline or a page, as `understood` makes it of the answer; DocumentError says why not.

        A death is held against the document only if the child had touched no other: what an earlier one
        left broken in its memory, or a signal meant for somebody else, costs a second try and nothing more.
        """
        had_served_another = self._child is not None and self._served != path
        try:
            return self._ask(path, page, understood)
        except (errors.RendererCrashed, errors.RendererOutOfMemory, errors.RendererStopped) as death:
            self.end()
            if not (had_served_another or isinstance(death, errors.RendererStopped)):
                raise
            return self._ask(path, page, understood)

    def give_up(self) -> None:
        """End the child at once, for good. Whoever waits for an answer gets an error."""
        self._given_up = True
        if child := self._child:
            child.kill()

    def end(self) -> None:
        if self._child:
            self._child.end()
            self._child = None

    def _ask(self, path: Path, page: int | None, understood: Callable[[frames.Header, bytearray], T]) -> T:
        child = self._child or self._started(path)
        self._served = path
        request = {"path": os.fsencode(path.absolute()).hex(), "page": page}
        try:
            header, body = child.ask(request, self._limits.seconds_a_page)
            problem = parse_problem(header, path)
            if problem is None:
                return understood(header, body)
        except ChildHung:
            self.end()
            raise errors.RendererTimedOut(path, self._limits.seconds_a_page) from None
        except (ChildDied, frames.BrokenFrame, LookupError, TypeError, ValueError) as death:
            self.end()
            raise self._blame(path, death) from death
        raise problem

    def _started(self, path: Path) -> Child:
        try:
            self._kernel_kills = _kernel_kills()
            self._child = Child(self._command, self._limits)
            if self._given_up:
                self._child.kill()
            self._child.greet()
        except (ChildDied, ChildHung, OSError) as problem:
            self.end()
            raise errors.RendererUnavailable(path) from problem
        return self._child

    def _was_stopped(self, status: int | None) -> bool:
        """By a signal that no document causes; nor did the kernel lack memory."""
        if status in _FROM_OUTSIDE:
            return True
        killed = status == -getattr(signal, "SIGKILL", 9)
        return killed and self._kernel_kills is not None and self._kernel_kills == _kernel_kills()

    def _blame(self, path: Path, death: Exception) -> errors.DocumentError:
        if isinstance(death, ChildDied) and self._was_stopped(death.status):
            return errors.RendererStopped(path)
        if isinstance(death, ChildDied) and death.status in OUT_OF_MEMORY_STATUSES:
            return errors.RendererOutOfMemory(path, self._limits.memory_megabytes)
        return errors.RendererCrashed(path)


def _kernel_kills() -> int | None:
    """How many processes the kernel has ended for lack of memory; None where it does not say."""
    try:
        counts = dict(line.split() for line in _VMSTAT.read_text().splitlines())
        return int(counts["oom_kill"])
    except (OSError, ValueError, KeyError):
        return None
