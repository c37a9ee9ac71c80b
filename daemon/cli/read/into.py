"""`papertray read --into DIR`: a mass of files, many at once, into a folder that says what is done already.

A note that names a file's bytes and name is its note: such a file is not read again, so whoever was stopped
begins anew and goes on. Files of a folder keep their place below it.
"""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import sleep as wait

from papertray.daemon.cli.progress_bars import FileCounter
from papertray.daemon.cli.read.file_flow import FileFlow, FileInHand, FileToRead
from papertray.daemon.cli.read.files import hash_file
from papertray.daemon.cli.read.outputs import FileAnswer, FolderOutput
from papertray.daemon.cli.read.pages import open_renderer
from papertray.daemon.cli.screen import print_message, printable_name
from papertray.daemon.notes.names import note_candidates
from papertray.daemon.notes.standing import read_standing_note
from papertray.daemon.places import find_places
from papertray.daemon.reading.readers import EngineReaderSource
from papertray.daemon.settings import Settings
from papertray.engine.beneath import FileBeneath
from papertray.engine.document_reader import Document
from papertray.engine.documents import SUFFIXES
from papertray.engine.errors import DocumentError, PapertrayError, ReaderAway
from papertray.engine.exit_codes import ExitCode
from papertray.engine.page_flow import read_flow
from papertray.engine.pages import Reader, ReaderIdentity

AWAY = 30.0
"""Seconds until a reader that is away is asked again."""

_MOST_RENDERERS = 8


def read_into(files: Sequence[Path], into: Path, jobs: int, settings: Settings) -> ExitCode:
    """Gives the code of the first file that went wrong; what is read stays read however this ends."""
    waiting = [file for named in files for file in find_files(named, into)]
    renderers = min(jobs, os.cpu_count() or 1, _MOST_RENDERERS)
    with ExitStack() as stack:
        counter = stack.enter_context(FileCounter.shown(len(waiting), time.monotonic))
        drawing = [stack.enter_context(open_renderer(settings.documents)) for _ in range(renderers)]
        reader = stack.enter_context(closing(EngineReaderSource(find_places()).open(settings.engine)))
        mass = _Mass(settings, counter, reader.identity)
        flow = FileFlow(mass.unread(waiting), drawing, jobs, mass.finish, mass.refuse)
        _read_all(reader, flow)
    return mass.code


def find_files(named: Path, into: Path) -> Iterator[FileToRead]:
    """A file, or all below a folder that papertray could read, in an order that stays the same."""
    if not named.is_dir():
        yield FileToRead(named, into)
        return
    for folder, folders, names in os.walk(named):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(folder, name)
            if path.suffix.lower() in SUFFIXES and not name.startswith("."):
                yield FileToRead(path, into / path.parent.relative_to(named))


def find_note(file: FileToRead, sha256: str) -> Path | None:
    """The note of these very bytes under this name, if it is there."""
    for note in note_candidates(file.path, file.into):
        if not note.exists():
            return None
        standing = read_standing_note(FileBeneath(file.into, note))
        if standing and standing.sha256 == sha256 and standing.source in (None, file.path.name):
            return note
    return None


def _read_all(reader: Reader, flow: FileFlow) -> None:
    while True:
        try:
            read_flow(reader, flow)
            return
        except ReaderAway as problem:
            print_message(f"papertray: {problem} Until then the files wait.")
            flow.give_back()
            wait(AWAY)


@dataclass(slots=True)
class _Mass:
    settings: Settings
    counter: FileCounter
    reader: ReaderIdentity
    code: ExitCode = ExitCode.OK
    _hashes: dict[Path, str] = field(default_factory=dict)

    def unread(self, files: Sequence[FileToRead]) -> Iterator[FileToRead]:
        for file in files:
            try:
                sha256 = hash_file(file.path)
            except PapertrayError as problem:
                self.refuse(file, problem)
                continue
            if find_note(file, sha256):
                self.counter.skip()
                continue
            self._hashes[file.path] = sha256
            yield file

    def finish(self, opened: FileInHand) -> None:
        file, document = opened.file, Document(opened.kind, opened.texts, self.reader)
        failed = document.failed_pages
        if len(failed) == len(document.pages):
            self.refuse(file, DocumentError(failed[0].sentence, failed[0].advice))
            return
        if failed:
            self._count(ExitCode.DOCUMENT)
            name = printable_name(file.path.name)
            print_message(f"papertray: {name} has pages that could not be read; the note says which.")
        notes = self.settings.notes
        answer = FileAnswer(file.path, self._hashes.pop(file.path), document, datetime.now().astimezone())
        file.into.mkdir(parents=True, exist_ok=True)
        FolderOutput(file.into, notes.front_matter, notes.keep_running_heads).add(answer)
        self.counter.end(len(document.pages))

    def refuse(self, file: FileToRead, problem: PapertrayError) -> None:
        self._hashes.pop(file.path, None)
        self._count(problem.exit_code)
        print_message(f"papertray: {problem}")
        self.counter.refuse()

    def _count(self, code: ExitCode) -> None:
        self.code = self.code or code
