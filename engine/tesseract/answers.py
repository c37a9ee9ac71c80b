"""What Tesseract answered, as lines: a table of its words, and after each page's rows the page as text.

The table knows the places, but parts what belongs together, above all where nothing parts words; the text
knows the blanks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from papertray.engine.layout.lines import Word

WORD, COLUMNS = "5", 12
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\f]")
"""Marks for the direction of a line: letters know theirs."""


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line in reading order, how sure that is, and where its words stand in its picture."""

    text: str = ""
    score: float = 0.0
    words: tuple[Word, ...] = ()


def parse_answer(answer: str, count: int) -> list[ReadLine]:
    """A line for each of the pictures that were given."""
    rows: list[list[list[str]]] = [[] for _ in range(count)]
    texts: list[list[str]] = [[] for _ in range(count)]
    at = 0
    for line in answer.splitlines()[1:]:
        row = line.split("\t")
        if len(row) != COLUMNS:
            texts[at].append(line)
        elif row[1].isdigit() and 0 < int(row[1]) <= count:
            at = int(row[1]) - 1
            if row[0] == WORD and row[-1].strip():
                rows[at].append(row)
    return [_line(words, " ".join(text)) for words, text in zip(rows, texts, strict=True)]


def _line(rows: Sequence[list[str]], text: str) -> ReadLine:
    placed = [(_plain(row[-1]), float(row[6]), float(row[8])) for row in rows]
    words = [Word(word, left, left + width) for word, left, width in placed if word]
    letters = sum(len(word.text) for word in words)
    if not letters:
        return ReadLine()
    sure = sum(max(float(row[10]), 0.0) * len(_plain(row[-1])) for row in rows) / letters / 100
    whole = _plain(text)
    joined = _join(words, whole)
    return ReadLine(whole if joined else " ".join(word.text for word in words), sure, tuple(joined or words))


def _join(words: Sequence[Word], text: str) -> list[Word]:
    """Words as the text parts them; nothing where it says something else."""
    whole: list[Word] = []
    rest = text
    for word in words:
        parted = rest.startswith(" ") or not whole
        rest = rest.lstrip()
        if not rest.startswith(word.text):
            return []
        rest = rest[len(word.text) :]
        if parted:
            whole.append(word)
        else:
            last = whole.pop()
            left, right = min(last.left, word.left), max(last.right, word.right)
            whole.append(Word(last.text + word.text, left, right))
    return whole if not rest.strip() else []


def _plain(text: str) -> str:
    """Without marks that are not seen, and with today's s: nobody searches for the long one."""
    return " ".join(_UNSEEN.sub("", text).replace("ſ", "s").split())
