"""Which name a note gets. Pure: the caller says which names are free."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from papertray.daemon.files.lengths import LONGEST_NAME, shorten_name

ASSETS = ".assets"
_ROOM_FOR_ENDINGS = 24  # ".assets", a number, a suffix


def note_candidates(source: Path, folder: Path, wanted: str = "") -> Iterator[Path]:
    """`scan.md`, or the name that is wanted; `scan.pdf.md`, then `scan.pdf.2.md` and so on, for ever."""
    yield folder / f"{_shorten(wanted or source.stem)}.md"
    name = _shorten(source.name)
    yield folder / f"{name}.md"
    for number in count(2):
        yield folder / f"{name}.{number}.md"


def note_folder(source: Path, watched: Path, notes: str | Path) -> Path:
    """Beside the source, or at the same place of a mirror folder."""
    if notes == "beside":
        return source.parent
    return Path(notes) / source.parent.relative_to(watched)


def assets_folder(note: Path) -> Path:
    """The folder that holds a note's figures."""
    return note.with_suffix(ASSETS)


def first_free(names: Iterator[Path], free: Callable[[Path], bool]) -> Path:
    return next(name for name in names if free(name))


def _shorten(name: str) -> str:
    return shorten_name(name, LONGEST_NAME - _ROOM_FOR_ENDINGS)
