"""Rules for the folders that settings name: where they may lie, and which must not lie in one another.

Takes paths as written, gives them absolute. Raises ValueError with a clause; the disk is not looked at.
"""

import os
from collections.abc import Iterable
from pathlib import Path


def require_full_path(path: Path) -> Path:
    """The path absolute and tidy; a relative one would mean another folder for a service than for a shell."""
    try:
        path = path.expanduser()
    except RuntimeError:
        raise ValueError("its ~ stands for no home folder here") from None
    if not path.is_absolute():
        raise ValueError("it must be a full path, or begin with ~")
    if "\0" in str(path):
        raise ValueError("it holds a zero character")
    return Path(os.path.normpath(path))


def require_outputs_apart(path: Path, notes: Path | str, archive: Path | None) -> None:
    """Refuse a mirror or archive that is, or swallows, the folder it serves."""
    for word, output in (("notes", notes), ("archive", archive)):
        if isinstance(output, Path) and path.is_relative_to(output):
            raise ValueError(f"the {word} folder {output} must not be the watched folder {path} or hold it")


def require_roots_apart(roots: list[Path], outputs: Iterable[Path]) -> None:
    """Refuse a folder watched twice, and one that lies where papertray puts things."""
    doubled = next((root for root in roots if roots.count(root) > 1), None)
    if doubled:
        raise ValueError(f"{doubled} is watched twice")
    for output in outputs:
        inside = next((root for root in roots if root.is_relative_to(output)), None)
        if inside:
            raise ValueError(f"{inside} lies in {output}, where papertray puts notes or archived files")
