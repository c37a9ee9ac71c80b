"""`papertray read FILE…`: the notes of a few files at once, without the daemon and its journal.

Markdown or JSON goes to stdout, or notes into a folder; sentences and a progress bar go to stderr.
"""

import hashlib
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from daemon.cli.answers import Answer, Answers, Folder, Json, Markdown
from daemon.cli.screen import named, say
from daemon.places import places
from daemon.settings import Settings, load
from engine.errors import DocumentError, DocumentGone, PapertrayError
from engine.one_shot import OneShot, Seen

MANY_PAGES = 4  # fewer are read before a bar could tell anything


def read(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Images or PDFs.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Write notes into this folder; - is stdout.")
    ] = Path("-"),
    as_json: Annotated[bool, typer.Option("--json", help="Pages, texts and problems as JSON.")] = False,
) -> None:
    """Read files now and print their Markdown. Nothing is overwritten, the files stay as they are."""
    settings = load(places())
    answers = _answers(output, as_json, settings, single=len(files) == 1)
    with closing(_one_shot(settings)) as reading:
        codes = [_read(file, reading, answers) for file in files]
    answers.finish()
    raise typer.Exit(next((code for code in codes if code), 0))


def _answers(output: Path, as_json: bool, settings: Settings, *, single: bool) -> Answers:
    if as_json:
        return Json()
    if str(output) == "-":
        return Markdown(front_matter=settings.notes.front_matter and single, separate=not single)
    return Folder(output, front_matter=settings.notes.front_matter)


def _one_shot(settings: Settings) -> OneShot:
    from engine.documents import Limits
    from engine.readers.quick import load as load_quick
    from engine.renderer import Renderer

    return OneShot(Renderer(Limits(**settings.documents.model_dump())), load_quick)


def _read(file: Path, reading: OneShot, answers: Answers) -> int:
    """The exit code for this file; the others are read all the same."""
    from engine.pages import Watch

    try:
        with _progress(file) as seen:
            whole = reading.read(file, seen, Watch())
        answers.add(Answer(file, _sha256(file), whole, datetime.now().astimezone()))
    except PapertrayError as problem:
        say(f"papertray: {problem}")
        answers.refuse(file, problem)
        return problem.exit_code
    if not whole.failed:
        return 0
    say(f"papertray: {named(file.name)} has pages that could not be read; the note says which.")
    return DocumentError.exit_code


def _sha256(file: Path) -> str:
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError as problem:  # it was there when its pages were read
        raise DocumentGone(file) from problem


@contextmanager
def _progress(file: Path) -> Iterator[Seen]:
    """A bar on stderr for documents of many pages, where a person can see it."""
    if not sys.stderr.isatty():
        yield lambda _done, _pages: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(named(file.name), visible=False)

        def seen(done: int, pages: int) -> None:
            progress.update(task, completed=done, total=pages, visible=pages >= MANY_PAGES)

        yield seen
