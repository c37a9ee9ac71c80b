"""Move a source to the archive of its folder, once its note stands. Overwrites nothing."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

from papertray.daemon.errors import NoteError
from papertray.daemon.files import move_file, sha256_of
from papertray.daemon.notes.names import first_free
from papertray.daemon.records import DocumentRecord


def archive_source(document: DocumentRecord, archive: Path) -> tuple[Path | None, str]:
    """Where it is now, if it was moved; and what went wrong with that. One that changed since stays."""
    folder = archive / document.path.parent.relative_to(document.folder)
    target = first_free(
        _numbered_names(document.path.name, folder),
        lambda name: not name.exists() or sha256_of(name) == document.sha256,
    )
    if target.exists():
        return target, ""
    if not _is_unchanged(document):
        return None, ""
    try:
        move_file(document.path, target, f".papertray-{document.id}.tmp")
    except (NoteError, FileExistsError) as problem:
        name = document.path.name
        return None, f"The note is done, but {name} could not be moved to {folder}: {problem}"
    return target, ""


def _is_unchanged(document: DocumentRecord) -> bool:
    try:
        return document.fingerprint.matches(document.path.stat())
    except OSError:
        return False


def _numbered_names(name: str, folder: Path) -> Iterator[Path]:
    yield folder / name
    stem, dot, suffix = name.rpartition(".")
    for number in count(2):
        yield folder / (f"{stem}.{number}.{suffix}" if dot else f"{name}.{number}")
