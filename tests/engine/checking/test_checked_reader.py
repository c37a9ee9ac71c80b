"""A large model's page is looked at by a second reader: what the file says needs no model, and a number or
name that only the model saw is doubtful."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from papertray.engine.checking.checked_reader import CheckedReader, check_page
from papertray.engine.checking.drafting import draft_of
from papertray.engine.errors import Cancelled, ReaderError
from papertray.engine.markdown import NoteOrigin, compose_note
from papertray.engine.page_flow import PageList
from papertray.engine.pages import (
    Block,
    BlockKind,
    DoubtfulWord,
    PageImage,
    PageText,
    PdfText,
    Reader,
    ReaderIdentity,
    TextSource,
    Watch,
)
from papertray.engine.readers.quick import reader as quick
from papertray.engine.readers.quick.rapid import load as load_rapid
from papertray.engine.renderer import Renderer
from papertray.engine.text_lines import TextLine
from tests.desks import until
from tests.engine.layer.pdfs_made import PROSE, page_of, prose, write_pdf
from tests.engine.pages_made import Paper

MODEL = ReaderIdentity("model", "1", "cpu")
SAID = "Dear Ms Larsen, we sent the second parcel to Hamburg and charged 148.00 EUR for it."


def text(words: str, **more: object) -> PageText:
    return PageText((Block(BlockKind.TEXT, words),), **more)


@dataclass
class Saying:
    """A reader that says the same of every page, and remembers which it was asked for."""

    said: PageText
    identity: ReaderIdentity = MODEL
    batch: int = 4
    why: str = "the best there is"
    rung: str = "smaller pages"
    asked: list[int] = field(default_factory=list)
    closed: bool = False

    def read(self, pages: Sequence[PageImage], watch: Watch) -> list[PageText]:
        if watch.cancelled:
            raise Cancelled
        self.asked += [page.number for page in pages]
        return [self.said for _ in pages]

    def close(self) -> None:
        self.closed = True


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer() as renderer:
        yield renderer


@pytest.fixture
def second() -> Callable[[PdfText], Reader]:
    return lambda pdf_text: quick.QuickReader(load_rapid(threads=1), pdf_text)


@pytest.mark.parametrize(("pdf_text", "asked"), [(PdfText.AUTO, [2]), (PdfText.NEVER, [1])])
def test_plain_prose_that_the_file_itself_says_needs_no_model(
    pdf_text: PdfText,
    asked: list[int],
    tmp_path: Path,
    renderer: Renderer,
    second: Callable[[PdfText], Reader],
) -> None:
    def with_a_formula(canvas: Canvas) -> None:
        prose(canvas)
        canvas.setFont("Symbol", 12)
        canvas.drawString(60, 120, "\u2211\u222b\u03b1\u2264\u03b2\u221e\u2202")

    path = write_pdf(tmp_path / "made.pdf", prose, with_a_formula)
    pages = [page_of(renderer, path, number) for number in ((1, 2) if pdf_text is PdfText.AUTO else (1,))]
    model = Saying(text(" ".join(PROSE)))
    with closing(CheckedReader(model, lambda: second(pdf_text))) as reader:
        texts = reader.read(pages, Watch())
        assert model.asked == asked
        flow = PageList(pages, Watch())
        reader.read_flow(flow)
    assert flow.texts() == texts
    assert model.asked == asked * 2
    assert (texts[0].source is TextSource.WRITTEN) == (pdf_text is PdfText.AUTO)
    assert not any(page.doubtful_words for page in texts)
    assert model.closed


def test_a_number_and_a_name_that_only_the_model_saw_are_doubtful(
    second: Callable[[PdfText], Reader],
) -> None:
    paper = Paper((1240, 400))
    paper.set(SAID)
    model = Saying(text(SAID.replace("148.00", "143.00").replace("Hamburg", "Homburg")))
    with closing(CheckedReader(model, lambda: second(PdfText.AUTO))) as reader:
        (page,) = reader.read([PageImage(paper.image)], Watch())
        assert (reader.identity, reader.batch, reader.why, reader.rung) == (
            model.identity,
            model.batch,
            model.why,
            model.rung,
        )
    assert page.doubtful_words == (DoubtfulWord("143.00"), DoubtfulWord("Homburg"))
    assert page.is_doubtful
    assert page.confidence is None
    (warning,) = page.warnings
    assert warning.startswith("2 numbers or names that the model wrote were not seen by a second reader: 143")
    note = compose_note(NoteOrigin("letter.png", "0" * 64, MODEL, datetime(2026, 11, 27, tzinfo=UTC)), [page])
    assert "\ndoubtful_pages: [1]\n" in note
    assert warning in note


def test_a_second_reader_that_is_not_sure_itself_or_sees_nothing_doubts_nothing() -> None:
    said = text(SAID)
    for seen in (None, text("blurred", confidence=0.7), PageText((), blank=True, confidence=1.0)):
        assert check_page(said, seen) is said
    recognised = text("Dear Ms Larsen", confidence=0.99)
    assert check_page(text("und so Москва"), recognised).doubtful_words == ()


def test_the_lines_that_the_second_reader_saw_stay_with_what_the_model_said() -> None:
    lines = (TextLine("Dear Ms Larsen", (0.1, 0.1, 0.9, 0.1, 0.1, 0.2)),)
    unsure = replace(text("Dear Ms Larsen", confidence=0.5), lines=lines)
    assert check_page(text(SAID), unsure) == replace(text(SAID), lines=lines)


def test_without_a_second_reader_the_models_word_stands() -> None:
    tries: list[int] = []

    def fail() -> Reader:
        tries.append(1)
        raise ReaderError("The quick reader could not be loaded.", "")

    said, page = text(SAID), PageImage(Image.new("RGB", (40, 40), "white"))
    with closing(CheckedReader(Saying(said), fail)) as reader:
        assert [reader.read([page], Watch()) for _ in range(3)] == [[said]] * 3
    assert len(tries) == 1


def test_a_page_that_is_given_back_is_given_back_by_both() -> None:
    watch = Watch()
    watch.cancel.set()
    sure = Saying(text(SAID, confidence=1.0))
    with closing(CheckedReader(Saying(text(SAID)), lambda: sure)) as reader, pytest.raises(Cancelled):
        reader.read([PageImage(Image.new("RGB", (40, 40), "white"))], watch)
    assert sure.asked == []


def test_a_draft_has_tables_with_tags_and_no_escapes() -> None:
    table = Block(BlockKind.TABLE, "| Part | |\n| --- | ---: |\n| a \\| b | 7 |")
    seen = (Block(BlockKind.TEXT, r"3 \* 4"), table, Block(BlockKind.TABLE, "no table"))
    rows = "<tr><td>Part</td><td></td></tr><tr><td>a | b</td><td>7</td></tr>"
    assert draft_of(seen) == f"3 * 4\n\n<table>{rows}</table>\n\nno table"


def test_what_the_second_reader_has_seen_is_a_draft_for_the_model() -> None:
    """Nothing is waited for: until then there is none."""
    looked = threading.Event()
    heard: list[str | None] = []

    class Looking(Saying):
        def read(self, pages: Sequence[PageImage], watch: Watch) -> list[PageText]:
            assert looked.wait(30)
            return super().read(pages, watch)

    class Hearing(Saying):
        def read(self, pages: Sequence[PageImage], watch: Watch) -> list[PageText]:
            heard.append(pages[0].seen())
            looked.set()
            until(lambda: pages[0].seen() is not None, "the second reader's look")
            heard.append(pages[0].seen())
            return super().read(pages, watch)

    model, second = Hearing(text(SAID)), Looking(text("3 \\* 4 \\#1"))
    with closing(CheckedReader(model, lambda: second)) as reader:
        reader.read([PageImage(Image.new("RGB", (20, 20)))], Watch())
    assert heard == [None, "3 * 4 #1"]


def test_a_page_of_a_flow_that_was_given_up_is_told_so_and_the_others_are_read() -> None:
    given_up = threading.Event()
    given_up.set()
    watch = Watch(each=(Watch(given_up=given_up), Watch()))
    model, second = Saying(text(SAID), batch=1), Saying(text(SAID))
    flow = PageList([PageImage(Image.new("RGB", (20, 20)), number) for number in (1, 2)], watch)
    with closing(CheckedReader(model, lambda: second)) as reader:
        reader.read_flow(flow)
    assert model.asked == [2]
    with pytest.raises(Cancelled):
        flow.texts()
