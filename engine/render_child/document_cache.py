"""Open the file a path leads to, whatever that turns out to be, and keep the last document open.

A FIFO or a device is never waited for, and the kind is told from the bytes that were opened, not from the
name.
"""

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from papertray.engine.documents import HEAD, DocumentLimits, Fingerprint, kind_of_file
from papertray.engine.errors import EmptyFile, NotADocument, NotAFile
from papertray.engine.render_child.document import OpenDocument, Refusal

Opener = Callable[[bytes, BinaryIO, str, DocumentLimits], OpenDocument]
"""Makes a document of a path, its open file and its kind."""


@dataclass(frozen=True, slots=True)
class OpenFile:
    path: bytes
    fingerprint: Fingerprint
    kind: str
    file: BinaryIO
    document: OpenDocument

    def close(self) -> None:
        self.document.close()
        self.file.close()


class DocumentCache:
    """Holds one document open at most: opening a book anew for each page would cost more than a page."""

    def __init__(self, limits: DocumentLimits, opener: Opener) -> None:
        self._limits = limits
        self._opener = opener
        self._open: OpenFile | None = None

    def take(self, path: bytes) -> OpenFile:
        """The document at `path` as it is now."""
        kept = self._open
        if kept and kept.path == path and kept.fingerprint.matches(os.stat(path)):  # noqa: PTH116
            return kept
        self.clear()
        self._open = self._opened(path)
        return self._open

    def clear(self) -> None:
        """Close what is open: on some systems nobody can move or delete a file that somebody reads."""
        if self._open:
            kept, self._open = self._open, None
            kept.close()

    def _opened(self, path: bytes) -> OpenFile:
        file = open_file(path)
        try:
            seen = os.fstat(file.fileno())
            kind = _kind(file, seen)
            return OpenFile(
                path, Fingerprint.of(seen), kind, file, self._opener(path, file, kind, self._limits)
            )
        except BaseException:
            file.close()
            raise


def open_file(path: bytes) -> BinaryIO:
    _refuse_what_is_no_file(os.stat(path))  # noqa: PTH116  # a path made of bytes is no `Path`
    flags = (
        os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOCTTY", 0)
    )
    file = os.fdopen(os.open(path, flags), "rb")
    try:
        _refuse_what_is_no_file(os.fstat(file.fileno()))  # it may have been replaced since
    except BaseException:
        file.close()
        raise
    return file


def _refuse_what_is_no_file(seen: os.stat_result) -> None:
    if not stat.S_ISREG(seen.st_mode):
        raise Refusal(NotAFile)


def _kind(file: BinaryIO, seen: os.stat_result) -> str:
    if seen.st_size == 0:
        raise Refusal(EmptyFile)
    kind = kind_of_file(file.read(HEAD))
    if kind is None:
        raise Refusal(NotADocument)
    file.seek(0)
    return kind
