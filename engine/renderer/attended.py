"""Keep a child at work: start one when it is needed, replace one that died or hung, say whose fault it was.

One question is with the child at a time, so a death costs exactly the document that was being asked about.
Used by one thread; `give_up` alone may be called from others.
"""

import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from papertray.engine import errors
from papertray.engine.beneath import Source, open_source
from papertray.engine.children.process import ChildDied, ChildSilent
from papertray.engine.documents import DocumentLimits
from papertray.engine.render_child import frames
from papertray.engine.render_child.confine import OUT_OF_MEMORY
from papertray.engine.renderer.child import RenderChild
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
        self._child: RenderChild | None = None
        self._last_path: Path | None = None
        self._given_up = False
        self._kernel_kills: int | None = None

    def ask(
        self,
        source: Source,
        page: int | None,
        parse: Callable[[frames.Header, bytearray], T],
        *,
        look: bool = False,
        more: frames.Header | None = None,
        seconds: float | None = None,
    ) -> T:
        """Ask for an outline or a page, as `parse` makes it of the answer; DocumentError says why not.

        `look` is content with what is written on the page, where something is. `more` goes along with what
        is asked; another sort of child may have other `seconds` than a page has.

        A death is held against the document only if the child had touched no other: what an earlier one
        left broken in its memory, or a signal meant for somebody else, costs a second try and nothing more.
        """
        had_another_before = self._child is not None and self._last_path != source.path
        request = {"name": source.path.name, "page": page, "look": look, **(more or {})}
        try:
            return self._ask(source, request, parse, seconds)
        except (errors.RendererCrashed, errors.RendererOutOfMemory, errors.RendererStopped) as death:
            self.end()
            if not (had_another_before or isinstance(death, errors.RendererStopped)):
                raise
            return self._ask(source, request, parse, seconds)

    def give_up(self) -> None:
        """End the child at once, for good. Whoever waits for an answer gets an error."""
        self._given_up = True
        if child := self._child:
            child.kill()

    def end(self) -> None:
        if self._child:
            self._child.end()
            self._child = None

    def _ask(
        self,
        source: Source,
        request: frames.Header,
        parse: Callable[[frames.Header, bytearray], T],
        seconds: float | None,
    ) -> T:
        path, seconds = source.path, seconds or self._limits.seconds_a_page
        child = self._child or self._start(path)
        self._last_path = path
        try:
            with open_source(source) as descriptor:
                header, body = child.ask(request, descriptor, seconds)
            problem = parse_problem(header, path)
            if problem is None:
                return parse(header, body)
        except ChildSilent:
            self._end_at_once()
            raise errors.RendererTimedOut(path, seconds) from None
        except (ChildDied, frames.BrokenFrame, LookupError, TypeError, ValueError) as death:
            self.end()
            raise self._blame(path, death) from death
        raise problem

    def _start(self, path: Path) -> RenderChild:
        try:
            self._kernel_kills = _kernel_kills()
            child = self._child = RenderChild(self._command, self._limits)
            if self._given_up:
                child.kill()
            child.wait_until_ready()
        except (ChildDied, ChildSilent, OSError) as problem:
            self._end_at_once()
            raise errors.RendererUnavailable(path) from problem
        return child

    def _end_at_once(self) -> None:
        if self._child:
            self._child.kill()
        self.end()

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
