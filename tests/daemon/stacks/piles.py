"""Piles as a scanner leaves them, drawn by the tests: pages, blank sheets, separators."""

from collections.abc import Sequence
from pathlib import Path

import zxingcpp
from PIL import Image, ImageDraw

BLANK, SEPARATOR, QR = "", "|PATCHT|Code128", "|PATCHT|QRCode"
SIZE = (420, 300)


def draw_sheet(says: str, shade: int = 0) -> Image.Image:
    sheet = Image.new("L", SIZE, "white")
    if says.startswith("|"):
        _, text, kind = says.split("|")
        code = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind))
        drawn = Image.fromarray(zxingcpp.write_barcode_to_image(code, scale=2)).convert("L")
        sheet.paste(drawn.crop((0, 0, drawn.width, min(drawn.height, 120))), (80, 60))
    ImageDraw.Draw(sheet).text((90, 130), "" if says.startswith("|") else says, fill=shade, font_size=40)
    return sheet


def draw_pile(path: Path, sheets: Sequence[str], shade: int = 0) -> Path:
    """A PDF, or a TIFF, as the name says, that is drawn dot for dot."""
    first, *others = [draw_sheet(says, shade) for says in sheets]
    resolution = {"resolution": 200.0} if path.suffix == ".pdf" else {"dpi": (200, 200)}
    first.save(path, save_all=True, append_images=others, **resolution)
    return path
