"""Pages that are read together are shown one by one."""

import threading
from collections.abc import Sequence
from pathlib import Path

from papertray.engine.pages import PageImage, PageText, Watch
from tests.desks import draw_pages, running, until
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
