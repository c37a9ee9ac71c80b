"""Letters that the bundled models do not know, from a reading that knows them: ľ, ť, į, Ķ, Ț and ı.

Takes a line and how Tesseract read it; gives the line with the other's words where both see the same letters
but for those with marks. All else stays: the bundled models see letters better.
"""

from __future__ import annotations

from dataclasses import replace
from difflib import SequenceMatcher

from papertray.engine.layout.accents import without_accent
from papertray.engine.layout.cutting import join_words
from papertray.engine.layout.lines import Line, Word
from papertray.engine.tesseract.answers import ReadLine

BEHIND = '.,;:!?)]}"”“»…'
COMMAS = str.maketrans("şţŞŢ", "șțȘȚ")
"""Romanian has commas below its letters; many of the texts that Tesseract learned from have cedillas."""

BEFORE = '([{"„“«'
"""What stands around a word is left as it was. An apostrophe is not among it: it was a mark of the letter."""


def take_marks(line: Line, read: ReadLine) -> Line:
    theirs = [_alone(word) for word in read.text.split()]
    ours = [_bare(word.text) for word in line.words]
    words: list[Word] = []
    matcher = SequenceMatcher(None, ours, list(map(_bare, theirs)), autojunk=False)
    for _, first, end, start, last in matcher.get_opcodes():
        if end - first == last - start:
            words += map(_respelled, line.words[first:end], theirs[start:last])
        elif first == end and 0 < first < len(line.words):
            words += [_between(line, first, word) for word in theirs[start:last] if _is_marked(word)]
        else:
            words += line.words[first:end]
    return line if words == list(line.words) else replace(line, words=tuple(words), text=join_words(words))


def with_commas(read: ReadLine) -> ReadLine:
    return replace(read, text=read.text.translate(COMMAS))


def _between(line: Line, at: int, letter: str) -> Word:
    """A letter that was not seen at all: į is a word."""
    left, right = line.words[at - 1].right, line.words[at].left
    return Word(letter, min(left, right), max(left, right))


def _respelled(word: Word, other: str) -> Word:
    alone = _alone(word.text)
    if not alone or alone == other or not _has_same_letters(alone, other):
        return word
    text = word.text.replace(alone, other, 1)
    return replace(word, text=text, certain=word.certain if len(text) == len(word.text) else ())


def _has_same_letters(ours: str, other: str) -> bool:
    """Whether the other has a letter with a mark wherever it has another one, and nothing else differs."""
    bare, letters = _bare(ours), [letter for letter in other if letter.isalnum()]
    if not letters or not any(letter != _plain(letter) for letter in letters):
        return False
    matcher = SequenceMatcher(None, bare, _bare(other), autojunk=False)
    return all(
        kind == "equal" or (end - first <= 1 and _is_marked("".join(letters[start:last])))
        for kind, first, end, start, last in matcher.get_opcodes()
    )


def _is_marked(letter: str) -> bool:
    return len(letter) == 1 and letter != _plain(letter)


def _plain(letter: str) -> str:
    """What is seen for it by those who do not know it."""
    return "i" if letter == "ı" else without_accent(letter)


def _alone(word: str) -> str:
    return word.lstrip(BEFORE).rstrip(BEHIND)


def _bare(word: str) -> str:
    return "".join(_plain(letter) for letter in word.lower() if letter.isalnum())
