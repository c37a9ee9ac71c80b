"""Compose a document's note and put it in place.

Takes documents whose pages are all in. Never overwrites a file that papertray did not write, or that
someone edited since: then the note gets the next free name, and the document says so.
"""

import hashlib
import os
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from loguru import logger

from papertray.daemon.back_off import BackOff
from papertray.daemon.errors import NoteError
from papertray.daemon.files import Roots, own_names, put_file, read_file, sha256_of, tidy_folder
from papertray.daemon.files.problems import translate_disk_errors
from papertray.daemon.journal import Journal
from papertray.daemon.journal.errands import OUTPUTS
from papertray.daemon.journal.states import DocumentEvent
from papertray.daemon.notes.archive import archive_source
from papertray.daemon.notes.figures import FigureKeeper
from papertray.daemon.notes.names import ASSETS, assets_folder, first_free, note_candidates, note_folder
from papertray.daemon.notes.placement import (
    ApplyRules,
    Placement,
    RuleEffects,
    places_of,
    plan_placement,
)
from papertray.daemon.notes.standing import StandingNote, StandingNotes, read_standing_note
from papertray.daemon.notes.text import NoteForm, compose_note_text
from papertray.daemon.outputs.beside import OutputKeeper, OutputsBeside
from papertray.daemon.outputs.gathering import Inspect
from papertray.daemon.records import APART, UNCUT, DocumentRecord, PageRecord
from papertray.daemon.settings import FolderSettings, Settings
from papertray.engine.beneath import FileBeneath
from papertray.engine.documents import DocumentLimits
from papertray.engine.errors import PapertrayError
from papertray.engine.language import translatable
from papertray.engine.outputs.reading import SEARCHABLE

_EMPTY = hashlib.sha256(b"").hexdigest()
_BACK_OFF = BackOff((5.0, 15.0, 60.0))  # for a note that cannot be put in place now


