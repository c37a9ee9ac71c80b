"""Beneath which folder a file lies that somebody chose: from there on no link leads to it. Pure.

Takes the places that the settings name. One that lies in another is not trusted by itself, for whoever may
write into the outer one can replace it by a link: the outermost counts.
"""

from collections.abc import Iterable
from pathlib import Path

from papertray.engine.beneath import FileBeneath


class Roots:
    def __init__(self, places: Iterable[Path]) -> None:
        self._places = sorted(places, key=lambda place: len(place.parts))

    def root_of(self, path: Path, folder: Path) -> Path:
        """`folder` was watched when the path was noted down; the settings may name it no longer."""
        places = (place for place in (*self._places, folder) if place == path or place in path.parents)
        return next(places, path.parent)

    def beneath(self, path: Path, folder: Path) -> FileBeneath:
        return FileBeneath(self.root_of(path, folder), path)
