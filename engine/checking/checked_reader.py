"""A large model whose pages a second, quicker reader looks at too.

What the file itself says as plain prose needs no model. Of all else the model writes, numbers and names that
stand neither in the file's own text nor in what the second reader saw are doubtful: two readers, one verdict.
The second reader works while the model does; where it cannot read a page, the model's word stands. What it
has seen before the model writes is a draft of that, which the model judges faster than it writes.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial

from papertray.engine.checking.drafting import draft_of
from papertray.engine.checking.unseen import find_unseen
from papertray.engine.errors import Cancelled
from papertray.engine.page_flow import PageFlow, PageRequest, read_flow
from papertray.engine.pages import (
    Block,
    BlockKind,
    DoubtfulWord,
    PageImage,
    PageText,
    Reader,
    ReaderIdentity,
    TextSource,
    Watch,
)

SURE = 0.9
"""A page that the second reader is less sure of is no measure for another's."""

NAMED, MOST = 5, 100
"""So many unseen words are named in the warning, and so many kept."""

FEWEST = 200
"""A page with fewer letters is a title, a form, a picture: no prose."""

PROSE = frozenset({BlockKind.TITLE, BlockKind.HEADING, BlockKind.TEXT, BlockKind.LIST, BlockKind.FOOTNOTE})
AROUND_PROSE = frozenset({BlockKind.HEADER, BlockKind.FOOTER})
MATHEMATICS = frozenset("∑∫∏√∂∇∞≤≥≠≈∈∉∀∃±×÷∝∥⊂⊆∪∩→⇒⇔αβγδεθλμπρσφψω")
SYMBOLS = 0.005
"""More signs of mathematics than this among the letters are formulas, which models set better."""

UNWRITTEN = frozenset({BlockKind.FORMULA, BlockKind.FIGURE})


class CheckedReader:
    """`open_second` loads the second reader when the first page comes."""

    def __init__(self, model: Reader, open_second: Callable[[], Reader]) -> None:
        self._model = model
        self._open_second = open_second
        self._second: Reader | None = None
        self._beside = ThreadPoolExecutor(1, "second reader")
        self._given_up = False

    @property
    def identity(self) -> ReaderIdentity:
        return self._model.identity

    @property
    def batch(self) -> int:
        return self._model.batch

    @property
    def why(self) -> str:
        return self._model.why

    @property
    def rung(self) -> str:
        return self._model.rung

    def read(self, pages: Sequence[PageImage], watch: Watch) -> list[PageText]:
        pages = [_drawn(page) for page in pages]
        looks = [self._beside.submit(self._look, page, watch) for page in pages]
        prose = [_prose(page, look) for page, look in zip(pages, looks, strict=True)]
        asked = [
            _with_draft(page, look)
            for page, look, text in zip(pages, looks, prose, strict=True)
            if text is None
        ]
        answers = iter(self._model.read(asked, watch) if asked else ())
        return [
            text or check_page(next(answers), look.result()) for text, look in zip(prose, looks, strict=True)
        ]

    def read_flow(self, flow: PageFlow) -> None:
        """Each page is looked at when it is taken; plain prose never comes to the model."""
        checked = _CheckedFlow(flow, lambda page, watch: self._beside.submit(self._look, page, watch))
        while checked.has_more:
            checked.has_more = False
            read_flow(self._model, checked)

    def close(self) -> None:
        self._beside.shutdown(cancel_futures=True)
        self._model.close()
        if self._second is not None:
            self._second.close()

    def _look(self, page: PageImage, watch: Watch) -> PageText | None:
        """In a thread of its own. None where the second reader is not to be had, or sees nothing."""
        try:
            if self._second is None and not self._given_up:
                self._second = self._open_second()
            return self._second.read([page], watch)[0] if self._second else None
        except Cancelled:
            raise
        except Exception:  # whatever befalls it, the model's word stands
            self._given_up = self._second is None
            return None


AT_ONCE = 8
"""So many pages of plain prose may hold up those that the model has in hand."""


