"""The endings of Hebrew words that coarse print leaves undecided: final mem and samekh differ by a corner.

Takes the lines of a page; gives them with plurals in ־ים where many seem to end in ־יס, which hardly any
word does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from papertray.engine.layout.lines import Line

CODE = "heb"
_PLURAL = re.compile(r"[א-ת]+ים(?![א-ת])")
_MISTAKEN = re.compile(r"([א-ת]+י)(?:ס|סם)(?![א-ת])")

REAL = frozenset(["בסיס", "כרטיס", "פריס", "טניס", "כיס", "רסיס", "תרסיס", "טייס", "גייס", "נרקיס", "אואזיס"])
PREFIXES = frozenset("ובהכלמש")

FEWEST, OFTEN = 3, 0.1
"""So many words in ־יס, and so many of all that end in one or the other, are no words of their own."""


def mend_plurals(lines: Mapping[int, Line]) -> dict[int, Line]:
    text = "\n".join(line.text for line in lines.values())
    mistaken = {word[0] for word in _MISTAKEN.finditer(text) if not _is_real(word[0])}
    plurals = sum(1 for _ in _PLURAL.finditer(text))
    if len(mistaken) < FEWEST or len(mistaken) < OFTEN * (plurals + len(mistaken)):
        return dict(lines)
    return {at: replace(line, text=_MISTAKEN.sub(_mended, line.text)) for at, line in lines.items()}


def _mended(word: re.Match[str]) -> str:
    return word[0] if _is_real(word[0]) else f"{word[1]}ם"


def _is_real(word: str) -> bool:
    return any(word.endswith(real) and PREFIXES.issuperset(word[: -len(real)]) for real in REAL)
