"""What followed when the model last said the same: rows of a table, places and headings are alike."""

from collections.abc import Sequence

ALIKE = 3
"""So many tokens must have been said before."""


class SaidBefore:
    def __init__(self) -> None:
        self._said: list[int] = []
        self._places: dict[tuple[int, ...], int] = {}
        self._place: int | None = None  # of what is likely next

    def ahead(self, most: int) -> Sequence[int]:
        return () if self._place is None else self._said[self._place : self._place + most]

    def take(self, token: int) -> None:
        """A place is kept while what it says comes true."""
        follows = self._place is not None and self._said[self._place] == token
        self._said.append(token)
        last = tuple(self._said[-ALIKE:])
        before = self._places.get(last)
        self._places[last] = len(self._said)
        if follows and self._place is not None:
            self._place += 1
        else:
            self._place = before if len(last) == ALIKE else None