class _CheckedFlow:
    """`has_more` where none was given to the model although there may be one."""

    def __init__(self, flow: PageFlow, look: "Callable[[PageImage, Watch], Future[PageText | None]]") -> None:
        self._flow = flow
        self._look = look
        self._taken: dict[PageRequest, tuple[PageRequest, Future[PageText | None]]] = {}
        self.has_more = True

    def take(self) -> PageRequest | None:
        for _ in range(AT_ONCE):
            if (request := self._flow.take()) is None:
                return None
            try:
                page = _drawn(request.page)
                look = self._look(page, request.watch)
                prose = _prose(page, look)
            except Exception as problem:
                self._flow.fail(request, problem)
                continue
            if prose is None:
                asked = PageRequest(_with_draft(page, look), request.watch)
                self._taken[asked] = (request, look)
                return asked
            self._flow.answer(request, prose)
        self.has_more = True
        return None

    def answer(self, request: PageRequest, text: PageText) -> None:
        asked, look = self._taken.pop(request)
        seen = None if look.exception() else look.result()
        self._flow.answer(asked, check_page(text, seen))

    def fail(self, request: PageRequest, problem: Exception) -> None:
        self._flow.fail(self._taken.pop(request)[0], problem)


def check_page(said: PageText, seen: PageText | None) -> PageText:
    """What the model said, with its numbers and names marked that were not seen, and the places of lines."""
    if seen is not None and seen.lines and not said.lines:
        said = replace(said, lines=seen.lines)
    if seen is None or seen.blank or (seen.confidence or 0.0) < SURE:
        return said
    knows = (lambda _word: True) if seen.source.is_written else _is_latin
    written = "\n\n".join(block.markdown for block in said.blocks if block.kind not in UNWRITTEN)
    unsure = [word.text for word in seen.doubtful_words]
    unseen = find_unseen(written, _all_of(seen.blocks), unsure, knows)
    if not unseen:
        return said
    words = tuple(DoubtfulWord(word) for word in unseen[:MOST])
    return replace(
        said,
        warnings=(*said.warnings, _warning(unseen)),
        doubtful_words=(*said.doubtful_words, *words),
    )


def is_plain_prose(text: PageText) -> bool:
    """Whether all of it comes from the file itself, and is set as paragraphs, headings and lists."""
    if text.source is not TextSource.WRITTEN or text.warnings or text.figures:
        return False
    body = "".join(block.markdown for block in text.blocks if block.kind in PROSE)
    plain = all(block.kind in PROSE | AROUND_PROSE for block in text.blocks) and "```" not in body
    symbols = sum(letter in MATHEMATICS for letter in body)
    return plain and len(body) >= FEWEST and symbols <= SYMBOLS * len(body)


def _prose(page: PageImage, look: "Future[PageText | None]") -> PageText | None:
    """Only what the file says is waited for: it comes at once."""
    if page.layer is None:
        return None
    text = look.result()
    return text if text is not None and is_plain_prose(text) else None


def _with_draft(page: PageImage, look: "Future[PageText | None]") -> PageImage:
    return replace(page, seen=partial(_words_seen, look))


def _words_seen(look: "Future[PageText | None]") -> str | None:
    """As soon as the second reader has looked: nothing where it saw nothing."""
    if not look.done():
        return None
    text = None if look.cancelled() or look.exception() else look.result()
    return draft_of(text.blocks) if text is not None else ""


def _drawn(page: PageImage) -> PageImage:
    """A page of which nothing is written is looked at by two threads, and drawn by neither."""
    return page if page.layer is not None else replace(page, picture=page.image)


def _all_of(blocks: Sequence[Block]) -> str:
    return "\n\n".join(block.markdown for block in blocks)


def _is_latin(word: str) -> bool:
    return all(letter < "\u0250" for letter in word)


def _warning(unseen: Sequence[str]) -> str:
    named = ", ".join(unseen[:NAMED]) + (", …" if len(unseen) > NAMED else "")
    one = len(unseen) == 1
    return (
        f"{len(unseen)} number{'' if one else 's'} or name{'' if one else 's'} that the model wrote"
        f" {'was' if one else 'were'} not seen by a second reader: {named}. Compare with the page."
    )
