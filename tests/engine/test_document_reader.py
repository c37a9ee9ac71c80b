"""One document read here and now, by the real renderer and a reader that answers at once."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from PIL import Image

from papertray.engine.document_reader import Document, DocumentReader
from papertray.engine.errors import Cancelled, DocumentError, NoSuchFile, ReaderAway, ReaderError
from papertray.engine.markdown import FailedPage
from papertray.engine.pages import Block, BlockKind, Figure, PageImage, PageText, ReaderIdentity, Watch
from papertray.engine.renderer import Renderer
from tests.desks import draw_pages
from tests.fakes import InstantReader, text_of

HASH_OF_WHITE = text_of(PageImage(Image.new("RGB", (30, 20), "white")))


class Loads:
    """Loads a reader, and counts."""

    def __init__(self, reader: InstantReader) -> None:
        self.reader = reader
        self.count = 0

    def __call__(self) -> InstantReader:
        self.count += 1
        return self.reader


@pytest.fixture
def renderer() -> Iterator[Renderer]:
    with Renderer() as renderer:
        yield renderer


def test_every_page_is_read_in_order_and_progress_is_told(renderer: Renderer, tmp_path: Path) -> None:
    loads = Loads(InstantReader())
    progress: list[tuple[int, int]] = []
    book = draw_pages(tmp_path / "book.pdf", "book", 3)
    document = DocumentReader(renderer, loads).read(book, progress=lambda *pages: progress.append(pages))
    assert (document.kind, len(document.pages), document.failed_pages) == ("pdf", 3, ())
    assert len({page.markdown for page in document.pages if isinstance(page, PageText)}) == 3
    assert progress == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_pages_are_read_as_many_at_once_as_the_reader_likes(renderer: Renderer, tmp_path: Path) -> None:
    """Of those with one that cannot be read, each is read for itself."""
    asked: list[list[int]] = []

    class Several(InstantReader):
        def read(self, pages: Sequence[PageImage], watch: Watch) -> list[PageText]:
            asked.append([page.number for page in pages])
            return super().read(pages, watch)

    def fourth_fails(page: PageImage) -> None:
        if page.number == 4:
            raise ReaderError("The page is too odd.", "Read it yourself.")

    progress: list[int] = []
    book = draw_pages(tmp_path / "book.pdf", "book", 5)
    reader = Several(batch=2, before=fourth_fails)
    document = DocumentReader(renderer, Loads(reader)).read(
        book, progress=lambda done, _pages: progress.append(done)
    )
    assert asked == [[1, 2], [3, 4], [3], [4], [5]]
    assert [page.number for page in document.failed_pages] == [4]
    assert len({page.markdown for page in document.pages if isinstance(page, PageText)}) == 4
    assert progress == [0, 1, 2, 3, 4, 5]


def test_a_page_that_cannot_be_read_leaves_the_others(renderer: Renderer, tmp_path: Path) -> None:
    def second_fails(page: PageImage) -> None:
        if page.number == 2:
            raise ReaderError("The page is too odd.", "Read it yourself.")

    book = draw_pages(tmp_path / "book.pdf", "book", 3)
    document = DocumentReader(renderer, Loads(InstantReader(before=second_fails))).read(book)
    assert document.failed_pages == (FailedPage(2, "The page is too odd.", "Read it yourself."),)
    assert document.pages[1] is document.failed_pages[0]
    assert isinstance(document.pages[2], PageText)


def test_a_document_of_which_no_page_can_be_read_raises_what_was_wrong_with_the_first(
    renderer: Renderer, tmp_path: Path
) -> None:
    def fails(page: PageImage) -> None:
        raise ReaderError(f"Page {page.number} is too odd.", "Read it yourself.")

    book = draw_pages(tmp_path / "book.pdf", "book", 2)
    with pytest.raises(DocumentError, match=r"Page 1 is too odd\. Read it yourself\."):
        DocumentReader(renderer, Loads(InstantReader(before=fails))).read(book)


def test_no_reader_is_loaded_for_what_cannot_be_opened(renderer: Renderer, tmp_path: Path) -> None:
    loads = Loads(InstantReader())
    with pytest.raises(NoSuchFile):
        DocumentReader(renderer, loads).read(tmp_path / "nothing.pdf")
    assert loads.count == 0


def test_one_reader_serves_all_documents_and_is_closed_at_the_end(renderer: Renderer, tmp_path: Path) -> None:
    loads = Loads(InstantReader())
    Image.new("RGB", (30, 20), "white").save(tmp_path / "white.png")
    with DocumentReader(renderer, loads) as reader:
        for _ in range(2):
            assert reader.read(tmp_path / "white.png").pages[0].markdown == HASH_OF_WHITE
    assert (loads.count, loads.reader.closed) == (1, True)


@pytest.mark.parametrize("batch", [1, 2])
def test_where_nobody_is_there_to_read_no_page_is_blamed(
    batch: int, renderer: Renderer, tmp_path: Path
) -> None:
    def away(_page: PageImage) -> None:
        raise ReaderAway("No server answers.", "Start it.")

    reader = InstantReader(batch, before=away)
    with pytest.raises(ReaderAway):
        DocumentReader(renderer, Loads(reader)).read(draw_pages(tmp_path / "book.pdf", "book", 3))
    assert reader.read_pages == 0


def test_a_cancelled_page_is_no_failed_page(renderer: Renderer, tmp_path: Path) -> None:
    cancel = threading.Event()
    book = draw_pages(tmp_path / "book.pdf", "book", 3)
    reader = InstantReader(before=lambda page: cancel.set() if page.number == 2 else None)
    with pytest.raises(Cancelled):
        DocumentReader(renderer, Loads(reader)).read(book, cancel=cancel)
    assert reader.read_pages == 1


def test_no_page_is_drawn_for_what_was_cancelled_before(renderer: Renderer, tmp_path: Path) -> None:
    pages: list[PageImage] = []
    cancel = threading.Event()
    cancel.set()
    book = draw_pages(tmp_path / "book.pdf", "book", 1)
    with pytest.raises(Cancelled):
        DocumentReader(renderer, Loads(InstantReader(before=pages.append))).read(book, cancel=cancel)
    assert pages == []


def page_with_figure(png: bytes) -> PageText:
    block = Block(BlockKind.FIGURE, "![A chart](figure:chart.png)")
    return PageText((block,), figures=(Figure("chart.png", png),))


def test_figures_have_the_names_under_which_the_markdown_links_them() -> None:
    pages = page_with_figure(b"one"), page_with_figure(b"two")
    document = Document("pdf", pages, ReaderIdentity("instant", "1", "cpu"))
    assert [(figure.name, figure.png) for figure in document.figures] == [
        ("page-1-chart.png", b"one"),
        ("page-2-chart.png", b"two"),
    ]
    assert all(f"![A chart]({figure.name})" in document.markdown for figure in document.figures)


def test_a_failed_page_can_be_taken_for_a_page() -> None:
    torn = FailedPage(2, "The page is torn.", "Scan it again.")
    document = Document("pdf", (page_with_figure(b""), torn), ReaderIdentity("instant", "1", "cpu"))
    assert (torn.blocks, torn.figures, torn.warnings) == ((), (), ("The page is torn. Scan it again.",))
    assert torn.markdown == "> [!WARNING]\n> Page 2 could not be read. The page is torn. Scan it again."
    assert document.markdown.endswith(f"<!-- page 2 of 2 -->\n\n{torn.markdown}")
