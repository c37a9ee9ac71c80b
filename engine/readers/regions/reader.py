"""A reader that reads pages region by region: regions of several pages at once, each asked for what it is.

The layout model looks at a page when there is room for its regions. They are cut out of the page as it was
drawn, so small print stays as large as it is. A page in which next to nothing was found is read as a whole.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Protocol

import numpy as np
from PIL import Image

from papertray.engine.devices.memory import is_out_of_memory
from papertray.engine.inference.model_reader import ModelReader
from papertray.engine.inference.readings import Attempt, ask_until_good
from papertray.engine.inference.together import PagesTogether, PageWay
from papertray.engine.layout.ink import is_blank_page
from papertray.engine.page_flow import PageFlow, PageList, PageRequest
from papertray.engine.pages import Box, PageImage, PageText, ReaderIdentity, Watch
from papertray.engine.readers.regions.choosing import Region, choose_regions
from papertray.engine.readers.regions.cutting import covered_ink
from papertray.engine.readers.regions.open_page import WHOLE_PAGE, OpenPage

SHEET = Box(0.0, 0.0, 1.0, 1.0)
LEAST_COVERED = 0.5
"""Of the ink: where the regions hold less, the layout model has not understood the page."""
WELL_COVERED = 0.9
"""Of the ink: where they hold less, the note says that something may be missing."""
PARTLY_COVERED = (
    "A part of this page lies outside the texts, tables and pictures that were found on it: words may be "
    'missing here. With `engine.mode = "page"` it is read as a whole.'
)


class RegionFinder(Protocol):
    """Says where the regions of a page are, in reading order. `close` gives its memory back."""

    def find(self, page: Image.Image, watch: Watch) -> list[Region]: ...
    def close(self) -> None: ...


@dataclass(slots=True)
class RegionsReader:
    """`attempts` are the ways to ask for each element; a region whose element is not there is a picture."""

    model: ModelReader
    layout: RegionFinder
    attempts: Mapping[str, tuple[Attempt, ...]]
    room: int = field(init=False)

    def __post_init__(self) -> None:
        self.room = self.model.batch

    @property
    def identity(self) -> ReaderIdentity:
        return self.model.identity

    @property
    def batch(self) -> int:
        return self.model.batch

    @property
    def why(self) -> str:
        return self.model.why

    @property
    def rung(self) -> str:
        return self.model.rung

    def read(self, pages: Sequence[PageImage], watch: Watch) -> list[PageText]:
        flow = PageList(pages, watch)
        self.read_flow(flow)
        return flow.texts()

    def read_flow(self, flow: PageFlow) -> None:
        """The next page is looked at when the regions of those before have all begun."""
        together = PagesTogether(self.model.decoder, self.model.costs, self.room)
        ask = replace(self.model, say=together.ask).ask
        waiting: deque[tuple[OpenPage, int]] = deque()

        def next_way() -> PageWay | None:
            while True:
                while waiting:
                    page, number = waiting.popleft()
                    if not page.ended:
                        go = partial(ask_until_good, *page.question(number, self.attempts), ask)
                        return PageWay(go, partial(self._take, page, number))
                if (request := flow.take()) is None:
                    return None
                if (opened := self._open(flow, request)) is not None:
                    waiting.extend((opened, number) for number in opened.asked)

        together.run(next_way)

    def close(self) -> None:
        self.model.close()
        self.layout.close()

    def _open(self, flow: PageFlow, request: PageRequest) -> "OpenPage | None":
        """None where there is nothing to ask: the page is answered already."""
        try:
            page = replace(request.page, picture=request.page.image.convert("RGB"))
            grey = np.asarray(page.image.convert("L"))
            if is_blank_page(grey):
                flow.answer(request, PageText(blocks=(), blank=True))
                return None
            found = self.layout.find(page.image, request.watch)
            regions = choose_regions(found, *page.image.size)
            covered = covered_ink(grey, found)
            if not regions or covered < LEAST_COVERED:
                regions, covered = [Region(WHOLE_PAGE, SHEET)], 1.0
            opened = OpenPage(flow, request, page, regions, self.model, self.attempts.keys())
            if covered < WELL_COVERED:
                opened.warnings.append(PARTLY_COVERED)
        except Exception as problem:
            flow.fail(request, problem)
            return None
        if not opened.asked:
            opened.answer()
            return None
        return opened

    def _take(self, page: "OpenPage", number: int, read: Future[Any]) -> None:
        problem = read.exception()
        if problem is None:
            page.take(number, read.result())
        elif isinstance(problem, Exception):
            if is_out_of_memory(problem):
                self.room = 1
            page.fail(problem)
        else:
            raise problem
