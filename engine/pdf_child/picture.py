"""A picture as a PDF takes it in: packed data, and what must be known to unpack it. Knows PNG's form."""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_SIGNATURE = 8  # bytes before the first chunk of a PNG
_CHANNELS = {0: 1, 2: 3, 3: 1}  # of a PNG's kinds: grey, colour, palette
_PALETTE = 3


@dataclass(frozen=True, slots=True)
class Picture:
    """`packing` is the filter that unpacks `data`. `orientation` is EXIF's: how it has to be turned yet.

    `palette` has three bytes for each of its colours; `profile` says what its colours mean.
    """

    width: int
    height: int
    data: bytes
    packing: str
    channels: int = 3
    bits: int = 8
    parameters: Mapping[str, int | bool] = field(default_factory=dict)
    palette: bytes = b""
    profile: bytes = b""
    inverted: bool = False
    orientation: int = 1


def picture_of_png(png: bytes) -> Picture | None:
    """Its packed rows as they are; None where a PDF has no word for how they are packed."""
    data, palette = [], b""
    header = struct.Struct(">IIBBBBB")
    width = height = bits = kind = interlaced = 0
    for name, body in _chunks(png):
        if name == b"IHDR":
            width, height, bits, kind, _, _, interlaced = header.unpack(body[: header.size])
        elif name == b"IDAT":
            data.append(body)
        elif name == b"PLTE":
            palette = body
        elif name == b"tRNS":
            return None
    if interlaced or kind not in _CHANNELS or not data or (kind == _PALETTE and not palette):
        return None
    channels = _CHANNELS[kind]
    rows = {"Predictor": 15, "Colors": channels, "BitsPerComponent": bits, "Columns": width}
    return Picture(
        width,
        height,
        b"".join(data),
        "FlateDecode",
        channels,
        bits,
        rows,
        palette if kind == _PALETTE else b"",
    )


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = _SIGNATURE
    while at + 8 <= len(png):
        length, name = struct.unpack_from(">I4s", png, at)
        yield name, png[at + 8 : at + 8 + length]
        at += length + 12
