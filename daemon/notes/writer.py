"""Compose a document's note and put it in place.

Takes documents whose pages are all in. Never overwrites a file that papertray did not write, or that
someone edited since: then the note gets the next free name, and the document says so.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from papertray.daemon.errors import NoteError
from papertray.daemon.files import move_file, put_file, sha256_of
from papertray.daemon.journal import Journal
from papertray.daemon.journal.states import DocumentEvent
from papertray.daemon.notes.names import ASSETS, assets_folder, first_free, note_candidates, note_folder
from papertray.daemon.notes.text import compose_note_text
from papertray.daemon.records import DocumentRecord, PageRecord
from papertray.daemon.settings import Settings
from papertray.engine.markdown import figure_file, noted_source

_EMPTY = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True)
class OutputFolders:
    """What the settings say about one watched folder's notes."""

    notes: str | Path = "beside"
    archive: Path | None = None


class NoteWriter:
    def __init__(self, journal: Journal, settings: Settings) -> None:
        self._journal = journal
        self._settings = settings

    def place(self, document: DocumentRecord) -> None:
        """Put the note in place and say so in the journal."""
        pages = self._journal.listing.pages(document.id)
        note = self._choose(document)
        content = self._compose(document, pages, note)
        self._journal.notes.intend(document.id, note, hashlib.sha256(content).hexdigest())
        self._put(document, note, content)
        failed = any(page.state == "failed" for page in pages)
        archived, trouble = self._archive(document)
        self._journal.notes.placed(
            document.id,
            DocumentEvent.PLACE_WITH_GAPS if failed else DocumentEvent.PLACE,
            trouble or _beside_edited(document, note),
            archived,
        )

    def standing(self, document: DocumentRecord, sha256: str) -> Path | None:
        """A note in place that names these very bytes as its source, from a journal that was lost."""
        folder = note_folder(document.path, document.folder, self._place_of(document).notes)
        for name in note_candidates(document.path, folder):
            if not name.exists():
                return None
            if _source_of(name) == sha256:
                return name
        return None

    def is_assets(self, path: Path) -> bool:
        """Whether this is the folder of figures beside a note of ours."""
        if path.suffix != ASSETS:
            return False
        note = path.with_suffix(".md")
        return self._journal.notes.knows(note) or _source_of(note) is not None

    def _choose(self, document: DocumentRecord) -> Path:
        if standing := _own(document):
            return standing[0]
        if document.next_note is not None and not document.next_note.exists():
            return document.next_note
        folder = note_folder(document.path, document.folder, self._place_of(document).notes)
        return first_free(note_candidates(document.path, folder), _is_free)

    def _compose(self, document: DocumentRecord, pages: list[PageRecord], note: Path) -> bytes:
        front_matter, figures = self._settings.notes.front_matter, assets_folder(note).name
        text = compose_note_text(document, pages, front_matter=front_matter, figures=figures)
        return text.encode("utf-8", errors="replace")

    def _put(self, document: DocumentRecord, note: Path, content: bytes) -> None:
        scratch = f".papertray-{document.id}.tmp"
        ours = note in _own(document)
        for page, figure in self._journal.notes.figures(document.id):
            put_file(figure.png, assets_folder(note) / figure_file(page, figure.name), scratch, over=True)
        try:
            put_file(content, note, scratch, over=ours)
        except FileExistsError as problem:
            raise NoteError(
                f"{note.name} appeared while the note was being written.", "papertray takes another name."
            ) from problem

    def _archive(self, document: DocumentRecord) -> tuple[Path | None, str]:
        """Move the source to the archive folder, if its folder has one; and what went wrong with that."""
        archive = self._place_of(document).archive
        if archive is None:
            return None, ""
        folder = archive / document.path.parent.relative_to(document.folder)
        target = first_free(
            _numbered(document.path.name, folder),
            lambda name: not name.exists() or sha256_of(name) == document.sha256,
        )
        if target.exists() or not _is_as_read(document):
            return (target if target.exists() else None), ""
        try:
            move_file(document.path, target, f".papertray-{document.id}.tmp")
        except (NoteError, FileExistsError) as problem:
            return (
                None,
                f"The note is done, but {document.path.name} could not be moved to {folder}: {problem}",
            )
        return target, ""

    def _place_of(self, document: DocumentRecord) -> OutputFolders:
        for folder in self._settings.folders:
            if folder.path == document.folder:
                return OutputFolders(folder.notes, folder.archive)
        return OutputFolders()


def _own(document: DocumentRecord) -> list[Path]:
    """This document's own notes that nobody edited: these alone may be overwritten."""
    notes = (
        (document.note, document.note_sha256),
        (document.next_note, document.next_note_sha256),
        (document.next_note, _EMPTY),  # its place was held when the process ended
    )
    return [note for note, sha256 in notes if note is not None and sha256 and sha256_of(note) == sha256]


def _source_of(note: Path) -> str | None:
    try:
        return noted_source(note.read_text(encoding="utf-8"))
    except (OSError, UnicodeError):
        return None


def _is_as_read(document: DocumentRecord) -> bool:
    try:
        return document.fingerprint.matches(document.path.stat())
    except OSError:
        return False


def _is_free(note: Path) -> bool:
    return not (note.exists() or note.is_symlink() or assets_folder(note).exists())


def _numbered(name: str, folder: Path) -> Iterator[Path]:
    yield folder / name
    stem, dot, suffix = name.rpartition(".")
    for number in count(2):
        yield folder / (f"{stem}.{number}.{suffix}" if dot else f"{name}.{number}")


def _beside_edited(document: DocumentRecord, note: Path) -> str:
    if document.note is None or document.note == note or not document.note.exists():
        return ""
    return f"{document.note.name} was edited, so it was left alone; the new text is in {note.name}."
