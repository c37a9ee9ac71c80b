"""Look at a folder, or at one path in it: which files could be documents, and what stands in the way.

Reads names, sizes and times; never opens a file, so a pipe cannot hold it up, and goes into no linked folder.
The look at everything is the truth: hints only say where to look sooner.
"""

import os
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from papertray.daemon.folders.rules import FolderRules
from papertray.daemon.folders.settle import Sighting
from papertray.engine.beneath import LinkInTheWay, open_folder
from papertray.engine.documents import Fingerprint, time_changed

ODD_KINDS = {
    stat.S_IFIFO: "it is a pipe",
    stat.S_IFSOCK: "it is a socket",
    stat.S_IFCHR: "it is a device",
    stat.S_IFBLK: "it is a device",
}
OUTSIDE = "it is a link that leaves the folder"
DANGLING = "it is a link to nothing"

IsOwn = Callable[[Path], bool]


@dataclass(slots=True)
class FolderContents:
    """What one look brought."""

    files: list[Sighting] = field(default_factory=list)
    odd: list[tuple[Path, str]] = field(default_factory=list)  # never read, and why
    closed_folders: list[tuple[Path, OSError]] = field(
        default_factory=list
    )  # folders that could not be looked into


def scan_folder(rules: FolderRules, is_own: IsOwn) -> FolderContents:
    contents = FolderContents()
    _walk(rules.root, rules, is_own, contents)
    return contents


def scan_path(path: Path, rules: FolderRules, is_own: IsOwn) -> FolderContents:
    """The same for one path: a file, or a folder that was moved in with all it holds."""
    contents = FolderContents()
    if not rules.covers(path) or any(is_own(folder) for folder in rules.folders_between(path)):
        return contents
    try:
        with open_folder(rules.root, path.parent) as folder:
            info = folder.lstat(path.name)
    except OSError:
        return contents
    if stat.S_ISDIR(info.st_mode):
        if rules.accepts_folder(path) and not is_own(path):
            _walk(path, rules, is_own, contents)
    elif rules.accepts_file(path):
        _add_file(path, info, rules, contents)
    return contents


def _walk(start: Path, rules: FolderRules, is_own: IsOwn, contents: FolderContents) -> None:
    waiting = [start]
    while waiting:
        folder = waiting.pop()
        try:
            with open_folder(rules.root, folder) as opened:
                for entry in opened.entries():
                    waiting.extend(_scan_entry(folder / entry.name, entry, rules, is_own, contents))
        except (FileNotFoundError, LinkInTheWay):
            if folder == rules.root:
                raise
        except OSError as problem:
            contents.closed_folders.append((folder, problem))


def _scan_entry(
    path: Path, entry: os.DirEntry[str], rules: FolderRules, is_own: IsOwn, contents: FolderContents
) -> Iterator[Path]:
    """Note a file; give a folder to go into."""
    if entry.is_dir(follow_symlinks=False):
        if rules.accepts_folder(path) and not _is_junction(entry) and not is_own(path):
            yield path
    elif rules.accepts_file(path):
        try:
            _add_file(path, entry.stat(follow_symlinks=False), rules, contents)
        except FileNotFoundError:
            return


def _add_file(path: Path, info: os.stat_result, rules: FolderRules, contents: FolderContents) -> None:
    if stat.S_ISLNK(info.st_mode):
        _add_link(path, rules, contents)
    elif stat.S_ISREG(info.st_mode):
        contents.files.append(Sighting(path, Fingerprint(info.st_size, time_changed(info))))
    else:
        contents.odd.append((path, ODD_KINDS.get(stat.S_IFMT(info.st_mode), "it is no ordinary file")))


def _add_link(path: Path, rules: FolderRules, contents: FolderContents) -> None:
    """A link to a file within the root counts as a file; linked folders are found where they really lie."""
    target = Path(os.path.realpath(path))
    try:
        info = target.stat()
    except OSError:
        contents.odd.append((path, DANGLING))
        return
    if not target.is_relative_to(os.path.realpath(rules.root)):
        contents.odd.append((path, OUTSIDE))
    elif not stat.S_ISDIR(info.st_mode):
        _add_file(path, info, rules, contents)


def _is_junction(entry: os.DirEntry[str]) -> bool:
    """Windows: a folder that is another folder; following one can lead round in circles."""
    if sys.version_info >= (3, 12):
        return entry.is_junction()
    return bool(getattr(entry.stat(follow_symlinks=False), "st_reparse_tag", 0))
