"""`papertray read FILE…`: the notes of a few files at once, without the daemon and its journal.

Markdown or JSON goes to stdout, or notes into a folder; sentences and a progress bar go to stderr.
"""

import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from papertray.daemon.cli.outputs import FileAnswer, FolderOutput, JsonOutput, MarkdownOutput, Output
from papertray.daemon.cli.screen import printable_name, say
from papertray.daemon.places import find_places
from papertray.daemon.settings import Settings, load_settings
from papertray.engine.document_reader import DocumentReader, PageProgress
from papertray.engine.errors import DocumentError, DocumentGone, PapertrayError
from papertray.engine.pages import Reader

MANY_PAGES = 4  # fewer are read before a bar could tell anything
MODEL, NUMBERS = "Which model and how", "Reproducing a publisher's numbers"


def read(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Images or PDFs.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Write notes into this folder; - is stdout.")
    ] = Path("-"),
    as_json: Annotated[bool, typer.Option("--json", help="Pages, texts and problems as JSON.")] = False,
    model: Annotated[
        str | None, typer.Option(help="auto, quick, or a name of `models list`.", rich_help_panel=MODEL)
    ] = None,
    device: Annotated[
        str | None, typer.Option(help="auto, cpu, cuda, mps or npu.", rich_help_panel=MODEL)
    ] = None,
    mode: Annotated[
        str | None, typer.Option(help="One of the model's modes, like base or tiles.", rich_help_panel=MODEL)
    ] = None,
    prompt: Annotated[
        str | None,
        typer.Option(help="document, text, figure, or a prompt of your own.", rich_help_panel=MODEL),
    ] = None,
    max_tokens: Annotated[
        int | None, typer.Option(min=1, help="The most a page may take.", rich_help_panel=MODEL)
    ] = None,
    weights: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="A checkpoint's own folder; --model names it.", rich_help_panel=NUMBERS
        ),
    ] = None,
    dtype: Annotated[
        str | None, typer.Option(help="float32, float16 or bfloat16.", rich_help_panel=NUMBERS)
    ] = None,
    no_repeat_ngram: Annotated[
        int | None,
        typer.Option(min=0, help="This n-gram rule and no other guard; 0: none.", rich_help_panel=NUMBERS),
    ] = None,
    raw: Annotated[
        bool,
        typer.Option("--raw", help="What the model said, before any conversion.", rich_help_panel=NUMBERS),
    ] = False,
) -> None:
    """Read files now and print their Markdown. Nothing is overwritten, the files stay as they are."""
    settings = load_settings(
        find_places(),
        engine__model=model,
        engine__device=device,
        engine__mode=mode,
        engine__prompt=prompt,
        engine__max_tokens=max_tokens,
        engine__dtype=dtype,
    )
    if raw or weights is not None or no_repeat_ngram is not None:
        from papertray.daemon.cli.reproduce import Reproduction

        reproduction = Reproduction(settings, weights, no_repeat_ngram)
        if raw:
            reproduction.print(files, as_json)
            return
        reader = reproduction.document_reader()
    else:
        reader = _document_reader(settings)
    _finish(files, reader, _answers(output, as_json, settings, single=len(files) == 1))


def _finish(files: list[Path], reader: DocumentReader, answers: Output) -> None:
    with reader:
        codes = [_read(file, reader, answers) for file in files]
    answers.finish()
    raise typer.Exit(next((code for code in codes if code), 0))


def _answers(output: Path, as_json: bool, settings: Settings, *, single: bool) -> Output:
    if as_json:
        return JsonOutput()
    if str(output) == "-":
        return MarkdownOutput(front_matter=settings.notes.front_matter and single, separate=not single)
    return FolderOutput(output, front_matter=settings.notes.front_matter)


def _document_reader(settings: Settings) -> DocumentReader:
    from papertray.engine.documents import DocumentLimits
    from papertray.engine.renderer import Renderer

    def open_reader() -> Reader:
        from papertray.daemon.reading.readers import EngineReaderSource

        return EngineReaderSource(find_places()).open(settings.engine)

    return DocumentReader(Renderer(DocumentLimits(**settings.documents.model_dump())), open_reader)


def _read(file: Path, reader: DocumentReader, answers: Output) -> int:
    """The exit code for this file; the others are read all the same."""
    try:
        with _progress(file) as progress:
            whole = reader.read(file, progress=progress)
        answers.add(FileAnswer(file, _sha256(file), whole, datetime.now().astimezone()))
    except PapertrayError as problem:
        say(f"papertray: {problem}")
        answers.refuse(file, problem)
        return problem.exit_code
    if not whole.failed_pages:
        return 0
    say(f"papertray: {printable_name(file.name)} has pages that could not be read; the note says which.")
    return DocumentError.exit_code


def _sha256(file: Path) -> str:
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError as problem:  # it was there when its pages were read
        raise DocumentGone(file) from problem


@contextmanager
def _progress(file: Path) -> Iterator[PageProgress]:
    """A bar on stderr for documents of many pages, where a person can see it."""
    if not sys.stderr.isatty():
        yield lambda _done, _pages: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(printable_name(file.name), visible=False)

        def seen(done: int, pages: int) -> None:
            progress.update(task, completed=done, total=pages, visible=pages >= MANY_PAGES)

        yield seen
