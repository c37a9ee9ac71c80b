"""Bind pages of documents to new PDFs, in a child process: nothing of what is drawn on them is touched.

Takes open documents and lists of their pages; gives a PDF for each list, the same bytes every time.
"""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import BinaryIO, cast

from papertray.engine.beneath import HeldFile, Source, open_source
from papertray.engine.children.command import module_command
from papertray.engine.documents import DocumentLimits
from papertray.engine.render_child.frames import Header
from papertray.engine.renderer.attended import AttendedChild

COMMAND = module_command("papertray.engine.pdf_child")
SECONDS = 600.0
"""For a whole pile."""


def bind_pages(
    sources: Sequence[tuple[Source, int]],
    parts: Sequence[Sequence[tuple[int, int]]],
    limits: DocumentLimits,
) -> list[bytes]:
    """Each source comes with how many pages it must have, or a DocumentError says that it is damaged.

    Of each page, which of the sources it is from, counted from 0, and its number there, from 1.
    """
    child = AttendedChild(COMMAND, limits)
    try:
        with _one_file([source for source, _ in sources]) as (file, lengths):
            counts = [count for _, count in sources]
            asked = {"lengths": lengths, "counts": counts, "parts": parts, "seconds": SECONDS}
            return child.ask(file, None, _parse, more=asked, seconds=SECONDS)
    finally:
        child.end()


@contextmanager
def _one_file(sources: Sequence[Source]) -> Iterator[tuple[Source, list[int]]]:
    """The child takes one open file: several lie in it one behind the other."""
    if len(sources) == 1:
        yield sources[0], []
        return
    with ExitStack() as stack:
        together = cast(BinaryIO, stack.enter_context(tempfile.TemporaryFile()))
        lengths = [_append(stack.enter_context(_opened(source)), together) for source in sources]
        together.flush()
        yield HeldFile(sources[0].path, together.fileno()), lengths


@contextmanager
def _opened(source: Source) -> Iterator[BinaryIO]:
    with open_source(source) as descriptor, os.fdopen(os.dup(descriptor), "rb") as file:
        file.seek(0)
        yield file


def _append(file: BinaryIO, together: BinaryIO) -> int:
    content = file.read()
    together.write(content)
    return len(content)


def _parse(header: Header, body: bytearray) -> list[bytes]:
    at, parts = 0, []
    for length in map(int, header["lengths"]):
        parts.append(bytes(body[at : at + length]))
        at += length
    return parts
