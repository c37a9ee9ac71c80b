"""A Word document: headings, paragraphs with emphasis and links, lists, tables, figures. By python-docx."""

import importlib.util
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from markdown_it.token import Token

from papertray.engine.errors import OutputsMissing
from papertray.engine.layer.bidi import is_right_to_left
from papertray.engine.markdown import figure_file, join_pages
from papertray.engine.outputs.plain import inline_text, markdown_parser
from papertray.engine.outputs.reading import FinishedReading, OutputFile
from papertray.engine.outputs.safe_html import ADDRESSES
from papertray.engine.outputs.tables import CellPiece, TableGrid, tables_of_html

DEEPEST = 3  # levels of lists that Word's own styles know
WIDEST = 16.0  # centimetres: a picture as wide as the text
_UNSAYABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ALERT = re.compile(r"\[!\w+\]\s*")
_OF_FONT = frozenset({"strike", "underline", "superscript", "subscript"})
_EMPHASIS = {"strong": "bold", "em": "italic", "s": "strike"}


def write_docx(reading: FinishedReading) -> list[OutputFile]:
    if importlib.util.find_spec("docx") is None:
        raise OutputsMissing("A Word document", "python-docx")
    import docx

    document = docx.Document()
    facts = document.core_properties
    facts.title, facts.author, facts.comments = sayable(Path(reading.name).stem)[:200], "", ""
    facts.created = facts.modified = reading.date.replace(tzinfo=None, microsecond=0)
    pictures = {figure_file(page, name): png for (page, name), png in reading.figures.items()}
    writer = _Writer(document, pictures)
    writer.write(markdown_parser().parse(join_pages(reading.pages)))
    out = io.BytesIO()
    document.save(out)
    return [OutputFile(".docx", out.getvalue())]


def sayable(text: str) -> str:
    """Without what XML cannot hold."""
    return _UNSAYABLE.sub("", text)


class _Writer:
    """Takes the tokens of a text one after the other and adds to the document."""

    def __init__(self, document: Any, pictures: dict[str, bytes]) -> None:
        self._document = document
        self._pictures = pictures
        self._lists: list[Any] = []  # for each list that is open its numbering; None: bullets
        self._style = "Normal"
        self._quoted = 0

    def write(self, tokens: Sequence[Token]) -> None:
        at = 0
        while at < len(tokens):
            token = tokens[at]
            if token.type == "table_open":
                end = next(n for n in range(at, len(tokens)) if tokens[n].type == "table_close")
                self._tables(_as_html(tokens[at : end + 1]))
                at = end
            elif token.type == "html_block":
                self._tables(token.content)
            else:
                self._take(token)
            at += 1

    def _take(self, token: Token) -> None:
        if token.type == "heading_open":
            self._style = f"Heading {token.tag[1]}"
        elif token.type == "heading_close":
            self._style = "Normal"
        elif token.type == "bullet_list_open":
            self._lists.append(None)
        elif token.type == "ordered_list_open":
            self._lists.append(_new_numbering(self._document, int(token.attrGet("start") or 1)))
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self._lists.pop()
        elif token.type in ("blockquote_open", "blockquote_close"):
            self._quoted += 1 if token.nesting > 0 else -1
        elif token.type == "inline":
            self._paragraph(token)
        elif token.type in ("fence", "code_block", "math_block", "math_block_label"):
            self._verbatim(token.content)

    def _paragraph(self, token: Token) -> None:
        children = list(token.children or ())
        if self._quoted and children and children[0].type == "text":
            children[0].content = _ALERT.sub("", children[0].content)
        paragraph = self._document.add_paragraph(style=self._style_here())
        if self._lists and self._lists[-1] is not None:
            _number(paragraph, self._lists[-1])
        if is_right_to_left(inline_text(children)):
            _turn_leftwards(paragraph)
        self._runs(paragraph, children)

    def _style_here(self) -> str:
        if self._lists:
            kind = "List Bullet" if self._lists[-1] is None else "List Number"
            depth = min(len(self._lists), DEEPEST)
            return kind if depth == 1 else f"{kind} {depth}"
        return "Quote" if self._quoted else self._style

    def _runs(self, paragraph: Any, children: Sequence[Token]) -> None:
        emphasis: set[str] = set()
        address = ""
        for child in children:
            name = child.type.partition("_")[0]
            if name in _EMPHASIS:
                (emphasis.add if child.nesting > 0 else emphasis.discard)(_EMPHASIS[name])
            elif name == "link":
                address = _allowed(str(child.attrGet("href") or "")) if child.nesting > 0 else ""
            elif child.type == "image":
                self._picture(paragraph, child)
            else:
                text = inline_text([child])
                _add_run(paragraph, " " if child.type == "softbreak" else text, emphasis, address, child.type)

    def _picture(self, paragraph: Any, token: Token) -> None:
        from docx.shared import Cm

        png = self._pictures.get(str(token.attrGet("src") or ""))
        if png is None:
            paragraph.add_run(sayable(token.content))
            return
        picture = paragraph.add_run().add_picture(io.BytesIO(png))
        if picture.width > Cm(WIDEST):
            picture.height = int(picture.height * Cm(WIDEST) / picture.width)
            picture.width = Cm(WIDEST)

    def _verbatim(self, content: str) -> None:
        paragraph = self._document.add_paragraph()
        paragraph.add_run(sayable(content.rstrip("\n"))).font.name = "Courier New"

    def _tables(self, html: str) -> None:
        for table in tables_of_html(html):
            self._table(table)

    def _table(self, grid: TableGrid) -> None:
        table = self._document.add_table(grid.height, grid.width, style="Table Grid")
        for cell in grid.cells:
            place = table.cell(cell.row, cell.column)
            if cell.rows > 1 or cell.columns > 1:
                far = cell.row + cell.rows - 1, min(cell.column + cell.columns, grid.width) - 1
                place = place.merge(table.cell(*far))
            paragraph = place.paragraphs[0]
            for piece in cell.pieces:
                _add_piece(paragraph, piece, is_head=cell.is_head or cell.row == 0)
            if is_right_to_left(cell.text):
                _turn_leftwards(paragraph)
        self._document.add_paragraph()


