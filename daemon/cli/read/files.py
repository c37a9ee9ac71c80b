"""Read files one after the other, here and now, and hand each answer to an output.

A file that cannot be read is said on stderr and gives an exit code; the others are read all the same.
"""

import hashlib
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from papertray.daemon.cli.progress_bars import page_bar
from papertray.daemon.cli.read.outputs import FileAnswer, Output
from papertray.daemon.cli.read.pages import open_renderer
from papertray.daemon.cli.screen import print_message, printable_name
from papertray.daemon.places import find_places
from papertray.daemon.reading.readers import EngineReaderSource
from papertray.daemon.settings import Settings
from papertray.engine.document_reader import DocumentReader
from papertray.engine.errors import Cancelled, DocumentGone, NoSuchFile, NotAllowed, PapertrayError
from papertray.engine.exit_codes import ExitCode
from papertray.engine.language import translate, translate_many
from papertray.engine.markdown import FailedPage


def open_document_reader(settings: Settings) -> DocumentReader:
    """What reads with the model and device of the settings, loaded for the first file that can be opened."""
    renderer = open_renderer(settings.documents)
    return DocumentReader(renderer, lambda: EngineReaderSource(find_places()).open(settings.engine))


def read_files(files: Sequence[Path], reader: DocumentReader, output: Output) -> ExitCode:
    """Gives the code of the first file that went wrong. After Ctrl-C, what was read until then is kept."""
    cancel = threading.Event()
    with reader, _stop_on_ctrl_c(cancel):
        codes = [_read_file(file, reader, output, cancel) for file in files if not cancel.is_set()]
    output.finish()
    if cancel.is_set():
        return ExitCode.INTERRUPTED
    return next((code for code in codes if code), ExitCode.OK)


@contextmanager
def _stop_on_ctrl_c(cancel: threading.Event) -> Iterator[None]:
    """The first one asks, the second one ends it at once."""

    def ask(_number: int, _frame: object) -> None:
        signal.signal(signal.SIGINT, before)
        cancel.set()

    before = signal.getsignal(signal.SIGINT)
    if before in (signal.SIG_IGN, None) or threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGINT, ask)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _unread(number: int) -> FailedPage:
    return FailedPage(number, "Reading was interrupted before this page.", "Read the file again.")


def _read_file(file: Path, reader: DocumentReader, output: Output, cancel: threading.Event) -> ExitCode:
    try:
        with page_bar(file) as show_progress:
            document = reader.read(file, progress=show_progress, cancel=cancel, unread=_unread)
        output.add(FileAnswer(file, hash_file(file), document, datetime.now().astimezone()))
    except Cancelled as end:
        return end.exit_code
    except PapertrayError as problem:
        print_message(f"papertray: {problem}")
        output.refuse(file, problem)
        return problem.exit_code
    if doubtful := document.doubtful_pages:
        print_message(f"papertray: {_doubt(printable_name(file.name), doubtful, len(document.pages))}")
    if not document.failed_pages:
        return ExitCode.OK
    print_message(
        f"papertray: {printable_name(file.name)} has pages that could not be read; the note says which."
    )
    return ExitCode.DOCUMENT


def _doubt(name: str, pages: Sequence[int], count: int) -> str:
    if count == 1:
        return translate("{name} may be misread in places.", name=name)
    return translate_many(
        "{name} may be misread in places: page {pages}.",
        "{name} may be misread in places: pages {pages}.",
        len(pages),
        name=name,
        pages=", ".join(map(str, pages)),
    )


def hash_file(file: Path) -> str:
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except FileNotFoundError as problem:
        raise NoSuchFile(file) from problem
    except PermissionError as problem:
        raise NotAllowed(file) from problem
    except OSError as problem:
        raise DocumentGone(file) from problem
