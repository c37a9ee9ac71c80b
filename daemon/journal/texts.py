"""How a page's text is kept: as JSON, packed, with a checksum beside it.

What earlier versions kept is plain JSON without a checksum and is taken as it is. Figures have a table of
their own; the transcript is not kept.
"""

import json
import zlib
from functools import cache
from typing import TYPE_CHECKING, Any

from papertray.daemon.journal.packed_lines import pack_lines, unpack_lines
from papertray.engine.pages import Box, PageText

if TYPE_CHECKING:  # not for those who list documents and never read a page
    from pydantic import TypeAdapter


class TextDamaged(ValueError):
    """It is not what was kept."""


def pack_text(text: PageText) -> tuple[bytes, int]:
    """What is kept, and its checksum."""
    packed = zlib.compress(format_text(text).encode())
    return packed, zlib.crc32(packed)


def unpack_text(stored: object, check: object, *, lines: bool = True) -> PageText:
    """Raises TextDamaged, whatever is wrong with it. Without its lines it is there in a fifth of the time."""
    kept = stored.encode(errors="surrogateescape") if isinstance(stored, str) else stored
    if not isinstance(kept, bytes) or (check is not None and check != zlib.crc32(kept)):
        raise TextDamaged
    try:
        whole = kept.decode() if isinstance(stored, str) else zlib.decompress(kept).decode()
        return parse_text(whole if lines else _without_lines(whole))
    except (ValueError, TypeError, KeyError, zlib.error, RecursionError) as problem:
        raise TextDamaged from problem


def format_text(text: PageText) -> str:
    told = _adapter().dump_json(text, exclude={"figures", "transcript", "lines"}).decode()
    if not text.lines:
        return told
    lines = json.dumps(pack_lines(text.lines), ensure_ascii=False, separators=(",", ":"))
    return f'{told[:-1]},"lines":{lines}}}'


def parse_text(stored: str) -> PageText:
    if stored.startswith(_LISTS):
        return _adapter().validate_python(_named(stored))
    if _LINES not in stored:
        return _adapter().validate_json(stored)
    values: dict[str, Any] = json.loads(stored)
    return _adapter().validate_python(values | {"lines": unpack_lines(values["lines"])})


def _without_lines(stored: str) -> str:
    """They stand at the end."""
    start = stored.rfind(_LINES)
    return stored if start < 0 else stored[:start] + "}"


_LINES = ',"lines":{"texts":['
_LISTS = '{"blocks": [['  # how what was stored first begins: a block was [kind, markdown, [left, top, …]]


def _named(stored: str) -> dict[str, Any]:
    """The same with a name for each value."""
    values: dict[str, Any] = json.loads(stored)
    blocks = [
        {"kind": kind, "markdown": markdown, "box": box and dict(zip(Box.__slots__, box, strict=True))}
        for kind, markdown, box in values["blocks"]
    ]
    return values | {"blocks": blocks}


@cache
def _adapter() -> "TypeAdapter[PageText]":
    from pydantic import TypeAdapter

    return TypeAdapter(PageText)
