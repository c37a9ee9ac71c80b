"""What the child answered, as values or as the error it means. Believes nothing that does not add up."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from papertray.engine import errors
from papertray.engine.documents import Fingerprint, Outline, PageSize
from papertray.engine.render_child import frames

if TYPE_CHECKING:
    from papertray.engine.written import Layer

PROBLEMS: dict[str, Callable[..., errors.DocumentError]] = {
    error.__name__: error
    for error in (
        errors.DiskTrouble,
        errors.EmptyFile,
        errors.NoPages,
        errors.NoSuchPage,
        errors.NotADocument,
        errors.NotAFile,
        errors.PageTooLarge,
        errors.PdfLocked,
        errors.RendererOutOfMemory,
        errors.TooLarge,
        errors.TooManyPages,
        errors.Truncated,
        errors.Unreadable,
    )
}


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A page as it came: rows of `stride` bytes, 8-bit RGB. Made an image only when somebody takes it.

    `layer` is what is written on it; then there may be no pixels, and no stride.
    """

    size: PageSize
    stride: int
    data: bytearray
    file: Fingerprint
    layer: "Layer | None" = None


def parse_problem(header: frames.Header, path: Path) -> errors.DocumentError | None:
    """The error that an answer stands for, if it is not a page or an outline."""
    if "problem" not in header:
        return None
    problem = PROBLEMS[header["problem"]](path, *header["values"])
    problem.add_note(str(header["place"]))
    return problem


def parse_outline(header: frames.Header, _body: bytearray) -> tuple[Outline, Fingerprint]:
    pages = tuple(_size(page) for page in header["pages"])
    return Outline(str(header["kind"]), pages), Fingerprint(*header["file"])


def parse_drawing(header: frames.Header, data: bytearray) -> DrawnPage:
    size, stride = _size(header["size"]), int(header["stride"])
    if "written" in header:
        return _written(header, data, size, stride)
    if stride < size.width * 3 or stride * size.height != len(data):
        raise frames.BrokenFrame("a page that is not as large as it says")
    return DrawnPage(size, stride, data, Fingerprint(*header["file"]))


def _written(header: frames.Header, data: bytearray, size: PageSize, stride: int) -> DrawnPage:
    """Of a page that something is written on, no pixels are sent yet."""
    from papertray.engine.renderer.layers import parse_layer

    if stride:
        raise frames.BrokenFrame("pixels that nobody asked for")
    layer = parse_layer(header["written"], memoryview(data), size)
    return DrawnPage(size, 0, bytearray(), Fingerprint(*header["file"]), layer)


def _size(numbers: list[float | None]) -> PageSize:
    width, height, dots = numbers
    if not width or not height:
        raise frames.BrokenFrame("a page without a size")
    return PageSize(int(width), int(height), dots)
