"""Make a document of a file that came open, whatever that turns out to be, and keep the last one open.

The kind is told from the bytes, not from the name. No path is ever opened here.
"""

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import BinaryIO

from papertray.engine.documents import HEAD, DocumentLimits, Fingerprint, kind_of_file
from papertray.engine.errors import EmptyFile, NotADocument, NotAFile
from papertray.engine.render_child.document import OpenDocument, Refusal

Opener = Callable[[str, BinaryIO, str, DocumentLimits], OpenDocument]
"""Makes a document of a file's name, the open file and its kind."""


@dataclass(frozen=True, slots=True)
class OpenFile:
    info: os.stat_result
    kind: str
    file: BinaryIO
    document: OpenDocument
    dots_per_inch: int

    @property
    def fingerprint(self) -> Fingerprint:
        return Fingerprint.of(self.info)

    def is_same(self, info: os.stat_result, dots_per_inch: int) -> bool:
        is_same_file = os.path.samestat(self.info, info) and self.fingerprint.matches(info)
        return is_same_file and self.dots_per_inch == dots_per_inch

    def close(self) -> None:
        self.document.close()
        self.file.close()


class DocumentCache:
    """Holds one document open at most: opening a book anew for each page would cost more than a page."""

    def __init__(self, limits: DocumentLimits, opener: Opener) -> None:
        self._limits = limits
        self._opener = opener
        self._open: OpenFile | None = None

    def take(self, descriptor: int, name: str, dots_per_inch: int | None = None) -> OpenFile:
        """The document that is open as `descriptor`, which is ours from now on."""
        limits = self._limits
        if dots_per_inch is not None:
            limits = replace(limits, dots_per_inch=dots_per_inch)
        file = os.fdopen(descriptor, "rb")
        try:
            info = os.fstat(descriptor)
            kept = self._open
            if kept and kept.is_same(info, limits.dots_per_inch):
                file.close()
                return kept
            self.clear()
            kind = _kind(file, info)
            document = self._opener(name, file, kind, limits)
        except BaseException:
            file.close()
            raise
        self._open = OpenFile(info, kind, file, document, limits.dots_per_inch)
        return self._open

    def clear(self) -> None:
        """Close what is open: on some systems nobody can move or delete a file that somebody reads."""
        if self._open:
            kept, self._open = self._open, None
            kept.close()


def _kind(file: BinaryIO, info: os.stat_result) -> str:
    if not stat.S_ISREG(info.st_mode):
        raise Refusal(NotAFile)
    if info.st_size == 0:
        raise Refusal(EmptyFile)
    file.seek(0)  # whoever opened it may have read it
    kind = kind_of_file(file.read(HEAD))
    if kind is None:
        raise Refusal(NotADocument)
    file.seek(0)
    return kind
