"""Draw papertray's icon: a sheet going into a tray. `python packaging/draw_icons.py` writes packaging/icons/.

Each size is drawn for itself, eight times as large, and made smaller: small ones have fewer, thicker lines.
"""

import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageDraw

ICONS = Path(__file__).parent / "icons"
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
FINER = 8

PAPER, EDGE, FOLD, TEXT, HEADING = "#ffffff", "#9aa7b8", "#d5dde8", "#8795a8", "#e0782f"
WALL, FRONT, LIP = "#1d4377", "#2f6db5", "#5c97d8"


@dataclass(frozen=True)
class Detail:
    """How much is drawn: lines of text as (height, right end), and how thick they are, in sixteenths."""

    lines: tuple[tuple[float, float], ...]
    stroke: float


SMALL = Detail(lines=((4.5, 9), (6.5, 11)), stroke=1)
LARGE = Detail(lines=((3.2, 8.3), (4.7, 11), (6.2, 11), (7.7, 10)), stroke=0.65)


@dataclass(frozen=True)
class Canvas:
    """Draws in sixteenths of the icon, which are whole pixels of the smallest."""

    draw: ImageDraw.ImageDraw
    side: int

    def polygon(self, colour: str, *points: tuple[float, float]) -> None:
        self.draw.polygon([(x * self.side / 16, y * self.side / 16) for x, y in points], fill=colour)

    def box(self, colour: str, left: float, top: float, right: float, bottom: float, round_: float) -> None:
        ends = (right * self.side / 16 - 1, bottom * self.side / 16 - 1)  # Pillow draws the last one, too
        corners = (left * self.side / 16, top * self.side / 16, *ends)
        self.draw.rounded_rectangle(corners, round_ * self.side / 16, fill=colour)


def draw(size: int) -> Image.Image:
    image = Image.new("RGBA", (size * FINER,) * 2)
    canvas = Canvas(ImageDraw.Draw(image), size * FINER)
    detail = SMALL if size <= 32 else LARGE
    canvas.polygon(WALL, (3, 7), (13, 7), (15, 11), (1, 11))
    sheet(canvas, detail, outline=max(0.2, 16 / size))
    tray(canvas)
    return image.resize((size, size), Image.Resampling.BOX)


def sheet(canvas: Canvas, detail: Detail, outline: float) -> None:
    folded(canvas, EDGE, outline)
    folded(canvas, PAPER, 0)
    canvas.polygon(FOLD, (10, 1), (10, 3), (12, 3))
    for number, (height, right) in enumerate(detail.lines):
        half = detail.stroke / 2
        canvas.box(TEXT if number else HEADING, 5, height - half, right, height + half, half / 2)


def folded(canvas: Canvas, colour: str, wider: float) -> None:
    """The sheet, its upper right corner turned down."""
    left, top, right = 4 - wider, 1 - wider, 12 + wider
    slant = wider / 2  # keeps the slanted edge as wide as the straight ones
    canvas.polygon(colour, (left, top), (10 + slant, top), (right, 3 - slant), (right, 12), (left, 12))


def tray(canvas: Canvas) -> None:
    """Its front, lower in the middle so that the sheet is seen going in."""
    rim = ((1, 10), (5, 10), (6, 11.5), (10, 11.5), (11, 10), (15, 10))
    canvas.polygon(FRONT, *rim, (15, 14), (1, 14))
    canvas.box(FRONT, 1, 12, 15, 15, 1)
    for (x1, y1), (x2, y2) in pairwise(rim):
        canvas.polygon(LIP, (x1, y1), (x2, y2), (x2, y2 + 0.6), (x1, y1 + 0.6))


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    drawn = {size: draw(size) for size in SIZES}
    for size, image in drawn.items():
        image.save(folder / f"papertray-{size}.png", optimize=True)
    largest = drawn[256]
    others = [drawn[size] for size in SIZES if size < 256]
    largest.save(folder / "papertray.ico", append_images=others, sizes=[(size, size) for size in SIZES[:-1]])
    drawn[512].save(folder / "papertray.icns", append_images=list(drawn.values()))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else ICONS)
