"""Bind pages of documents to new PDFs, in a child process: nothing of what is drawn on them is touched.

Takes open documents and lists of their pages; gives a PDF for each list, the same bytes every time. Only as
many are in memory at once as are about 32 MiB together.
"""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, BinaryIO, cast

from papertray.engine.beneath import HeldFile, Source, open_source
from papertray.engine.children.command import module_command
from papertray.engine.documents import DocumentLimits
from papertray.engine.render_child.frames import Header
from papertray.engine.renderer.attended import AttendedChild

COMMAND = module_command("papertray.engine.pdf_child")
SECONDS = 600.0
"""For what is made at once."""
AT_ONCE = 32 << 20  # bytes, about


Page = tuple[int, int]
"""Which of the sources it is from, counted from 0, and its number there, from 1."""


def bind_pages(
    sources: Sequence[tuple[Source, int]], parts: Sequence[Sequence[Page]], limits: DocumentLimits
) -> Iterator[bytes]:
    """Each source comes with how many pages it must have, or a DocumentError says that it is damaged."""
    counts = [count for _, count in sources]
    with _one_file([source for source, _ in sources]) as (file, lengths):
        with open_source(file) as descriptor:
            size = os.fstat(descriptor).st_size
        for some in group_parts(parts, max(1, AT_ONCE * sum(counts) // max(size, 1))):
            asked = {"lengths": lengths, "counts": counts, "parts": some, "seconds": SECONDS}
            yield from _bind(file, asked, limits)


def group_parts(parts: Sequence[Sequence[Page]], most: int) -> Iterator[list[Sequence[Page]]]:
    """Parts that follow each other and have no more than so many pages together; or one that has more."""
    group: list[Sequence[Page]] = []
    for part in parts:
        if group and sum(map(len, group)) + len(part) > most:
            yield group
            group = []
        group.append(part)
    if group:
        yield group


def _bind(file: Source, asked: dict[str, Any], limits: DocumentLimits) -> list[bytes]:
    child = AttendedChild(COMMAND, limits)
    try:
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
