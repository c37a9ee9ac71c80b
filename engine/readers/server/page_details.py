"""What one papertray tells another of a page beside its text: where all of it stands, what is doubtful.

Goes out as a plain value, in a field that other programs pass over. Comes in as what a stranger may have
written: all of it is bounded, nothing in it comes alive in a note, and figures are cut from the picture that
was sent. What cannot be understood is no page, and then the text alone counts.
"""

import re
from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from papertray.engine.dialects.alive import is_harmless
from papertray.engine.dialects.figures import cut_figure, figure_link
from papertray.engine.dialects.prose import tidy_prose
from papertray.engine.pages import (
    Block,
    BlockKind,
    Box,
    DoubtfulWord,
    Ending,
    Figure,
    PageImage,
    PageText,
    TextSource,
)
from papertray.engine.text_lines import SPANS, TextLine

FIELD = "papertray"
ASKING = {FIELD: {"version": 1}}
"""What is put into a request by who wants to be told and reads for itself: another papertray."""

Part = Annotated[float, Field(ge=0, le=1)]
Near = Annotated[float, Field(ge=-1, le=2)]  # a line that leans may begin beside the page
Corners = tuple[Part, Part, Part, Part]
T = TypeVar("T")
Few = Annotated[tuple[T, ...], Field(max_length=5000)]
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_FIGURE = re.compile(r"!\[[^\[\]\n]{0,100}\]\(figure:[^()\s]{1,100}\)")


class _Value(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, allow_inf_nan=False)


class SentBlock(_Value):
    kind: BlockKind
    markdown: Annotated[str, Field(max_length=200_000)]
    box: Corners | None = None
    size: Annotated[float, Field(ge=0, le=10_000)] = 0.0
    bold: bool = False
    depth: Annotated[int, Field(ge=0, le=9)] = 0


class SentWord(_Value):
    text: Annotated[str, Field(min_length=1, max_length=200)]
    certain: Part | None = None
    box: Corners | None = None


class SentLine(_Value):
    text: Annotated[str, Field(max_length=5000)]
    place: tuple[Near, Near, Near, Near, Near, Near]
    spans: Few[Annotated[int, Field(ge=0, le=SPANS)]] = ()


class SentPage(_Value):
    blocks: Few[SentBlock]
    ending: Ending = Ending.FINISHED
    warnings: Annotated[tuple[Annotated[str, Field(max_length=1000)], ...], Field(max_length=20)] = ()
    blank: bool = False
    source: TextSource = TextSource.RECOGNISED
    confidence: Part | None = None
    doubtful_words: Few[SentWord] = ()
    lines: Few[SentLine] = ()


class SentPages(_Value):
    version: Literal[1] = 1
    pages: Annotated[tuple[SentPage, ...], Field(max_length=1000)]


def describe_pages(pages: Sequence[PageText]) -> SentPages:
    """What is told of them. Raises ValueError where one is beyond all measure."""
    return SentPages(pages=tuple(map(_describe, pages)))


def understand_page(told: object, image: PageImage) -> PageText | None:
    """The one page that was asked about; None where this is nothing that can be trusted to be one."""
    try:
        (page,) = SentPages.model_validate(told).pages
    except (ValidationError, ValueError, RecursionError):
        return None
    blocks, figures = _blocks(page.blocks, image)
    if not blocks and not page.blank:
        return None
    return PageText(
        blocks,
        page.ending,
        figures,
        tuple(_clean(warning) for warning in page.warnings),
        blank=page.blank and not blocks,
        source=TextSource.RECOGNISED if page.source.is_written else page.source,
        confidence=page.confidence,
        doubtful_words=tuple(
            DoubtfulWord(_clean(word.text), word.certain, _box(word.box)) for word in page.doubtful_words
        ),
        lines=tuple(TextLine(_clean(line.text), line.place, line.spans) for line in page.lines),
    )


def _describe(page: PageText) -> SentPage:
    return SentPage(
        blocks=tuple(
            SentBlock(
                kind=block.kind,
                markdown=block.markdown,
                box=_corners(block.box),
                size=block.size,
                bold=block.bold,
                depth=block.depth,
            )
            for block in page.blocks
        ),
        ending=page.ending,
        warnings=page.warnings,
        blank=page.blank,
        source=page.source,
        confidence=page.confidence,
        doubtful_words=tuple(
            SentWord(text=word.text, certain=word.certain, box=_corners(word.box))
            for word in page.doubtful_words
        ),
        lines=tuple(SentLine(text=line.text, place=line.place, spans=line.spans) for line in page.lines),
    )


def _blocks(sent: Sequence[SentBlock], image: PageImage) -> tuple[tuple[Block, ...], tuple[Figure, ...]]:
    blocks: list[Block] = []
    figures: list[Figure] = []
    for block in sent:
        box, markdown = _box(block.box), _clean(block.markdown).strip("\n")
        if _FIGURE.fullmatch(markdown):
            figure = cut_figure(image, box, len(figures) + 1) if box else None
            figures += [figure] if figure else []
            markdown = figure_link(figure) if figure else ""
        elif not is_harmless(markdown):
            markdown = tidy_prose(markdown)
        if markdown:
            blocks.append(Block(block.kind, markdown, box, block.size, block.bold, block.depth))
    return tuple(blocks), tuple(figures)


def _clean(text: str) -> str:
    """Without what moves cursors or turns the direction of writing."""
    return _UNFIT.sub("", text)


def _corners(box: Box | None) -> Any:
    if box is None:
        return None
    return tuple(min(1.0, max(0.0, part)) for part in (box.left, box.top, box.right, box.bottom))


def _box(corners: Corners | None) -> Box | None:
    """None for one without an inside."""
    if corners is None or corners[0] > corners[2] or corners[1] > corners[3]:
        return None
    return Box(*corners)
