"""Put right single letters of a reading where two others of the same line agree on what stands there.

Text against text: each reading of old print has faults of its own, and seldom two have the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from difflib import SequenceMatcher

from papertray.engine.tesseract.answers import ReadLine

Edit = tuple[int, int, str]
"""From where to where of the first reading, and what stands there instead."""

MISTAKEN, FOR = frozenset("ks"), "f"
"""Letters of Fraktur that readers take for an f: that two agree on it says nothing, and one knows better."""


def put_right(first: ReadLine, second: str, third: str) -> ReadLine:
    text = " ".join(word.text for word in first.words)
    edits, others = _edits(text, second), _edits(text, third)
    known = {edit for edit in edits | others if text[edit[0] : edit[1]] == FOR and edit[2] in MISTAKEN}
    agreed = list(_apart(sorted(edits & others | known)))
    if text != first.text or not agreed:
        return first
    words, start = [], 0
    for word in first.words:
        end = start + len(word.text)
        inside = [
            (begin - start, until - start, new)
            for begin, until, new in agreed
            if start <= begin and until <= end
        ]
        words.append(replace(word, text=_apply(word.text, inside)))
        start = end + 1
    kept = tuple(word for word in words if word.text)
    return ReadLine(" ".join(word.text for word in kept), first.score, kept)


def _apart(edits: Iterable[Edit]) -> Iterator[Edit]:
    """Of edits in their order those that change nothing that one before them did."""
    end = 0
    for edit in edits:
        if edit[0] >= end:
            end = max(edit[1], edit[0] + 1)
            yield edit


def _edits(text: str, other: str) -> set[Edit]:
    matcher = SequenceMatcher(None, text, other, autojunk=False)
    edits = {
        (begin, end, other[first:last])
        for kind, begin, end, first, last in matcher.get_opcodes()
        if kind != "equal"
    }
    return {edit for edit in edits if " " not in edit[2] and not _is_mistaken(text, edit)}


def _is_mistaken(text: str, edit: Edit) -> bool:
    begin, end, new = edit
    return FOR in new and bool(MISTAKEN.intersection(text[begin:end]))


def _apply(word: str, edits: list[Edit]) -> str:
    for begin, end, new in reversed(edits):
        word = word[:begin] + new + word[end:]
    return word
