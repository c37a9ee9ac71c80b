"""Beneath which folder a file lies that somebody chose: from there on no link leads to it.

Takes the places that the settings name, as they are at the start. One that lies in another of them is not
trusted by itself, for whoever may write into that one can replace it; unless it is a link by then.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from papertray.engine.beneath import FileBeneath


class Roots:
    def __init__(self, places: Iterable[Path]) -> None:
        places = tuple(places)
        self._places = [place for place in places if not any(_lies_in(place, other) for other in places)]

    def root_of(self, path: Path, folder: Path) -> Path:
        """`folder` was watched when the path was noted down; the settings may name it no longer."""
        inner = max(_above(path, self._places), key=_depth, default=None)
        return inner or next(_above(path, [folder]), path.parent)

    def beneath(self, path: Path, folder: Path) -> FileBeneath:
        return FileBeneath(self.root_of(path, folder), path)


def _above(path: Path, places: Iterable[Path]) -> Iterator[Path]:
    return (place for place in places if place == path or place in path.parents)


def _depth(place: Path) -> int:
    return len(place.parts)


def _lies_in(place: Path, other: Path) -> bool:
    """In truth, not by a link."""
    if other not in place.parents:
        return False
    return Path(os.path.realpath(place)) == Path(os.path.realpath(other)) / place.relative_to(other)
