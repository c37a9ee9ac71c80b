"""Move a source to the archive of its folder, once its note stands. Overwrites nothing, loses nothing.

Bytes that stand in the archive under the source's name are the same scan: dropped again, or moved by a
process that was killed. Then only the source goes.
"""

import os
from collections.abc import Callable
from pathlib import Path

from papertray.daemon.errors import NoteError
from papertray.daemon.files import (
    MeantFile,
    PrivateNames,
    Roots,
    copy_file,
    is_whole_copy,
    numbered_names,
    remove_copied,
)
from papertray.daemon.files.problems import translate_disk_errors
from papertray.daemon.records import DocumentRecord
from papertray.engine.beneath import FileBeneath


def archive_folder(document: DocumentRecord, archive: Path) -> Path:
    """The same place of the archive as the source has in its folder."""
    return archive / document.path.parent.relative_to(document.folder)


def archive_source(
    document: DocumentRecord,
    folder: Path,
    root: Path,
    names: PrivateNames,
    roots: Roots,
    announce: Callable[[Path], None] = lambda _target: None,
) -> tuple[Path | None, str]:
    """Where it is now, if it is there; and why it stays where it was. One that changed since stays.

    It goes to `folder`, below `root` which a person chose. `announce` is told first where it will be.
    NoteError when it cannot be moved just now.
    """
    if document.path.is_symlink():
        return None, f"The note is done. {document.path.name} is a link, so it was not moved to {folder}."
    above = roots.root_of(document.path, document.folder)
    source = MeantFile(document.path, document.fingerprint, document.sha256, above)
    try:
        return _archive(source, folder, names, roots.root_of(folder, root), announce), ""
    except NoteError as problem:
        raise NoteError(
            f"The note is done, but {source.path.name} could not be moved to {folder}: {problem.sentence}",
            problem.advice,
        ) from problem


def _archive(
    source: MeantFile, folder: Path, names: PrivateNames, root: Path, announce: Callable[[Path], None]
) -> Path | None:
    for target in numbered_names(folder / source.name):
        if _is_one_place(source.path, target):
            return None
        with translate_disk_errors(target):
            there = is_whole_copy(FileBeneath(root, target), source.fingerprint.size, source.sha256)
        if not there:
            if os.path.lexists(target):
                continue
            announce(target)
            try:
                if not copy_file(source, target, names, root):
                    return None
            except FileExistsError:
                continue
        remove_copied(source, target, names, root)
        return None if source.path.exists() else target  # another one by now, or the same by two ways
    return None


def _is_one_place(source: Path, target: Path) -> bool:
    """The archive may be the folder itself, by a link."""
    try:
        return source.name == target.name and source.parent.samefile(target.parent)
    except OSError:
        return False