class NoteWriter:
    """`inspect` tells the sizes of a file's pages, for outputs that name them. `roots` are all places."""

    def __init__(
        self,
        journal: Journal,
        settings: Settings,
        inspect: Inspect | None = None,
        apply_rules: ApplyRules = lambda _document, _pages: RuleEffects(),
    ) -> None:
        self._journal = journal
        self._settings = settings
        self._apply_rules = apply_rules
        self.roots = Roots(places_of(settings))
        self._standing = StandingNotes(journal, self.roots)
        self._names = own_names(journal.store.path.with_name("private-names"))
        limits = DocumentLimits(**settings.documents.model_dump())
        self._putting = threading.Lock()  # what one thread is writing is no leaving for another to tidy
        self._figures = FigureKeeper(journal, self._names, self._beneath)
        self._outputs = OutputKeeper(journal, self.roots, self._names, limits, self._putting, inspect)
        self._tidied: set[Path] = set()

    def place_ready(self) -> Iterator[int]:
        """Put every note in place that can be now; the documents of those that stand. Others wait longer."""
        for document in self._journal.notes.ready_documents():
            try:
                with self._putting:
                    self._place(document)
            except PapertrayError as problem:
                logger.bind(document=document.id).warning("{}", problem)
                self._tidied.clear()  # what failed may have left something
                self._journal.notes.postpone(document.id, problem, _BACK_OFF.after(document.tries))
            else:
                logger.bind(document=document.id).info("note in place")
                yield document.id

    def find_standing(self, document: DocumentRecord, sha256: str) -> Path | None:
        """A note in place that names these very bytes as its source, from a journal that was lost."""
        folder = self._note_folder(document)
        standing = self._standing.find(document, sha256, note_candidates(document.path, folder), folder)
        return standing.path if standing else None

    def is_own(self, path: Path) -> bool:
        """Whether this is an output of ours, or the folder of figures beside a note of ours."""
        if self._journal.outputs.is_ours(path):
            return True
        stem = next((path.name[: -len(end)] for end in (ASSETS, SEARCHABLE) if path.name.endswith(end)), "")
        if not stem:
            return False
        note = path.with_name(f"{stem}.md")
        return (
            self._journal.notes.is_ours(note)
            or read_standing_note(self.roots.beneath(note, note.parent)) is not None
        )

    def _place(self, document: DocumentRecord) -> None:
        """Put the note in place and say so in the journal; then the source may go to its archive."""
        pages = self._journal.listing.pages(document.id)
        rules = RuleEffects() if document.is_stack else self._apply_rules(document, pages)
        placement = plan_placement(document, pages, self._folder(document), rules)
        with translate_disk_errors(placement.folder / f"The note of {document.path.name}"):
            self._tidy(document, placement)
            sentence = self._put_note(document, pages, placement)
            archived, trouble = self._keep_source(document, placement)
        failed = any(page.state == "failed" for page in pages)
        event = DocumentEvent.PLACE_WITH_GAPS if failed else DocumentEvent.PLACE
        folder = self._folder(document)
        wants_outputs = folder is not None and folder.outputs and not document.is_stack
        errands = (*((OUTPUTS,) if wants_outputs else ()), *rules.errands)
        said = " ".join(filter(None, (trouble or sentence, _remark(document))))
        self._journal.notes.confirm(document.id, event, said, archived, errands)

    def _keep_source(self, document: DocumentRecord, placement: Placement) -> tuple[Path | None, str]:
        """Where it is now, if not where it was dropped; and why it could not be moved there."""
        if document.archived is not None and not os.path.lexists(document.path):
            return document.archived, ""
        if placement.kept is None or placement.kept_root is None:
            return None, ""
        announce = partial(self._journal.notes.announce_move, document.id)
        return archive_source(
            document, placement.kept, placement.kept_root, self._names, self.roots, announce
        )

    def put_part(self, document: DocumentRecord, place: Path, content: bytes) -> None:
        """A document that was made of this one, and is as old. FileExistsError if something is there.

        Called by another thread than the one that reads.
        """
        root = self._beneath(place, document).root
        with self._putting:
            put_file(content, place, self._names, over=False, root=root, mtime_ns=document.mtime_ns)

    def write_outputs(self, document: DocumentRecord) -> OutputsBeside:
        """Those that its folder wants beside its note; called by other threads than the one that reads.

        NoteError when one cannot be written just now.
        """
        folder = self._folder(document)
        if folder is None or document.note is None:
            return OutputsBeside()
        with translate_disk_errors(document.note):
            return self._outputs.put(document, document.note, folder.outputs)

    def _put_note(self, document: DocumentRecord, pages: list[PageRecord], placement: Placement) -> str:
        """What there is to say of it. A note that says the same already is not written again."""
        folder = placement.folder
        candidates = note_candidates(document.path, folder, placement.wishes.name)
        own = next(iter(self._own_notes(document)), None)
        standing = read_standing_note(self._beneath(own, document)) if own else None
        if own is None:
            standing = self._standing.find_unknown(document, candidates, folder)
        if standing and (sha256 := self._sha256_if_unedited(document, pages, placement, standing)):
            self._journal.notes.announce(document.id, standing.path, sha256)
            return ""
        if standing and own is None:
            self._journal.notes.announce(document.id, standing.path, "")
            return f"{standing.path.name} stood already, and papertray does not know whether it was edited."
        note = own or _free_name(document, placement)
        content = self._compose(document, pages, placement, note)
        self._journal.notes.announce(document.id, note, hashlib.sha256(content).hexdigest())
        said = self._write(document, note, content, over=own is not None)
        return " ".join(filter(None, (_edited_sentence(document, note), said)))

    def _sha256_if_unedited(
        self,
        document: DocumentRecord,
        pages: list[PageRecord],
        placement: Placement,
        standing: StandingNote,
    ) -> str:
        """Proven by composing it once more, with its own date: the same bytes, or somebody edited it.

        A setting that was changed since edits nothing.
        """
        stands = read_file(self._beneath(standing.path, document))
        if stands is None:
            return ""
        for form in self._form(document).variants():
            if stands == self._compose(document, pages, placement, standing.path, standing, form=form):
                return hashlib.sha256(stands).hexdigest()
        return ""

    def _note_folder(self, document: DocumentRecord) -> Path:
        folder = self._folder(document)
        return note_folder(document.path, document.folder, folder.notes if folder else "beside")

    def _compose(
        self,
        document: DocumentRecord,
        pages: list[PageRecord],
        placement: Placement,
        note: Path,
        like: StandingNote | None = None,
        *,
        form: NoteForm | None = None,
    ) -> bytes:
        """With today's date and as the settings say, or `like` one that stands."""
        wishes = placement.wishes
        wished = like.date is not None if like else self._settings.notes.front_matter
        front_matter = wished or bool(wishes.head or wishes.tags)
        text = compose_note_text(
            document,
            pages,
            front_matter=front_matter,
            wishes=wishes,
            form=form or self._form(document),
            figures=assets_folder(note).name,
            date=like.date if like else None,
        )
        return text.encode("utf-8", errors="replace")

    def _write(self, document: DocumentRecord, note: Path, content: bytes, *, over: bool) -> str:
        """What there is to say of its figures."""
        root = self._beneath(note, document).root
        said = self._figures.put(document, note)
        try:
            put_file(content, note, self._names, over=over, root=root)
        except FileExistsError as problem:
            raise NoteError(
                f"{note.name} appeared while the note was being written.", "papertray takes another name."
            ) from problem
        self._figures.remove_surplus(document, note)
        return said

    def _tidy(self, document: DocumentRecord, placement: Placement) -> None:
        """Each folder once, before the first thing is put there: what a killed process of ours left."""
        figures = assets_folder(own[0]) if (own := self._own_notes(document)) else None
        if figures is None and document.next_note:
            figures = assets_folder(document.next_note)
        places = (placement.folder, document.path.parent, figures, placement.kept)
        for folder in filter(None, places):
            if folder not in self._tidied:
                tidy_folder(folder, self._names, self._beneath(folder, document).root)
                self._tidied.add(folder)

    def _own_notes(self, document: DocumentRecord) -> list[Path]:
        """This document's own notes that nobody edited: these alone may be overwritten."""
        notes = (
            (document.note, document.note_sha256),
            (document.next_note, document.next_note_sha256),
            (document.next_note, _EMPTY),  # its place was held when the process ended
        )
        return [
            note
            for note, sha256 in notes
            if note is not None and sha256 and sha256_of(self._beneath(note, document)) == sha256
        ]

    def _beneath(self, place: Path, document: DocumentRecord) -> FileBeneath:
        return self.roots.beneath(place, document.folder)

    def _form(self, document: DocumentRecord) -> NoteForm:
        folder = self._folder(document)
        return NoteForm(self._settings.notes.keep_running_heads, folder.drop_blank_pages if folder else False)

    def _folder(self, document: DocumentRecord) -> FolderSettings | None:
        """None of a folder that is no longer watched."""
        return next((each for each in self._settings.folders if each.path == document.folder), None)


def _free_name(document: DocumentRecord, placement: Placement) -> Path:
    if document.next_note is not None and not document.next_note.exists():
        return document.next_note
    return first_free(note_candidates(document.path, placement.folder, placement.wishes.name), _is_free)


def _is_free(note: Path) -> bool:
    return not (note.exists() or note.is_symlink() or assets_folder(note).exists())


def _remark(document: DocumentRecord) -> str:
    """What was wished of a pile and could not be."""
    if document.way.startswith(UNCUT):
        return translatable("It could not be cut into its documents, so it was read as one.")
    if document.way.startswith(APART):
        return translatable("It was not joined with its other sides, which are not as many sheets.")
    return ""


def _edited_sentence(document: DocumentRecord, note: Path) -> str:
    if document.note is None or document.note == note or not document.note.exists():
        return ""
    return f"{document.note.name} was edited, so it was left alone; the new text is in {note.name}."
