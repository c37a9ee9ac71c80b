"""Pages as a scanner gives them, drawn together with what a reader would say of them, boxes and all."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from papertray.engine.errors import Cancelled, NothingRead
from papertray.engine.pages import (
    Block,
    BlockKind,
    Box,
    DoubtfulWord,
    Figure,
    PageImage,
    PageText,
    ReaderIdentity,
    Watch,
)

SIZE = WIDTH, HEIGHT = 1000, 1414
MARGIN = 110
HOSTILE = (
    "# Hostile <script>window.ran = 1</script>\n\n<img src=x onerror='window.ran = 2'>\n\n"
    "<a id=bait href='javascript:window.ran = 3'>press me</a> [or me](javascript:window.ran=4)\n\n"
    "<svg onload='window.ran = 5'><script>window.ran = 6</script></svg>\n\n"
    "<p style='position:fixed' onmouseover='window.ran = 7'>hover</p>\n\n"
    "$\\text{<img src=x onerror=window.ran=8>}$"
)


@dataclass
class Sheet:
    """A page that is drawn from the top down; what is drawn is also what is read."""

    image: Image.Image = field(default_factory=lambda: Image.new("RGB", SIZE, "#fffefa"))
    blocks: list[Block] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    doubts: list[DoubtfulWord] = field(default_factory=list)
    confidence: float | None = None
    y: int = 120

    def write(
        self, kind: BlockKind, shown: str, size: int = 24, markdown: str = "", gap: int = 34
    ) -> "Sheet":
        pen, font = ImageDraw.Draw(self.image), ImageFont.load_default(size)
        lines = shown.split("\n")
        wide = max(pen.textlength(line, font) for line in lines)
        tall = round(len(lines) * size * 1.45)
        for number, line in enumerate(lines):
            pen.text((MARGIN, self.y + number * size * 1.45), line, "#222", font)
        self._say(kind, markdown or shown.replace("\n", " "), self.y - 6, self.y + tall, MARGIN + wide + 8)
        self.y += tall + gap
        return self

    def plot(self, name: str) -> "Sheet":
        pen, top = ImageDraw.Draw(self.image), self.y
        pen.rectangle((MARGIN, top, MARGIN + 520, top + 260), "#eef3f9", "#b9c8da")
        for place, high in enumerate((60, 110, 90, 170, 150, 220)):
            left = MARGIN + 40 + place * 78
            pen.rectangle((left, top + 240 - high, left + 48, top + 240), "#2f6db5")
        cut = io.BytesIO()
        self.image.crop((MARGIN, top, MARGIN + 521, top + 261)).save(cut, "PNG")
        self.figures.append(Figure(name, cut.getvalue()))
        self._say(BlockKind.FIGURE, f"![Sheets by month](figure:{name})", top, top + 261, MARGIN + 521)
        self.y += 300
        return self

    def doubt(self, read: str, certain: float, line: str, size: int, up: int) -> "Sheet":
        """`line` was written last but for `up` pixels, and its last word read as this."""
        font = ImageFont.load_default(size)
        left = MARGIN + font.getlength(line[: line.rindex(" ") + 1])
        right, top = MARGIN + font.getlength(line), self.y - up
        box = Box(left / WIDTH, top / HEIGHT, right / WIDTH, (top + size * 1.25) / HEIGHT)
        self.doubts.append(DoubtfulWord(read, certain, box))
        return self

    def _say(self, kind: BlockKind, markdown: str, top: float, bottom: float, right: float) -> None:
        box = Box((MARGIN - 8) / WIDTH, top / HEIGHT, min(right, WIDTH) / WIDTH, bottom / HEIGHT)
        self.blocks.append(Block(kind, markdown, box))

    @property
    def text(self) -> PageText:
        return PageText(
            tuple(self.blocks),
            figures=tuple(self.figures),
            confidence=self.confidence,
            doubtful_words=tuple(self.doubts),
        )


def report() -> list[Sheet]:
    first = (
        Sheet()
        .write(BlockKind.TITLE, "Quarterly scanning report", 46, "# Quarterly scanning report", 20)
        .write(BlockKind.TEXT, "Prepared for the archive, third quarter", 22)
        .write(
            BlockKind.TEXT,
            "The archive took in 1,284 sheets this quarter, most of them\n"
            "letters and invoices. Reading kept pace with the scanner on\nall but four days.",
        )
        .write(BlockKind.HEADING, "Pages by kind", 32, "## Pages by kind", 18)
        .write(
            BlockKind.TABLE,
            "Kind              Sheets      Share\nLetters              702        55 %\n"
            "Invoices            391        30 %\nDrawings            191        15 %",
            24,
            "| Kind | Sheets | Share |\n| --- | --- | --- |\n| Letters | 702 | 55 % |\n"
            "| Invoices | 391 | 30 % |\n| Drawings | 191 | 15 % |",
        )
        .write(BlockKind.HEADING, "How long a page takes", 32, "## How long a page takes", 18)
        .write(
            BlockKind.FORMULA,
            "t  =  v / r  +  n · d",
            30,
            "$$\nt = \\frac{v}{r} + \\sum_{i=1}^{n} d_i\n$$",
        )
        .write(
            BlockKind.TEXT,
            "where v is the size of the view and d the time of one word.",
            markdown="where $v$ is the size of the view and $d$ the time of one word.",
        )
        .plot("figure-1.png")
        .write(BlockKind.CAPTION, "Figure 1. Sheets by month.", 20, "*Figure 1. Sheets by month.*")
    )
    second = (
        Sheet()
        .write(BlockKind.HEADING, "What comes next", 32, "## What comes next", 18)
        .write(
            BlockKind.LIST,
            "•  Scan the drawings of 1962 to 1968\n•  Name boxes by year\n•  Ask the county for its index",
            24,
            "- Scan the drawings of 1962 to 1968\n- Name boxes by year\n- Ask the county for its index",
        )
        .write(BlockKind.FOOTER, "2", 18)
    )
    return [first, second]


def ledger() -> list[Sheet]:
    """Five pages, the second badly scanned; of the fourth a second reader doubts a word."""
    pages = []
    for number in range(1, 6):
        sheet = Sheet(confidence=0.99, y=120 * number)  # each page looks different
        sheet.write(BlockKind.HEADING, f"Ledger, page {number}", 48)
        line = "On the third day the herring came into the harbour"
        if number % 2:
            sheet.write(BlockKind.TEXT, line)
        else:
            said = line.replace("harbour", "barhour")
            sheet.write(BlockKind.TEXT, line, markdown=f"{said} of the harbour")
            sheet.doubt("barhour", 0.43, line, 24, up=69)
            sheet.confidence = 0.71
        if number == 4:
            sheet.confidence, sheet.doubts = None, [DoubtfulWord("barhour")]
        pages.append(sheet)
    return pages


def save(sheets: Sequence[Sheet], path: Path) -> Path:
    """As a picture, or as a PDF."""
    first, *rest = [sheet.image for sheet in sheets]
    if path.suffix == ".pdf":
        first.save(path, save_all=True, append_images=rest, resolution=120)
    else:
        first.save(path)
    return path


class KnowingReader:
    """Knows what these sheets say, by their look; of other pages it says that they are plain.

    `before` is called with each page, and may wait. A red page cannot be read, unless `forgives` is set.
    """

    identity = ReaderIdentity("deepseek-ocr-2", "aaa02f38", "cpu")
    batch = 1
    why = rung = ""

    def __init__(
        self, sheets: Sequence[Sheet] = (), before: Callable[[PageImage], None] = lambda _page: None
    ) -> None:
        self._known = [(_look(sheet.image), sheet.text) for sheet in sheets]
        self.before = before
        self.forgives = False

    def read(self, pages: Sequence[PageImage], watch: Watch) -> list[PageText]:
        return [self._read(page, watch) for page in pages]

    def close(self) -> None:
        pass

    def _read(self, page: PageImage, watch: Watch) -> PageText:
        self.before(page)
        if watch.cancelled:
            raise Cancelled
        if page.image.convert("RGB").resize((1, 1)).getpixel((0, 0)) == (255, 0, 0) and not self.forgives:
            raise NothingRead(found=False)
        look = _look(page.image)
        for known, text in self._known:
            if max(abs(one - other) for one, other in zip(known, look, strict=True)) <= NEAR:
                return text
        return PageText((Block(BlockKind.TEXT, "A plain page.", Box(0.1, 0.1, 0.9, 0.3)),))


NEAR = 4  # grey levels by which a page differs from itself once it went through a PDF


def _look(image: Image.Image) -> bytes:
    return image.convert("L").resize((10, 14), Image.Resampling.BOX).tobytes()
