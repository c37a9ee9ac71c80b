"""What a person looks for: as SQLite's full-text search asks for it first, and whether a page has it.

`toner 2026` is pages that have both, `"toner invoice"` is that very phrase, `-draft` is none that has it. A
word matches those that begin with it, unless it is in quotes. The index knows which pages have a word, not
where on them: whether words stand together, the page's own text says.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from papertray.daemon.errors import NothingToLookFor
from papertray.daemon.search.words import TextPiece, drop_joints, find_pieces, fold_all, is_paired

_TERM = re.compile(r'(?P<without>-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>\S+))')
_GAP = "[\\W_]*"
_NO_LETTER_BEFORE, _NO_LETTER_AFTER = "(?<![a-z0-9])", "(?![a-z0-9])"
_SHORTEST_BEGINNING = 3
"""Shorter words match themselves alone: half of all words begin like one of two letters."""


@dataclass(frozen=True)
class WordRun:
    """Words that stand one after the other. After a `beginning` the last one may go on."""

    words: tuple[str, ...]
    beginning: bool

    @property
    def expression(self) -> str:
        quoted = [f'"{word}"' for word in self.words]
        return " AND ".join(quoted) + (" *" if self.beginning else "")

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Stands in every folded text that has the run, and in few others. Pairs share a letter."""
        rest = (
            f"(?:{re.escape(word[1:])}|{_GAP}{re.escape(word)})"
            if is_paired(word) and before[-1] == word[0]
            else _GAP + re.escape(word)
            for before, word in pairwise(self.words)
        )
        start = "" if is_paired(self.words[0]) else _NO_LETTER_BEFORE
        end = "" if self.beginning or is_paired(self.words[-1]) else _NO_LETTER_AFTER
        return re.compile(start + re.escape(self.words[0]) + "".join(rest) + end)

    def ends_at(self, words: Sequence[str], end: int) -> bool:
        """Whether it is what stands before this place."""
        start = end - len(self.words)
        if start < 0 or tuple(words[start : end - 1]) != self.words[:-1]:
            return False
        last = words[end - 1]
        return last.startswith(self.words[-1]) if self.beginning else last == self.words[-1]


@dataclass(frozen=True, slots=True)
class SearchTerm:
    """One of the things that a page has, or has not: one of these runs, which are the same to a person."""

    runs: tuple[WordRun, ...]
    wanted: bool

    def is_exactly(self, piece: TextPiece) -> bool:
        """Whether the piece says this and no more: `toner` is neither toners nor toner-like."""
        whole = piece.joined or "".join(piece.words)
        return any(whole == "".join(run.words) for run in self.runs)

    @property
    def expression(self) -> str:
        return "(" + " OR ".join(f"({run.expression})" for run in self.runs) + ")"


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """`expression` lets through every page that is looked for, and may let through others."""

    terms: tuple[SearchTerm, ...]

    @property
    def expression(self) -> str:
        return " AND ".join(term.expression for term in self.terms if term.wanted)

    def may_have(self, text: str) -> Iterator[bool]:
        """For each term whether it is worth looking for it word by word, which takes twenty times as long."""
        folded = fold_all(text)
        whole = drop_joints(folded)
        for term in self.terms:
            yield any(
                run.pattern.search(folded) or (len(run.words) == 1 and run.words[0] in whole)
                for run in term.runs
            )


def parse_query(text: str) -> SearchQuery:
    """Raises NothingToLookFor where no word is in it that a page could have."""
    terms = []
    for term in _TERM.finditer(text):
        is_word = term["word"] is not None
        if pieces := list(find_pieces(term["word"] or term["phrase"] or "")):
            terms.append(SearchTerm(tuple(_runs(pieces, is_word=is_word)), wanted=not term["without"]))
    if not any(term.wanted for term in terms):
        raise NothingToLookFor
    return SearchQuery(tuple(terms))


def find_term(term: SearchTerm, pieces: Sequence[TextPiece]) -> list[TextPiece]:
    """Where on a page it stands: the pieces that are part of it."""
    if all(len(run.words) == 1 for run in term.runs):
        return _find_words(term.runs, pieces)
    words = [word for piece in pieces for word in piece.words]
    owners = [piece for piece in pieces for _ in piece.words]
    places = {
        place
        for run in term.runs
        for end in range(1, len(words) + 1)
        if run.ends_at(words, end)
        for place in range(end - len(run.words), end)
    }
    joined = [
        piece
        for piece in pieces
        if piece.joined and any(run.ends_at((piece.joined,), 1) for run in term.runs)
    ]
    return sorted({owners[place] for place in places}.union(joined))


def _find_words(runs: Sequence[WordRun], pieces: Sequence[TextPiece]) -> list[TextPiece]:
    """Those that have one of these single words, in parts or whole: most of what a question costs is here."""
    whole = {run.words[0] for run in runs if not run.beginning}
    beginnings = tuple(run.words[0] for run in runs if run.beginning)

    def is_one(word: str) -> bool:
        return word.startswith(beginnings) or word in whole

    return [piece for piece in pieces if any(map(is_one, piece.words)) or is_one(piece.joined)]


def _runs(pieces: list[TextPiece], *, is_word: bool) -> Iterator[WordRun]:
    """In parts and, where one word has a hyphen, whole."""
    words = tuple(word for piece in pieces for word in piece.words)
    yield WordRun(words, is_word and _is_beginning(words[-1]))
    if len(pieces) == 1 and pieces[0].joined:
        yield WordRun((pieces[0].joined,), is_word and _is_beginning(pieces[0].joined))


def _is_beginning(word: str) -> bool:
    """A single letter of a script without blanks is the beginning of the pairs that the index has."""
    return len(word) >= _SHORTEST_BEGINNING or (len(word) == 1 and not word.isascii() and not word.isdigit())
