"""What was read in each region, as one page: headings, paragraphs, tables, formulas, pictures with captions.

Regions and answers go in, in reading order; blocks with places go out. Knows no model.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from papertray.engine.dialects import Conversion, Piece
from papertray.engine.dialects.compose import compose_blocks
from papertray.engine.dialects.formulas import display_formula
from papertray.engine.dialects.otsl import otsl_as_html
from papertray.engine.dialects.tokens import strip_tokens
from papertray.engine.dialects.unwrap import unwrap_answer
from papertray.engine.dialects.verses import keep_lines
from papertray.engine.pages import BlockKind, PageImage
from papertray.engine.readers.regions.choosing import CHART, KEEP_LINES, NUMBER_OF_FORMULA, TABLE, Region

_LISTED = re.compile(r"\s*(?:[-*+•▪◦‣●·]|\(?[\da-zA-Z]{1,3}[.)])\s")
_ENDS = re.compile(r"[.!?:;。！？：；…\"”’)\]]\s*\Z")
_TAG = re.compile(r"\A\s*[(（\[]?\s*(?P<number>[\w.\-']{1,9})\s*[)）\]]?\s*\Z")
_MARKS = re.compile(r"\A\s*(?:#{1,6}\s+|[-*]\s+)")


@dataclass(frozen=True, slots=True)
class RegionText:
    """`said` is the model's answer, empty where none was asked; `remark` is Markdown behind it."""

    region: Region
    said: str = ""
    remark: str = ""


def compose_page(texts: Sequence[RegionText], page: PageImage) -> Conversion:
    pieces: list[Piece] = []
    for text in _with_numbers(_joined(texts)):
        pieces.append(Piece(text.region.kind, _in_words(text), (text.region.box,)))
        if text.remark:
            pieces.append(Piece(BlockKind.TEXT, text.remark))
    return compose_blocks(pieces, page)


def _in_words(text: RegionText) -> str:
    said = unwrap_answer(strip_tokens(text.said)).strip()
    if text.region.element == TABLE:
        return otsl_as_html(said)
    if text.region.element == CHART:
        return _bars_as_html(said)
    if text.region.kind in (BlockKind.TITLE, BlockKind.HEADING):
        return " ".join(_MARKS.sub("", said).split())
    if text.region.label in KEEP_LINES:
        return "  \n".join(line for line in said.splitlines() if line.strip())
    return said if text.region.kind is BlockKind.FORMULA else _paragraphs(said)


def _paragraphs(said: str) -> str:
    """A line is a paragraph, unless it goes on with the one before, is an item, or has to stay a line."""
    if "\n\n" in said or "```" in said or "<table" in said or "$$" in said or keep_lines(said) != said:
        return said
    lines = [line for line in said.split("\n") if line.strip()]
    text = lines[0] if lines else ""
    for line in lines[1:]:
        goes_on = line.lstrip()[:1].islower() or _LISTED.match(line)
        text += ("\n" if goes_on else "\n\n") + line
    return text


def _joined(texts: Sequence[RegionText]) -> list[RegionText]:
    """A paragraph that goes on in the next column is one; its place is where it begins."""
    joined: list[RegionText] = []
    for text in texts:
        if joined and _goes_on(joined[-1], text):
            before = joined.pop()
            said = before.said.rstrip()
            hyphened = said.endswith("-") and said[-2:-1].isalpha()
            said = said[:-1] if hyphened else said + " "
            text = replace(before, said=said + text.said.lstrip(), remark=before.remark + text.remark)
        joined.append(text)
    return joined


def _goes_on(before: RegionText, text: RegionText) -> bool:
    """Written beside and above, in a text that has not ended, with a small letter."""
    one, other = before.region.box, text.region.box
    beside = before.region.label == text.region.label == "text" and other.left >= one.right
    if not beside or other.top >= one.bottom or before.remark:
        return False
    return not _ENDS.search(before.said) and text.said.lstrip()[:1].islower()


def _with_numbers(texts: Sequence[RegionText]) -> list[RegionText]:
    """The number of a formula beside it, put into it."""
    numbered: list[RegionText] = []
    waiting: RegionText | None = None
    for text in texts:
        if text.region.label == NUMBER_OF_FORMULA and _TAG.match(strip_tokens(text.said)):
            if numbered and _takes_number(numbered[-1], text):
                numbered[-1] = _tagged(numbered[-1], text)
                continue
            waiting = text
        elif waiting and numbered[-1] is waiting and _takes_number(text, waiting):
            numbered.pop()
            text, waiting = _tagged(text, waiting), None
        numbered.append(text)
    return numbered


def _takes_number(formula: RegionText, number: RegionText) -> bool:
    """Where they stand in one row."""
    if formula.region.kind is not BlockKind.FORMULA or "\\tag" in formula.said:
        return False
    return formula.region.box.top < number.region.box.bottom and (
        number.region.box.top < formula.region.box.bottom
    )


def _tagged(formula: RegionText, number: RegionText) -> RegionText:
    found = _TAG.match(strip_tokens(number.said))
    alone = display_formula(formula.said)
    if alone is None or found is None:
        return formula
    body = alone.removeprefix("$$\n").removesuffix("\n$$")
    return replace(formula, said=f"\\[{body} \\tag{{{found['number']}}}\\]")


def _bars_as_html(said: str) -> str:
    """The numbers of a chart, which come as lines of cells with bars between them."""
    rows = [line.strip().strip("|").split("|") for line in said.splitlines() if line.strip()]
    if len(rows) < 2 or any(len(row) < 2 for row in rows):
        return otsl_as_html(said)
    cells = ("".join(f"<td>{html.escape(cell.strip(), quote=False)}</td>" for cell in row) for row in rows)
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"
