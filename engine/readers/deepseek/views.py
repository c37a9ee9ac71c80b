"""A page image as DeepSeek's models want to see it: one view of the whole page, and perhaps tiles of it.

Pixel for pixel what the publisher's own preparation gives, in Pillow and float32.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

GREY = (127, 127, 127)
NARROWEST = 800
"""How many times longer than wide a page may be."""
Pixels = NDArray[np.float32]
Grid = tuple[int, int]
"""Columns and rows of tiles; (1, 1) means that there are none."""


@dataclass(frozen=True, slots=True)
class ViewMode:
    """How a page becomes views. The whole page is `side` pixels square, padded or stretched to it.

    Tiles have `tile` pixels a side; there are 2 to `most_tiles` of them for a page larger than one tile.
    """

    side: int
    stretch: bool = False
    tile: int = 0
    most_tiles: int = 0


@dataclass(frozen=True, slots=True)
class Views:
    """Pixels in [3, height, width], from -1 to 1. Tiles go row by row, left to right."""

    whole: Pixels
    tiles: tuple[Pixels, ...]
    grid: Grid


def make_views(image: Image.Image, mode: ViewMode, longest_side: int | None = None) -> Views:
    """Turns the page upright as its file says, and reduces it first when it is longer than `longest_side`."""
    page = _wide_enough(_opaque(ImageOps.exif_transpose(image)))
    if longest_side and max(page.size) > longest_side:
        page = ImageOps.contain(page, (longest_side, longest_side), Image.Resampling.LANCZOS)
    square = (mode.side, mode.side)
    whole = page.resize(square) if mode.stretch else ImageOps.pad(page, square, color=GREY)
    grid = grid_of(page.size, mode)
    tiles = _tiles(page, grid, mode.tile) if grid != (1, 1) else ()
    return Views(_pixels(whole), tuple(_pixels(tile) for tile in tiles), grid)


def _opaque(image: Image.Image) -> Image.Image:
    """Transparency is dropped, as the publisher drops it; a palette's needs the way over RGBA."""
    return (image.convert("RGBA") if "transparency" in image.info else image).convert("RGB")


def _wide_enough(page: Image.Image) -> Image.Image:
    """A strip narrower than any view has pixels for gets paper at its side; the publisher's code gives up."""
    shortest = -(-max(page.size) // NARROWEST)
    if min(page.size) >= shortest:
        return page
    paper = Image.new("RGB", (max(page.width, shortest), max(page.height, shortest)), "white")
    paper.paste(page)
    return paper


def grid_of(size: tuple[int, int], mode: ViewMode) -> Grid:
    """The grid whose shape is nearest to the page's. Of two as near, a page with pixels enough gets more."""
    width, height = size
    if max(size) <= mode.tile or not mode.tile:
        return 1, 1
    best, distance = (1, 1), float("inf")
    for columns, rows in _grids(mode.most_tiles):
        off = abs(width / height - columns / rows)
        filled = width * height > 0.5 * mode.tile**2 * columns * rows
        if off < distance or (off == distance and filled):
            best, distance = (columns, rows), off
    return best


def _grids(most: int) -> list[Grid]:
    every = [(columns, rows) for columns in range(1, most + 1) for rows in range(1, most + 1)]
    return sorted(
        (grid for grid in every if 2 <= grid[0] * grid[1] <= most), key=lambda grid: grid[0] * grid[1]
    )


def _tiles(page: Image.Image, grid: Grid, side: int) -> Iterator[Image.Image]:
    columns, rows = grid
    fitted = page.resize((columns * side, rows * side))
    for row in range(rows):
        for column in range(columns):
            left, top = column * side, row * side
            yield fitted.crop((left, top, left + side, top + side))


def _pixels(image: Image.Image) -> Pixels:
    levels = np.asarray(image, dtype=np.float32) / np.float32(255)
    return np.ascontiguousarray(((levels - np.float32(0.5)) / np.float32(0.5)).transpose(2, 0, 1))
