"""Pages that are read together are shown one by one."""

import threading
from collections.abc import Sequence
from pathlib import Path

from papertray.engine.errors import Cancelled
from papertray.engine.page_flow import PageFlow, PageRequest
from papertray.engine.pages import PageImage, PageText, Watch
from tests.desks import draw, draw_pages, running, until
from tests.fakes import InstantReader, OneReader


class Together(InstantReader):
    """Tells how far it is with each page, and waits."""

    def __init__(self) -> None:
        super().__init__(batch=4)
        self.seen = threading.Event()

    def read(self, pages: Sequence[PageImage], watch: Watch) -> list[PageText]:
        for place in range(len(pages)):
            watch.of_page(place).progress(10 + place)
        if len(pages) > 1:
            assert self.seen.wait(60)
        return super().read(pages, watch)


def test_each_page_in_hand_shows_its_own_tokens(tmp_path: Path) -> None:
    reader = Together()
    with running(tmp_path / "inbox", OneReader(reader)) as desk:
        draw_pages(desk.inbox / "book.pdf", "book", 5)
        told = [10, 11, 12, 13]
        until(lambda: [page.tokens for page in desk.client.status().reading] == told, "tokens of four pages")
        reader.seen.set()
        assert desk.ends("book.pdf") == {"book.pdf": "done"}


class OneStays(InstantReader):
    """Keeps the first page in hand until it is released, and answers those that come meanwhile."""

    def __init__(self) -> None:
        super().__init__(batch=2)
        self.stays, self.released = threading.Event(), threading.Event()

    def read_flow(self, flow: PageFlow) -> None:
        first = flow.take()
        if first is None:
            return
        self.stays.set()
        while not self.released.is_set():
            if (request := flow.take()) is None:
                self.released.wait(0.02)
            else:
                flow.answer(request, self.read([request.page], request.watch)[0])
        flow.answer(first, self.read([first.page], first.watch)[0])


def test_a_document_that_comes_while_a_page_is_in_hand_is_read_and_put_in_place_beside_it(
    tmp_path: Path,
) -> None:
    reader = OneStays()
    with running(tmp_path / "inbox", OneReader(reader)) as desk:
        draw_pages(desk.inbox / "book.pdf", "book", 3)
        until(reader.stays.is_set, "the first page")
        draw(desk.inbox / "letter.png", "letter")
        draw(desk.inbox / "the same.png", "letter")
        assert desk.note("letter.md") == desk.note("the same.md")
        until(lambda: [page.page for page in desk.client.status().reading] == [1], "one page in hand")
        assert reader.read_pages == 3  # two of the book, and one of the two letters
        reader.released.set()
        assert desk.ends("book.pdf") == {"book.pdf": "done"}


class TwoStay(InstantReader):
    """Keeps two pages in hand until the first is given up, then answers the other."""

    def __init__(self) -> None:
        super().__init__(batch=2)
        self.stay = threading.Event()

    def read_flow(self, flow: PageFlow) -> None:
        requests: list[PageRequest] = []
        while len(requests) < 2:
            requests += filter(None, [flow.take()])
        self.stay.set()
        first, second = requests
        until(lambda: first.watch.cancelled, "giving up the first")
        flow.fail(first, Cancelled())
        flow.answer(second, self.read([second.page], second.watch)[0])


def test_a_page_that_nobody_waits_for_is_given_up_alone(tmp_path: Path) -> None:
    reader = TwoStay()
    with running(tmp_path / "inbox", OneReader(reader)) as desk:
        draw(desk.inbox / "first.png", "first")
        until(desk.client.documents, "the first document")
        draw(desk.inbox / "second.png", "second")
        until(reader.stay.is_set, "two pages in hand")
        desk.client.forget(1)
        assert desk.ends("second.png") == {"second.png": "done"}
