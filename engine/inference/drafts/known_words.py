"""The words of a page as somebody else has read them, and where among them the model has come.

Tokens go in, both the words' and those the model writes; out come the words that follow. The model writes
more than words, and not always these: while it writes something else the place is kept, and it is looked for
again by what was written last.
"""

from collections import defaultdict
from collections.abc import Sequence

NEAR = 12
"""So far ahead one token alone may show where the model has come."""
SURE = 3
"""After so many words in a row a place is believed."""
LOOKED_BACK = 8
"""Tokens by which one of several places is told from the others."""


class KnownWords:
    def __init__(self, words: Sequence[int]) -> None:
        self._words = tuple(words)
        self._pairs: dict[tuple[int, int], list[int]] = defaultdict(list)
        for place, pair in enumerate(zip(self._words, self._words[1:], strict=False), start=2):
            self._pairs[pair].append(place)
        self._place = 0  # of the next word
        self._believed = 0  # the same, when it was last sure
        self._followed = 0
        self._missed = 0
        self._written: list[int] = []

    def ahead(self, most: int) -> Sequence[int]:
        return self._words[self._place : self._place + most]

    def take(self, token: int) -> None:
        self._written.append(token)
        if self._place < len(self._words) and self._words[self._place] == token:
            self._place += 1
            self._followed += 1
            self._missed = 0
        else:
            self._miss(token)
        if self._followed >= SURE:
            self._believed = self._place

    def _miss(self, token: int) -> None:
        """A word was another, or something stands between two words: the second miss tells which."""
        self._followed = 0
        self._missed += 1
        if (place := self._find(token)) is not None:
            self._place = place
            self._followed = 1
        elif self._missed == 1:
            self._believed = self._place
            self._place += 1
        else:
            self._place = self._believed

    def _find(self, token: int) -> int | None:
        """The place behind what was written last: where most of it agrees, and of those the nearest."""
        pair = (self._written[-2] if len(self._written) > 1 else -1, token)
        places = self._pairs.get(pair)
        if places:
            return max(places, key=lambda place: (self._agreement(place), -abs(place - self._believed)))
        near = self._words[self._believed : self._believed + NEAR]
        return self._believed + near.index(token) + 1 if token in near else None

    def _agreement(self, place: int) -> int:
        words = self._words[max(0, place - LOOKED_BACK) : place]
        count = 0
        for word, written in zip(reversed(words), reversed(self._written), strict=False):
            if word != written:
                break
            count += 1
        return count
