"""Draft the next tokens of one answer, from what is known of its page and from what it has said.

Each source is held to what the model then writes, whether or not it was asked: so it is known how likely its
next word is, and a source that guesses badly is heard no more until it guesses better.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import mul
from typing import Protocol

from papertray.engine.inference.drafts.known_words import KnownWords
from papertray.engine.inference.drafts.said_before import SaidBefore

AT_FIRST = (0.3, 0.6, 0.8, 0.9)
"""How likely the next token is before anything is known: after none, one, two and more that came true."""
WEIGHT, FADES = 6.0, 0.96
"""How many tokens that is worth, and how fast what was long ago is forgotten."""


class DraftSource(Protocol):
    """`take` is given every token that was written, `ahead` gives those that may come next."""

    def ahead(self, most: int) -> Sequence[int]: ...
    def take(self, token: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Draft:
    """`chances` are those that a token and all before it hold."""

    tokens: tuple[int, ...] = ()
    chances: tuple[float, ...] = ()


class JudgedSource:
    def __init__(self, source: DraftSource) -> None:
        self._source = source
        self._held = [WEIGHT * chance for chance in AT_FIRST]
        self._judged = [WEIGHT for _ in AT_FIRST]
        self._in_a_row = 0

    def take(self, token: int) -> None:
        ahead = self._source.ahead(1)
        holds = bool(ahead) and ahead[0] == token
        if ahead:
            level = self._level(self._in_a_row)
            self._held[level] = FADES * self._held[level] + holds
            self._judged[level] = FADES * self._judged[level] + 1
        self._in_a_row = self._in_a_row + 1 if holds else 0
        self._source.take(token)

    def draft(self, most: int) -> Draft:
        tokens = tuple(self._source.ahead(most))
        levels = (self._level(self._in_a_row + number) for number in range(len(tokens)))
        chances = (self._held[level] / self._judged[level] for level in levels)
        return Draft(tokens, tuple(accumulate(chances, mul)))

    def _level(self, in_a_row: int) -> int:
        return min(in_a_row, len(AT_FIRST) - 1)


class Drafter:
    """`words` gives the tokens of the page's words, as soon as somebody has read them."""

    def __init__(self, words: Callable[[], Sequence[int] | None] = lambda: None) -> None:
        self._words: Callable[[], Sequence[int] | None] | None = words
        self._written: list[int] = []
        self._sources = [JudgedSource(SaidBefore())]

    def take(self, token: int) -> None:
        self._written.append(token)
        for source in self._sources:
            source.take(token)

    def draft(self, most: int) -> Draft:
        """The one that promises most."""
        self._ask_for_words()
        return max((source.draft(most) for source in self._sources), key=lambda draft: sum(draft.chances))

    def _ask_for_words(self) -> None:
        if self._words is None or (words := self._words()) is None:
            return
        self._words = None
        source = JudgedSource(KnownWords(words))
        for token in self._written:
            source.take(token)
        self._sources.insert(0, source)