def _as_html(tokens: Sequence[Token]) -> str:
    """A table of Markdown."""
    parser = markdown_parser()
    return str(parser.renderer.render(tokens, parser.options, {}))


def _add_piece(paragraph: Any, piece: CellPiece, *, is_head: bool) -> None:
    run = paragraph.add_run(sayable(piece.text))
    run.bold, run.italic = is_head or "bold" in piece.set or None, "italic" in piece.set or None
    for name in piece.set & _OF_FONT:
        setattr(run.font, name, True)
    if "code" in piece.set:
        run.font.name = "Courier New"
    if address := _allowed(piece.address):
        _link(paragraph, run, address)


def _add_run(paragraph: Any, text: str, emphasis: set[str], address: str, kind: str) -> None:
    run = paragraph.add_run(sayable(text))
    run.bold, run.italic = "bold" in emphasis or None, "italic" in emphasis or None
    if "strike" in emphasis:
        run.font.strike = True
    if kind == "code_inline":
        run.font.name = "Courier New"
    if address:
        _link(paragraph, run, address)


def _allowed(address: str) -> str:
    return address if address.partition(":")[0].lower() in ADDRESSES else ""


def _link(paragraph: Any, run: Any, address: str) -> None:
    """Word has a link around its words."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run.font.underline = True
    paragraph._p.replace(run._r, link)
    link.append(run._r)


def _new_numbering(document: Any, start: int) -> int:
    """A list that begins to count anew; what is answered is its number among Word's lists."""
    numbering = document.part.numbering_part.element
    style = document.styles["List Number"].element.pPr.numPr.numId.val
    abstract = next(num for num in numbering.num_lst if num.numId == style).abstractNumId.val
    number = numbering.add_num(abstract)
    number.add_lvlOverride(ilvl=0).add_startOverride(start)
    return int(number.numId)


def _number(paragraph: Any, number: int) -> None:
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = number


def _turn_leftwards(paragraph: Any) -> None:
    from docx.oxml import OxmlElement

    paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
