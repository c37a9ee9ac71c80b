"""What a document is: the kinds papertray knows, the sizes of its pages, the limits for untrusted files.

Plain values and one pure decision. No file is opened here and nothing heavy is imported: an idle daemon pays
for this module.
"""

import os
import struct
from dataclasses import dataclass
from typing import Literal

_ENDINGS = (
    "pdf png jpg jpeg jpe jfif webp avif avifs bmp dib gif"
    " tif tiff heic heics heif heifs hif jp2 j2k jpx jpf j2c"
)
SUFFIXES = frozenset(f".{ending}" for ending in _ENDINGS.split())
"""What people call documents. Only the content decides what a file is; see `kind_of_file`."""

SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"BM", "bmp"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"II+\x00", "tiff"),
    (b"MM\x00+", "tiff"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "jpeg2000"),
    (b"\xff\x4f\xff\x51", "jpeg2000"),
)
BRANDS = (
    (frozenset({b"avif", b"avis"}), "avif"),
    (
        frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}),
        "heic",
    ),
)
_BITMAP = struct.Struct("<IiiHHI")
_BITMAP_LENGTHS = (40, 52, 56, 64, 108, 124)
HEAD = 1024
"""How much of a file's beginning decides its kind; a PDF may carry this much of something else before it."""


def kind_of_file(head: bytes) -> str | None:
    """The kind of the document that begins with `head`, or None for anything papertray does not read."""
    for signature, kind in SIGNATURES:
        if head.startswith(signature):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp":
        return _kind_of_brands(head)
    if _is_bare_bitmap(head):
        return "dib"
    return "pdf" if b"%PDF-" in head[:HEAD] else None


def _is_bare_bitmap(head: bytes) -> bool:
    """A BMP without its first header, as old programs store them: it has no signature, but a form."""
    if len(head) < _BITMAP.size:
        return False
    length, width, height, planes, bits, packing = _BITMAP.unpack_from(head)
    plausible = 0 < width < 1 << 16 and 0 < abs(height) < 1 << 16 and planes == 1
    return plausible and length in _BITMAP_LENGTHS and bits in (1, 4, 8, 16, 24, 32) and packing < 4


def _kind_of_brands(head: bytes) -> str | None:
    """AVIF and HEIC share a container; what its first box says of itself tells them apart."""
    length = int.from_bytes(head[:4], "big")
    listed = head[16 : max(16, min(length, len(head)))]
    brands = {head[8:12], *(listed[at : at + 4] for at in range(0, len(listed), 4))}
    return next((kind for known, kind in BRANDS if brands & known), None)


@dataclass(frozen=True, slots=True)
class DocumentLimits:
    """What an untrusted document may cost, and how its pages are drawn; the settings' `[documents]`.

    `behind` is what shows through transparent pixels: white paper, or (as some publishers' own code has it)
    whatever colour lies there.
    """

    dots_per_inch: int = 200
    max_pages: int = 2000
    max_megapixels: int = 180
    page_megapixels: int = 40
    seconds_a_page: float = 60.0
    memory_megabytes: int = 2048
    behind: Literal["paper", "colour"] = "paper"


@dataclass(frozen=True, slots=True)
class PageSize:
    """A page in pixels, as it will be handed out; no resolution where the file names none to trust."""

    width: int
    height: int
    dots_per_inch: float | None = None

    @property
    def pixels(self) -> int:
        return self.width * self.height


@dataclass(frozen=True, slots=True)
class Outline:
    """What is known of a document before any of its pixels are made."""

    kind: str
    pages: tuple[PageSize, ...]


def time_changed(file: os.stat_result) -> int:
    """In nanoseconds since 1970. A date beyond 64 bits, as a damaged disk may have it, is the last."""
    return max(-(2**63), min(file.st_mtime_ns, 2**63 - 1))


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Tells whether a path still leads to the same bytes, as far as a look at the folder can tell.

    `inode` is None where it is not kept: in the journal, which outlives a move to another disk.
    """

    size: int
    mtime_ns: int
    inode: int | None = None

    @classmethod
    def of(cls, file: os.stat_result) -> "Fingerprint":
        return cls(file.st_size, time_changed(file), file.st_ino)

    def matches(self, file: os.stat_result) -> bool:
        """Whether this is the same file still."""
        now = Fingerprint.of(file)
        return (now.size, now.mtime_ns) == (self.size, self.mtime_ns) and self.inode in (None, now.inode)
