"""Keep a document's outputs beside its note, as the settings of its folder name them.

They are treated as the note is: the journal is told first; a file of ours that nobody edited is replaced when
the document is read again, and no other file ever is. What cannot be written is a sentence; the note stands.
"""

import hashlib
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from loguru import logger

from papertray.daemon.errors import NoteError
from papertray.daemon.files import PrivateNames, Roots, put_file, remove_unedited, sha256_of
from papertray.daemon.journal import Journal
from papertray.daemon.journal.outputs import OutputRecord
from papertray.daemon.outputs.exporting import output_names
from papertray.daemon.outputs.gathering import Inspect, gather_reading
from papertray.daemon.records import DocumentRecord
from papertray.engine.documents import DocumentLimits
from papertray.engine.errors import PapertrayError
from papertray.engine.outputs.formats import find_format, write_output
from papertray.engine.outputs.reading import OutputFile

_EMPTY = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True)
class OutputsBeside:
    """What there is to say of them, and whether all that are wanted stand there."""

    sentence: str = ""
    complete: bool = True


class OutputKeeper:
    """`putting` is held while a file is put in place, `inspect` tells the sizes of pages."""

    def __init__(
        self,
        journal: Journal,
        roots: Roots,
        names: PrivateNames,
        limits: DocumentLimits,
        putting: threading.Lock,
        inspect: Inspect | None = None,
    ) -> None:
        self._journal = journal
        self._roots = roots
        self._names = names
        self._limits = limits
        self._putting = putting
        self._inspect = inspect

    def put(self, document: DocumentRecord, note: Path, formats: Iterable[str]) -> OutputsBeside:
        """All that can be written; NoteError when one cannot just now."""
        forms = [find_format(name) for name in formats]
        if not forms:
            return OutputsBeside()
        reading = gather_reading(self._journal, document, self._roots, self._limits, self._inspect)
        problems: list[str] = []
        remarks: list[str] = []
        for form in forms:
            try:
                files = write_output(reading, form)
            except PapertrayError as problem:
                logger.bind(document=document.id).warning("no {}: {}", form.name, type(problem).__name__)
                problems.append(f"The note is done, but its {form.name} is not: {problem}")
                continue
            for file in files:
                with self._putting:
                    self._put(document, note, file)
            remarks.extend(file.remark for file in files if file.remark)
            if form.several:
                self._remove_surplus(document, note, f".{form.name}", {file.ending for file in files})
        return OutputsBeside(" ".join(problems + remarks), complete=not problems)

    def _put(self, document: DocumentRecord, note: Path, file: OutputFile) -> None:
        sha256 = hashlib.sha256(file.content).hexdigest()
        own = self._own_place(document, note, file.ending)
        place = own or next(
            name for name in output_names(note.stem, file.ending, note.parent) if _is_free(name)
        )
        self._journal.outputs.announce(document.id, place, file.ending, sha256)
        beneath = self._roots.beneath(place, document.folder)
        if own is None or sha256_of(beneath) != sha256:
            try:
                put_file(file.content, place, self._names, over=own is not None, root=beneath.root)
            except FileExistsError as problem:
                raise NoteError(
                    f"{place.name} appeared while it was being written.", "papertray takes another name."
                ) from problem
        self._journal.outputs.confirm(document.id, place)

    def _remove_surplus(self, document: DocumentRecord, note: Path, form: str, endings: set[str]) -> None:
        """What an older reading had more of: tables that this one has not."""
        for record in self._journal.outputs.of(document.id):
            is_older = record.path.parent == note.parent and record.ending not in endings
            if is_older and record.ending.endswith(form):
                self._remove(document, record)

    def _remove(self, document: DocumentRecord, record: OutputRecord) -> None:
        """One that somebody edited stays, and is nothing of ours any more."""
        with self._putting:
            beneath = self._roots.beneath(record.path, document.folder)
            remove_unedited(beneath, {record.sha256, record.next_sha256} - {""}, self._names)
        self._journal.outputs.forget(document.id, record.path)

    def _own_place(self, document: DocumentRecord, note: Path, ending: str) -> Path | None:
        """Where such a file of ours stands that nobody edited: this alone may be replaced."""
        for record in self._journal.outputs.of(document.id):
            if record.ending != ending or record.path.parent != note.parent:
                continue
            stands = sha256_of(self._roots.beneath(record.path, document.folder))
            if stands and stands in (record.sha256, record.next_sha256, _EMPTY):
                return record.path
        return None


def _is_free(place: Path) -> bool:
    return not (place.exists() or place.is_symlink())
