"""Captions: how the line over a table or under a figure begins."""

from __future__ import annotations

import re

_NAMES = (
    r"tab(?:le|elle|leau|ela|la|ulka|\.)?|fig(?:ure|ura|\.)?|abb(?:ildung|\.)|exhibit|chart|graph|scheme|plate|box|map"
    r"|obr(?:ázek|\.)|таблица|рис(?:унок|\.)?|diagram(?:m)?|photo|listing"
)
_CAPTION = re.compile(
    rf"(?:(?:{_NAMES})\s*(?:[A-Z]?[-.]?\d+(?:[-.–]\d+)*[a-z]?|[IVXLC]+\b)|[图圖表図]\s*\d+)", re.IGNORECASE
)
_NOTE = re.compile(r"(?:notes?|sources?|quelle|anmerkung|nota|fuente|source)\s*:", re.IGNORECASE)


def is_caption(text: str) -> bool:
    """`Table 3. Growth`, `Fig. 2: A cell`, `Exhibit 2a`."""
    return _CAPTION.match(text) is not None


def starts_caption(text: str) -> bool:
    """Where nothing but a caption can begin: `Fig. 2:`, but not `Table 3 shows`."""
    found = _CAPTION.match(text)
    return found is not None and text[found.end() :][:1] in (".", ":", "–", "—", "|")


def is_note(text: str) -> bool:
    """`Source: the author`, as it stands under a table."""
    return _NOTE.match(text) is not None
