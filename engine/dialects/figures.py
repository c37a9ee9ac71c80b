"""Pictures cut from the page image where a model saw them."""

import io

from papertray.engine.pages import FIGURE_SCHEME, Box, Figure, PageImage

_SMALLEST = 8  # pixels; anything narrower is a line or a slip of the model


def cut_figure(page: PageImage, box: Box, number: int) -> Figure | None:
    """The `number`th figure of the page as PNG; None when there is next to nothing inside the box."""
    width, height = page.image.size
    left, top = int(box.left * width), int(box.top * height)
    right, bottom = round(box.right * width), round(box.bottom * height)
    if right - left < _SMALLEST or bottom - top < _SMALLEST:
        return None
    png = io.BytesIO()
    page.image.crop((left, top, right, bottom)).save(png, "PNG")
    return Figure(f"figure-{number}.png", png.getvalue())


def figure_link(figure: Figure) -> str:
    alt = figure.name.removesuffix(".png").replace("-", " ").capitalize()
    return f"![{alt}]({FIGURE_SCHEME}{figure.name})"
