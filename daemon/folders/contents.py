"""Look at a folder, or at one path in it: which files could be documents, and what stands in the way.

Reads names, sizes and times; never opens a file, so a pipe cannot hold it up. The look at everything is the
truth: hints only say where to look sooner.
"""

import os
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from papertray.daemon.folders.rules import FolderRules
from papertray.daemon.folders.settle import Sighting
from papertray.engine.documents import Fingerprint

ODD = {
    stat.S_IFIFO: "it is a pipe",
    stat.S_IFSOCK: "it is a socket",
    stat.S_IFCHR: "it is a device",
    stat.S_IFBLK: "it is a device",
}
OUTSIDE = "it is a link that leaves the folder"
DANGLING = "it is a link to nothing"

Own = Callable[[Path], bool]


@dataclass(slots=True)
class FolderContents:
    """What one look brought."""

    files: list[Sighting] = field(default_factory=list)
    odd: list[tuple[Path, str]] = field(default_factory=list)  # never read, and why
    closed: list[tuple[Path, OSError]] = field(default_factory=list)  # folders that could not be looked into


def look_everywhere(rules: FolderRules, own: Own) -> FolderContents:
    look = FolderContents()
    _walk(rules.root, rules, own, look)
    return look


def look_at(path: Path, rules: FolderRules, own: Own) -> FolderContents:
    """The same for one path: a file, or a folder that was moved in with all it holds."""
    look = FolderContents()
    if not rules.reaches(path) or any(own(folder) for folder in rules.between(path)):
        return look
    try:
        info = path.lstat()
    except OSError:
        return look
    if stat.S_ISDIR(info.st_mode):
        if rules.enters(path) and not own(path):
            _walk(path, rules, own, look)
    elif rules.takes(path):
        _file(path, info, rules, look)
    return look


def _walk(start: Path, rules: FolderRules, own: Own, look: FolderContents) -> None:
    waiting = [start]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    waiting.extend(_entry(entry, rules, own, look))
        except FileNotFoundError:
            if folder == rules.root:
                raise
        except OSError as problem:
            look.closed.append((folder, problem))


def _entry(entry: os.DirEntry[str], rules: FolderRules, own: Own, look: FolderContents) -> Iterator[Path]:
    """Note a file; give a folder to go into."""
    path = Path(entry.path)
    if entry.is_dir(follow_symlinks=False):
        if rules.enters(path) and not _is_junction(entry) and not own(path):
            yield path
    elif rules.takes(path):
        try:
            _file(path, entry.stat(follow_symlinks=False), rules, look)
        except FileNotFoundError:
            return


def _file(path: Path, info: os.stat_result, rules: FolderRules, look: FolderContents) -> None:
    if stat.S_ISLNK(info.st_mode):
        _link(path, rules, look)
    elif stat.S_ISREG(info.st_mode):
        look.files.append(Sighting(path, Fingerprint(info.st_size, info.st_mtime_ns)))
    else:
        look.odd.append((path, ODD.get(stat.S_IFMT(info.st_mode), "it is no ordinary file")))


def _link(path: Path, rules: FolderRules, look: FolderContents) -> None:
    """A link to a file within the root counts as a file; linked folders are found where they really lie."""
    target = Path(os.path.realpath(path))
    try:
        info = target.stat()
    except OSError:
        look.odd.append((path, DANGLING))
        return
    if not target.is_relative_to(os.path.realpath(rules.root)):
        look.odd.append((path, OUTSIDE))
    elif not stat.S_ISDIR(info.st_mode):
        _file(path, info, rules, look)


def _is_junction(entry: os.DirEntry[str]) -> bool:
    """Windows: a folder that is another folder; following one can lead round in circles."""
    if sys.version_info >= (3, 12):
        return entry.is_junction()
    return bool(getattr(entry.stat(follow_symlinks=False), "st_reparse_tag", 0))
