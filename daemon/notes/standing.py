"""Know a note that stands by what it says of itself, where the journal does not know of it.

A journal can be older than the notes: restored from a backup, rolled back with its machine, or begun anew.
Takes a document and the names that its note may have; gives the note that a later life of the journal has
put there. Opens notes, changes nothing.
"""

import json
import os
import re
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from papertray.daemon.files import Roots, read_file
from papertray.daemon.journal import Journal
from papertray.daemon.records import DocumentRecord
from papertray.engine.beneath import FileBeneath
from papertray.engine.markdown import has_our_head, noted_source

_FRONT = "---\n"
_HEAD = 8192  # bytes in which a front matter says all that is asked of it here
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class StandingNote:
    """`source` and `date` are None of a note without front matter, which names the bytes alone."""

    path: Path
    sha256: str
    source: str | None = None
    date: datetime | None = None

    def is_of(self, document: DocumentRecord, sha256: str) -> bool:
        return self.sha256 == sha256 and self.source in (None, noted_name(document))


def noted_name(document: DocumentRecord) -> str:
    """How a note names its source."""
    return _LONE_SURROGATE.sub("\ufffd", document.path.name)


class StandingNotes:
    def __init__(self, journal: Journal, roots: Roots) -> None:
        self._journal = journal
        self._roots = roots
        self._lock = threading.Lock()
        self._unknown: dict[Path, dict[tuple[str | None, str], Path]] = {}

    def find(
        self, document: DocumentRecord, sha256: str, candidates: Iterable[Path], folder: Path
    ) -> StandingNote | None:
        """A note of these very bytes that the journal counts to no other document."""
        for note in self._that_stand(document, sha256, candidates, folder):
            standing = read_standing_note(self._roots.beneath(note, folder))
            if standing and standing.is_of(document, sha256) and not self._is_anothers(note, document):
                return standing
        return None

    def find_unknown(
        self, document: DocumentRecord, candidates: Iterable[Path], folder: Path
    ) -> StandingNote | None:
        """The same, if it was written after all that the journal knows of this document."""
        standing = self.find(document, document.sha256, candidates, folder)
        if standing is None or document.note is None or document.finished is None:
            return standing
        newer = standing.date is not None and standing.date.timestamp() > document.finished
        return standing if newer else None

    def _that_stand(
        self, document: DocumentRecord, sha256: str, candidates: Iterable[Path], folder: Path
    ) -> Iterator[Path]:
        """Under the names that it may have; then under one that a person gave it."""
        for name in candidates:
            if not name.exists():
                break
            yield name
        source = noted_name(document)
        with self._lock:
            if folder not in self._unknown:
                self._unknown[folder] = {(note.source, note.sha256): note.path for note in self._look(folder)}
            unknown = self._unknown[folder]
            renamed = unknown.get((source, sha256)) or unknown.get((None, sha256))
        if renamed is not None:
            yield renamed

    def _look(self, folder: Path) -> Iterator[StandingNote]:
        """The notes in a folder that the journal has never heard of: as a rule, none."""
        try:
            with os.scandir(folder) as entries:
                names = [Path(entry.path) for entry in entries if entry.name.endswith(".md")]
        except OSError:
            return
        for note in names:
            if self._journal.notes.is_ours(note):
                continue
            if standing := read_standing_note(self._roots.beneath(note, folder), _HEAD):
                yield standing

    def _is_anothers(self, note: Path, document: DocumentRecord) -> bool:
        return note not in (document.note, document.next_note) and self._journal.notes.is_ours(note)


def read_standing_note(file: FileBeneath, length: int = -1) -> StandingNote | None:
    """What a note says of itself within its first bytes; None of a file that is no note of ours."""
    content, note = read_file(file, length), file.path
    if content is None:
        return None
    text = content.decode("utf-8", errors="replace").replace("\r\n", "\n")
    sha256 = noted_source(text)
    if sha256 is None:
        return None
    if not has_our_head(text):
        return StandingNote(note, sha256)
    head = text[len(_FRONT) :].partition(f"\n{_FRONT}")[0]
    fields = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
    try:
        return StandingNote(
            note, sha256, json.loads(fields["source"]), datetime.fromisoformat(fields["date"])
        )
    except (KeyError, ValueError):
        return StandingNote(note, sha256)
