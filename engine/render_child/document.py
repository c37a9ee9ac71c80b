"""What every kind of document offers the child: page sizes first, pixels on demand, one page at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from papertray.engine.documents import DocumentLimits, PageSize
from papertray.engine.errors import DocumentError, TooLarge
from papertray.engine.render_child.frames import Header


class Refusal(Exception):
    """The document, or one page of it, is not read. The parent, who knows its name, makes the sentence."""

    def __init__(self, error: type[DocumentError], *values: float) -> None:
        super().__init__(error.__name__, *values)
        self.error = error
        self.values = values


@dataclass(frozen=True, slots=True)
class WrittenFrame:
    """What is written on a page: numbers and text to tell, and the bytes of its letters and of a sketch."""

    told: Header
    parts: tuple[bytes | memoryview, ...]

    @property
    def length(self) -> int:
        return sum(map(len, self.parts))


@dataclass(frozen=True, slots=True)
class PageDrawing:
    """One page's pixels, 8-bit RGB, rows of `stride` bytes. `parts` may be made as they are sent.

    A page that something is written on may come without pixels, and then has no stride.
    """

    size: PageSize
    stride: int
    parts: Iterable[bytes | memoryview]
    written: WrittenFrame | None = None


class OpenDocument(Protocol):
    """An open document. `pages` may hold pages that `draw` refuses."""

    @property
    def pages(self) -> tuple[PageSize, ...]: ...
    def draw(self, number: int) -> PageDrawing: ...
    def look(self, number: int) -> PageDrawing:
        """What is written on the page, where it is known; else its pixels."""
        ...

    def close(self) -> None: ...


def refuse_too_many_pixels(size: PageSize, limits: DocumentLimits) -> None:
    if size.pixels > limits.max_megapixels * 1_000_000:
        raise Refusal(TooLarge, size.width, size.height, limits.max_megapixels)
