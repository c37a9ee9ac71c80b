"""Tell lines that are parts of formulas from those that hold words.

Takes lines, whose fonts may be known or not; says of each what it may be. Knows nothing of its neighbours.
"""

from __future__ import annotations

import re
import unicodedata

from papertray.engine.layout.lines import Line

FORMAL, SURE = 0.4, 3
"""Of a formula's letters so many are signs of mathematics, or set in its fonts; so many at least in all."""

LONGEST = 14
"""What has no such signs may belong to a formula where it is no longer: an index, a denominator."""

SPELLED = 0.2
"""No more of its letters are in words."""

_SIGNS = frozenset("=<>±×÷·∗′″‖|^~¬°→←↔⇒⇔↦∥∣")
_WORD = re.compile(r"[^\W\d_\u0370-\u03ff]{3,}|[\u3040-\u9fff\uac00-\ud7af]+|\b(?:if|of|is|or|in|to|we|as)\b")
_LEADER = re.compile(r"\w\s?(?:\.\s*){5}|(?:\.\s*){5}\w")
_FUNCTIONS = re.compile(
    "(?:arc)?(?:sin|cos|tan)h?|cot|sec|csc|log|exp|lim|(?:arg)?(?:max|min)|sup|inf|arg|det|dim|ker|mod|gcd|lcm|var"
    "|cov|diag|vec|sgn|sign|rank|deg|hom|trace"
)
_CONDITIONS = frozenset({"if", "for", "all", "and", "with", "when", "else", "otherwise", "or"})


def may_be_formal(line: Line) -> bool:
    """Whether no words of a language stand there but those that tell when something is so."""
    if line.mono or line.sideways or _LEADER.search(line.text):
        return False
    spelled = sum(len(word) for word in spelled_words(line) if word not in _CONDITIONS)
    length = _length(line)
    return spelled <= SPELLED * length and (length <= LONGEST or is_formal(line))


def is_formal(line: Line) -> bool:
    """Whether enough of it are signs of mathematics; words may stand there, too."""
    length = _length(line)
    signs = sum(map(_is_sign, line.text))
    share = max(signs / max(length, 1), line.mathematics)
    return share >= FORMAL or (signs > 0 and share * length >= SURE)


def spelled_words(line: Line) -> list[str]:
    """The words of a line but for names of functions, in small letters."""
    text = line.ordinary if line.mathematics else line.text
    return [word for word in map(str.lower, _WORD.findall(text)) if not _FUNCTIONS.fullmatch(word)]


def _length(line: Line) -> int:
    return sum(not letter.isspace() for letter in line.text)


def _is_sign(letter: str) -> bool:
    if letter < "\x80":
        return letter in _SIGNS
    greek = "\u0370" <= letter <= "\u03ff"
    return letter in _SIGNS or greek or unicodedata.category(letter) == "Sm"
