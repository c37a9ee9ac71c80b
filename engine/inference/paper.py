"""A page image as any model may take it: upright, in RGB, on white paper, neither too long nor too narrow."""

from PIL import ExifTags, Image, ImageOps

_LONGEST_SHAPE = 200  # times as long as wide; the models' resizing refuses anything longer


def put_on_paper(image: Image.Image) -> Image.Image:
    """Turned as its file says; transparent parts become white, and so does what a narrow strip lacks.

    The picture itself where nothing is to be done.
    """
    page = _on_white(_upright(image))
    size = widen(*page.size)
    if size == page.size:
        return page
    paper = Image.new("RGB", size, "white")
    paper.paste(page)
    return paper


def widen(width: int, height: int) -> tuple[int, int]:
    shortest = -(-max(width, height) // _LONGEST_SHAPE)
    return max(width, shortest), max(height, shortest)


def fit_within(width: int, height: int, longest_side: int | None, step: int) -> tuple[int, int]:
    """The size in the same shape whose longer side keeps to the cap also when it is rounded to steps."""
    cap = longest_side and max(longest_side // step * step, step)
    if not cap or max(width, height) <= cap:
        return width, height
    scale = cap / max(width, height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _upright(image: Image.Image) -> Image.Image:
    """Itself where it is: a copy of a page costs 15 MB."""
    return image if image.getexif().get(ExifTags.Base.Orientation, 1) == 1 else ImageOps.exif_transpose(image)


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image if image.mode == "RGB" else image.convert("RGB")
    page = image.convert("RGBA")
    paper = Image.new("RGB", page.size, "white")
    paper.paste(page, mask=page.getchannel("A"))
    return paper
