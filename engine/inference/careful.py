"""A reader that runs out of memory, or out of range, and goes on: it steps down the ladder, a rung at a time.

Wraps any large reader. What ran out is closed and its memory given back before the next rung is loaded.
`rung` says what was given up, for the status and the note. A page that no rung can hold fails in a sentence.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from papertray.engine.devices.ladder import Rung, next_rung, wider_rung
from papertray.engine.devices.memory import drop_frames, free_memory, is_out_of_memory
from papertray.engine.devices.rows import DeviceRow
from papertray.engine.errors import ReaderError
from papertray.engine.inference.finite import NumbersOverflowed
from papertray.engine.page_flow import FlowReader, PageFlow, PageRequest, read_flow, read_in_turns
from papertray.engine.pages import PageImage, PageText, Reader, ReaderIdentity, Watch

T = TypeVar("T")


class MemoryRanOut(ReaderError):
    def __init__(self, row: DeviceRow) -> None:
        super().__init__(
            f"The memory ran out on {row}, and there is nothing left to give up.",
            "Close other programs, choose a smaller model, or use the quick reader: `papertray model quick`.",
        )


class CarefulReader:
    """`rows` are those that would do, best first: `engine.devices.rows.candidates` gives them."""

    def __init__(
        self,
        load: Callable[[DeviceRow], Reader],
        rows: Sequence[DeviceRow],
        release: Callable[[str], None] = free_memory,
    ) -> None:
        self._load = load
        self._rows = tuple(rows)
        self._release = release
        self._rung: Rung
        self._reader: Reader | None = None
        self._load_at(Rung(self._rows[0]))

    @property
    def identity(self) -> ReaderIdentity:
        """Of the reader that was loaded last. Asked by other threads too, so nothing is loaded for it."""
        return self._identity

    @property
    def batch(self) -> int:
        return self._rung.pages

    @property
    def row(self) -> DeviceRow:
        return self._rung.row

    @property
    def why(self) -> str:
        """The reason for the row, and against better ones."""
        return self._rung.row.reason

    @property
    def rung(self) -> str:
        """What was given up, or nothing."""
        return self._rung.given_up

    def read(self, pages: Sequence[PageImage], watch: Watch) -> list[PageText]:
        texts: list[PageText] = []
        while len(texts) < len(pages):
            some = pages[len(texts) : len(texts) + self.batch]
            overflowed, more = False, None
            try:
                more = _unless_memory_runs_out(self._open().read, some, watch.from_page(len(texts)))
            except NumbersOverflowed as problem:
                drop_frames(problem)
                overflowed = True
            if overflowed:
                self._step_to_more_range()
            elif more is None:
                self._step_down()
            else:
                texts += more
        return texts

    def read_flow(self, flow: PageFlow) -> None:
        """Pages that a fault befell together are read again on the next rung, each for itself."""
        if not isinstance(self._open(), FlowReader):
            read_in_turns(self, flow)
            return
        unread: deque[PageRequest] = deque()
        while True:
            again = bool(unread)
            part = _PartOfFlow(flow, unread, 1 if again else self.batch)
            read_flow(self._open(), part)
            if not part.faulty:
                if not again:
                    return
                continue
            unread.extendleft(reversed(part.faulty))
            try:
                (self._step_to_more_range if part.overflowed else self._step_down)()
            except ReaderError as problem:
                if len(part.faulty) == 1:
                    flow.fail(unread.popleft(), problem)

    def close(self) -> None:
        if self._reader is not None:
            self._reader.close()
        self._reader = None
        self._release(self.row.device)

    def _open(self) -> Reader:
        """The reader, also after a rung that could not be loaded."""
        return self._reader or self._load_at(self._rung)

    def _step_down(self) -> None:
        rung = self._below(self._rung, loaded=True)
        if rung.row == self._rung.row:
            self._release(rung.row.device)
            self._rung = rung
            return
        self.close()
        self._load_at(rung)

    def _step_to_more_range(self) -> None:
        wider = wider_rung(self._rung, self._rows)
        if wider is None:
            raise NumbersOverflowed(str(self._rung.row))
        self.close()
        self._load_at(wider)

    def _load_at(self, rung: Rung) -> Reader:
        self._rung, self._reader = self._load_or_descend(rung)
        self._identity = self._reader.identity
        return self._reader

    def _load_or_descend(self, rung: Rung) -> tuple[Rung, Reader]:
        """This rung loaded, or the first below it that can be."""
        while True:
            self._release(rung.row.device)
            reader = _unless_memory_runs_out(self._load, rung.row)
            if reader is not None:
                return replace(rung, pages=min(rung.pages or reader.batch, reader.batch)), reader
            rung = self._below(rung, loaded=False)

    def _below(self, rung: Rung, loaded: bool) -> Rung:
        below = next_rung(rung, self._rows, loaded)
        if below is None:
            raise MemoryRanOut(rung.row)
        return below


class _PartOfFlow:
    """At most so many at a time, and no more after a fault; where pages are unread, these and no others."""

    def __init__(self, flow: PageFlow, unread: deque[PageRequest], most: int) -> None:
        self._flow = flow
        self._unread = unread
        self._again = bool(unread)
        self._most = most
        self._in_hand = 0
        self.faulty: list[PageRequest] = []
        self.overflowed = False

    def take(self) -> PageRequest | None:
        if self.faulty or self._in_hand >= self._most:
            return None
        if self._again:
            request = self._unread.popleft() if self._unread else None
        else:
            request = self._flow.take()
        self._in_hand += request is not None
        return request

    def answer(self, request: PageRequest, text: PageText) -> None:
        self._in_hand -= 1
        self._flow.answer(request, text)

    def fail(self, request: PageRequest, problem: Exception) -> None:
        self._in_hand -= 1
        self.overflowed = self.overflowed or isinstance(problem, NumbersOverflowed)
        if isinstance(problem, NumbersOverflowed) or is_out_of_memory(problem):
            drop_frames(problem)
            self.faulty.append(request)
        else:
            self._flow.fail(request, problem)


def _unless_memory_runs_out(work: Callable[..., T], *arguments: Any) -> T | None:
    """None when memory ran out, and nothing that the work left behind is held any longer."""
    try:
        return work(*arguments)
    except Exception as problem:
        if not is_out_of_memory(problem):
            raise
        drop_frames(problem)
    return None
