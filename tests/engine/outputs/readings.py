"""Documents as if they had been read: for the writers of outputs."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from papertray.engine.beneath import NamedFile
from papertray.engine.markdown import FailedPage
from papertray.engine.outputs.reading import FinishedReading
from papertray.engine.pages import Block, BlockKind, Box, PageText, ReaderIdentity
from papertray.engine.text_lines import TextLine

READER = ReaderIdentity("quick", "1", "cpu")


def line(text: str, top: float, left: float = 0.1, right: float = 0.9, **more: Any) -> TextLine:
    return TextLine(text, (left, top, right, top, left, top + 0.03), **more)


def page(*texts: str, top: float = 0.1, **more: Any) -> PageText:
    """Each text is a block that takes one line."""
    blocks = tuple(
        Block(BlockKind.TEXT, text, Box(0.1, top + 0.1 * at, 0.9, top + 0.1 * at + 0.03))
        for at, text in enumerate(texts)
    )
    lines = tuple(line(text, top + 0.1 * at) for at, text in enumerate(texts))
    return PageText(blocks, lines=lines, **more)


def reading(
    file: Path, *pages: PageText | FailedPage, figures: Mapping[tuple[int, str], bytes] = MappingProxyType({})
) -> FinishedReading:
    return FinishedReading(
        file.name,
        "0" * 64,
        READER,
        datetime(2026, 11, 26, 12, tzinfo=UTC),
        pages,
        figures,
        NamedFile(file) if file.exists() else None,
    )
