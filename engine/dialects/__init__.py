"""From what a model wrote to blocks of Markdown: one module for each dialect, no model and no disk.

A dialect turns the raw answer into `Piece`s; `compose` turns pieces into what a note can show.
"""

from dataclasses import dataclass

from papertray.engine.pages import Block, BlockKind, Box, Figure


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that a model named on the page, still in the model's own words."""

    kind: BlockKind
    text: str = ""
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversion:
    """What a raw answer became. `warnings` are sentences for the reader of the note."""

    blocks: tuple[Block, ...]
    figures: tuple[Figure, ...] = ()
    warnings: tuple[str, ...] = ()
