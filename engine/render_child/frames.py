"""What the renderer and its child say to each other: a small JSON header, and raw bytes after it.

Nothing here makes an object of what it reads beyond numbers, text and lists.
"""

import json
import struct
from collections.abc import Iterable
from typing import Any, BinaryIO

Header = dict[str, Any]

LENGTHS = struct.Struct(">IQ")
LONGEST_HEADER = 64 * 1024 * 1024  # an outline of more pages than anyone allows


class BrokenFrame(Exception):
    """The other side ended in the middle of a frame, or sent something that is none."""


def write_frame(
    pipe: BinaryIO, header: Header, body: Iterable[bytes | memoryview] = (), length: int = 0
) -> None:
    """Send one frame. `body` may be made while it is sent; it must come to `length` bytes."""
    text = json.dumps(header, separators=(",", ":")).encode()
    pipe.write(LENGTHS.pack(len(text), length) + text)
    for part in body:
        pipe.write(part)
    pipe.flush()


def read_frame(pipe: BinaryIO, longest_body: int) -> tuple[Header, bytearray] | None:
    """Wait for one frame; None where the other side has closed its end between two frames."""
    start = pipe.read(LENGTHS.size)
    if not start:
        return None
    if len(start) < LENGTHS.size:
        raise BrokenFrame("a frame without its lengths")
    header_length, body_length = LENGTHS.unpack(start)
    if header_length > LONGEST_HEADER or body_length > longest_body:
        raise BrokenFrame("a frame longer than agreed")
    text = _exactly(pipe, header_length)
    try:
        header = json.loads(text)
    except ValueError as problem:
        raise BrokenFrame("a header that is not JSON") from problem
    if not isinstance(header, dict):
        raise BrokenFrame("a header without names")
    return header, _exactly(pipe, body_length)


def _exactly(pipe: BinaryIO, length: int) -> bytearray:
    data = bytearray(length)
    rest = memoryview(data)
    while rest:
        got = pipe.readinto(rest)  # type: ignore[attr-defined]  # BinaryIO has it wherever it is a pipe
        if not got:
            raise BrokenFrame("a frame cut short")
        rest = rest[got:]
    return data
