"""Compose a document's note and put it in place.

Takes documents whose pages are all in. Never overwrites a file that papertray did not write, or that
someone edited since: then the note gets the next free name, and the document says so.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from loguru import logger

from papertray.daemon.back_off import BackOff
from papertray.daemon.errors import NoteError
from papertray.daemon.files import put_file, sha256_of
from papertray.daemon.journal import Journal
from papertray.daemon.journal.states import DocumentEvent
from papertray.daemon.notes.archive import archive_source
from papertray.daemon.notes.names import ASSETS, assets_folder, first_free, note_candidates, note_folder
from papertray.daemon.notes.text import compose_note_text
from papertray.daemon.records import DocumentRecord, PageRecord
from papertray.daemon.settings import Settings
from papertray.engine.errors import PapertrayError
from papertray.engine.markdown import figure_file, noted_source

_EMPTY = hashlib.sha256(b"").hexdigest()
_BACK_OFF = BackOff((5.0, 15.0, 60.0, 300.0))  # for a note that cannot be put in place now


@dataclass(frozen=True, slots=True)
class OutputFolders:
    """What the settings say about one watched folder's notes."""

    notes: str | Path = "beside"
    archive: Path | None = None


class NoteWriter:
    def __init__(self, journal: Journal, settings: Settings) -> None:
        self._journal = journal
        self._settings = settings

    def place_ready(self) -> Iterator[int]:
        """Put every note in place that can be now; the documents of those that stand. Others wait longer."""
        for document in self._journal.notes.ready_documents():
            try:
                self._place(document)
            except PapertrayError as problem:
                logger.bind(document=document.id).warning("{}", problem)
                self._journal.notes.postpone(document.id, problem, _BACK_OFF.after(document.tries))
            else:
                logger.bind(document=document.id).info("note in place")
                yield document.id

    def find_standing(self, document: DocumentRecord, sha256: str) -> Path | None:
        """A note in place that names these very bytes as its source, from a journal that was lost."""
        for name in self._candidates(document):
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
        return self._journal.notes.is_ours(note) or _source_of(note) is not None

    def _place(self, document: DocumentRecord) -> None:
        """Put the note in place and say so in the journal."""
        pages = self._journal.listing.pages(document.id)
        note = self._choose_name(document)
        content = self._compose(document, pages, note)
        self._journal.notes.announce(document.id, note, hashlib.sha256(content).hexdigest())
        self._write(document, note, content)
        failed = any(page.state == "failed" for page in pages)
        archive = self._output_folders(document).archive
        archived, trouble = (None, "") if archive is None else archive_source(document, archive)
        self._journal.notes.confirm(
            document.id,
            DocumentEvent.PLACE_WITH_GAPS if failed else DocumentEvent.PLACE,
            trouble or _edited_sentence(document, note),
            archived,
        )

    def _choose_name(self, document: DocumentRecord) -> Path:
        if own := _own_notes(document):
            return own[0]
        if document.next_note is not None and not document.next_note.exists():
            return document.next_note
        return first_free(self._candidates(document), _is_free)

    def _candidates(self, document: DocumentRecord) -> Iterator[Path]:
        folder = note_folder(document.path, document.folder, self._output_folders(document).notes)
        return note_candidates(document.path, folder)

    def _compose(self, document: DocumentRecord, pages: list[PageRecord], note: Path) -> bytes:
        front_matter, figures = self._settings.notes.front_matter, assets_folder(note).name
        text = compose_note_text(document, pages, front_matter=front_matter, figures=figures)
        return text.encode("utf-8", errors="replace")

    def _write(self, document: DocumentRecord, note: Path, content: bytes) -> None:
        scratch = f".papertray-{document.id}.tmp"
        ours = note in _own_notes(document)
        for page, figure in self._journal.notes.figures(document.id):
            put_file(figure.png, assets_folder(note) / figure_file(page, figure.name), scratch, over=True)
        try:
            put_file(content, note, scratch, over=ours)
        except FileExistsError as problem:
            raise NoteError(
                f"{note.name} appeared while the note was being written.", "papertray takes another name."
            ) from problem

    def _output_folders(self, document: DocumentRecord) -> OutputFolders:
        for folder in self._settings.folders:
            if folder.path == document.folder:
                return OutputFolders(folder.notes, folder.archive)
        return OutputFolders()


def _own_notes(document: DocumentRecord) -> list[Path]:
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


def _is_free(note: Path) -> bool:
    return not (note.exists() or note.is_symlink() or assets_folder(note).exists())


def _edited_sentence(document: DocumentRecord, note: Path) -> str:
    if document.note is None or document.note == note or not document.note.exists():
        return ""
    return f"{document.note.name} was edited, so it was left alone; the new text is in {note.name}."
