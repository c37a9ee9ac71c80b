"""Pages that come while others are being read: each is taken as soon as a reader has room for it.

A reader asks a flow for the next page and tells it what became of each. One that reads a fixed number of
pages together takes them in turns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from papertray.engine.errors import Cancelled, ReaderAway
from papertray.engine.pages import PageImage, PageText, Reader, Watch


@dataclass(frozen=True, slots=True, eq=False)
class PageRequest:
    """One page to be read, and how its reading is followed and stopped."""

    page: PageImage
    watch: Watch


class PageFlow(Protocol):
    """Called from the reader's thread only. `take` gives None while there is none, and may be asked again.

    Every page that was taken is answered or failed, unless the reader raises.
    """

    def take(self) -> PageRequest | None: ...
    def answer(self, request: PageRequest, text: PageText) -> None: ...
    def fail(self, request: PageRequest, problem: Exception) -> None: ...


@runtime_checkable
class FlowReader(Protocol):
    """A reader that takes the next page while it reads others, until the flow has none and all are read."""

    def read_flow(self, flow: PageFlow) -> None: ...


def read_flow(reader: Reader, flow: PageFlow) -> None:
    """Raises `ReaderAway` where nobody is there to read; what was not answered by then was not read."""
    if isinstance(reader, FlowReader):
        reader.read_flow(flow)
    else:
        read_in_turns(reader, flow)


def read_in_turns(reader: Reader, flow: PageFlow) -> None:
    """As many pages as it likes at once, and when all of them are read, the next."""
    while requests := _take(flow, reader.batch):
        _read_turn(reader, flow, requests)


def _take(flow: PageFlow, most: int) -> list[PageRequest]:
    requests: list[PageRequest] = []
    while len(requests) < most and (request := flow.take()) is not None:
        requests.append(request)
    return requests


def _read_turn(reader: Reader, flow: PageFlow, requests: Sequence[PageRequest]) -> None:
    """Together, or each for itself when something is wrong with one of them."""
    each = tuple(request.watch for request in requests)
    watch = each[0] if len(each) == 1 else Watch(each[0].cancel, each[0].progress, each)
    try:
        texts = reader.read([request.page for request in requests], watch)
    except ReaderAway:
        raise
    except Exception as problem:
        if len(requests) == 1 or isinstance(problem, Cancelled):
            for request in requests:
                flow.fail(request, problem)
        else:
            for request in requests:
                _read_turn(reader, flow, [request])
    else:
        for request, text in zip(requests, texts, strict=True):
            flow.answer(request, text)


class PageList:
    """A flow of pages that are all there: `texts` gives what was read, in their order."""

    def __init__(self, pages: Sequence[PageImage], watch: Watch) -> None:
        self._requests = [PageRequest(page, watch.of_page(number)) for number, page in enumerate(pages)]
        self._waiting = list(reversed(self._requests))
        self._texts: dict[PageRequest, PageText] = {}
        self._problems: dict[PageRequest, Exception] = {}

    def take(self) -> PageRequest | None:
        return self._waiting.pop() if self._waiting else None

    def answer(self, request: PageRequest, text: PageText) -> None:
        self._texts[request] = text

    def fail(self, request: PageRequest, problem: Exception) -> None:
        self._problems[request] = problem

    def texts(self) -> list[PageText]:
        """The first fault is raised, once all have come to their ends."""
        for request in self._requests:
            if request in self._problems:
                raise self._problems[request]
        return [self._texts[request] for request in self._requests]
