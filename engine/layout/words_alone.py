"""A block's words without their Markdown, to be compared and judged by."""

from __future__ import annotations

import re

_HASHES = re.compile(r"^#{1,6} ")
_LINK = re.compile(r"(?<!\\)\[([^\]]*)\]\([^()\s]*\)")
_EMPHASIS = re.compile(r"(?<!\\)\*+")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def words_alone(markdown: str) -> str:
    text = _LINK.sub(r"\1", _HASHES.sub("", markdown))
    return " ".join(_ESCAPE.sub(r"\1", _EMPHASIS.sub("", text)).split())
