"""Whether a JPEG 2000 picture is one that PDF/A-2b takes: how many colours, how deep, and how they are meant.

Takes bytes; nothing is decoded.
"""

import struct
from collections.abc import Iterator

_SIGNED_DEPTH, _DEEPEST, _VARIES = 0x7F, 38, 255
_APPEARANCE = 19  # a space of colours that PDF/A does not take


def is_plain_jpeg2000(content: bytes, *, has_space: bool) -> bool:
    """`has_space`: the PDF says itself which colours they are. A bare stream of codes says nothing."""
    boxes = [*_boxes(content)]
    header = next((body for kind, body in boxes if kind == b"jp2h"), None)
    if header is None:
        return True
    parts = [*_boxes(header)]
    sizes = next((body for kind, body in parts if kind == b"ihdr"), b"")
    if len(sizes) < 11:
        return False
    channels, depth = struct.unpack(">H", sizes[8:10])[0], sizes[10]
    depths = (
        next((body for kind, body in parts if kind == b"bpcc"), b"") if depth == _VARIES else bytes([depth])
    )
    if channels not in (1, 3, 4) or len(set(depths)) != 1 or (depths[0] & _SIGNED_DEPTH) + 1 > _DEEPEST:
        return False
    colours = [body for kind, body in parts if kind == b"colr" and len(body) >= 3]
    if len(colours) > 1:
        colours = [body for body in colours if body[2] == 1]
    return has_space or (len(colours) == 1 and _is_known(colours[0]))


def _is_known(colour: bytes) -> bool:
    numbered = colour[0] == 1 and len(colour) >= 7
    return colour[0] in (1, 2, 3) and not (numbered and struct.unpack(">I", colour[3:7])[0] == _APPEARANCE)


def _boxes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(content):
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        head = 8
        if length == 1 and at + 16 <= len(content):
            length, head = struct.unpack(">Q", content[at + 8 : at + 16])[0], 16
        end = at + length if length else len(content)
        if end < at + head:
            return
        yield kind, content[at + head : end]
        at = end
