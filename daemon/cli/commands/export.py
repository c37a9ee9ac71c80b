"""`papertray export`: what was read, as a searchable PDF, JSON, text, HTML, CSV, hOCR or a Word document."""

import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from papertray.daemon.cli.options import AsJson
from papertray.daemon.cli.read.pages import open_renderer
from papertray.daemon.cli.screen import print_json, print_line, print_message, printable_name
from papertray.daemon.files import Roots
from papertray.daemon.journal import Journal
from papertray.daemon.notes.placement import places_of
from papertray.daemon.outputs.exporting import export_files, list_remarks
from papertray.daemon.outputs.gathering import gather_reading
from papertray.daemon.places import find_places
from papertray.daemon.records import DocumentRecord
from papertray.daemon.settings import Settings, load_settings
from papertray.daemon.status import DocumentState
from papertray.engine.documents import DocumentLimits
from papertray.engine.errors import PapertrayError
from papertray.engine.exit_codes import ExitCode
from papertray.engine.outputs.formats import FORMAT_NAMES, OutputFormat, parse_formats, write_output
from papertray.engine.outputs.reading import FinishedReading
from papertray.engine.renderer import Renderer

HERE, STDOUT = Path(), Path("-")
ENDED = (DocumentState.DONE, DocumentState.PROBLEMS)

Formats = Annotated[
    list[str],
    typer.Option("--as", metavar="FORMAT[,FORMAT…]", help=f"Which of {', '.join(FORMAT_NAMES)}."),
]


def export(
    formats: Formats,
    numbers: Annotated[
        list[int] | None, typer.Argument(metavar="ID", min=1, help="Numbers that `papertray list` shows.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All that was read.")] = False,
    into: Annotated[
        Path, typer.Option(metavar="DIR", help="The folder for the files; - is stdout, for a single one.")
    ] = HERE,
    as_json: AsJson = False,
) -> None:
    """Write what was read in other forms. Nothing is read again, and nothing is overwritten."""
    forms = parse_formats(formats)
    if not forms or bool(numbers) == every:
        raise typer.BadParameter("Name documents by their IDs, or say --all; and a format with --as.")
    places, settings = find_places(), load_settings(find_places())
    places.make()
    with closing(Journal.open(places.journal)) as journal, open_renderer(settings.documents) as renderer:
        documents = _documents(journal, numbers or ())
        sources = _Gathering(journal, settings, renderer)
        if into == STDOUT:
            _print_output(sources, documents, forms)
            return
        told = [_export_one(sources, document, forms, into, quiet=as_json) for document in documents]
    if as_json:
        print_json(told)
    elif not documents:
        print_line("No document has been read yet.")
    raise typer.Exit(next((answer["exit_code"] for answer in told if answer["exit_code"]), ExitCode.OK))


@dataclass(frozen=True, slots=True)
class _Gathering:
    journal: Journal
    settings: Settings
    renderer: Renderer

    def gather(self, document: DocumentRecord) -> FinishedReading:
        limits = DocumentLimits(**self.settings.documents.model_dump())
        roots = Roots(places_of(self.settings))
        return gather_reading(self.journal, document, roots, limits, self.renderer.inspect)


def _documents(journal: Journal, numbers: Sequence[int]) -> list[DocumentRecord]:
    if numbers:
        return [journal.listing.document(number) for number in numbers]
    return list(reversed(journal.listing.documents(ENDED, sys.maxsize)))


def _export_one(
    sources: _Gathering, document: DocumentRecord, forms: Sequence[OutputFormat], into: Path, *, quiet: bool
) -> dict[str, Any]:
    """What became of it. One that cannot be written keeps no other from being written."""
    answer: dict[str, Any] = {"document": document.id, "files": [], "remarks": [], "exit_code": ExitCode.OK}
    try:
        reading = sources.gather(document)
    except PapertrayError as problem:
        _note_problem(answer, problem)
        return answer
    for form in forms:
        try:
            files = write_output(reading, form)
            places = export_files(files, document.path.stem, into)
        except PapertrayError as problem:
            _note_problem(answer, problem)
            continue
        answer["files"] += map(str, places)
        answer["remarks"] += list_remarks(files, printable_name(document.path.name))
        for place in () if quiet else places:
            print_line(printable_name(place))
    for remark in answer["remarks"]:
        print_message(remark)
    return answer


def _note_problem(answer: dict[str, Any], problem: PapertrayError) -> None:
    print_message(f"papertray: {problem}")
    answer.setdefault("problems", []).append(problem.sentence)
    answer["exit_code"] = answer["exit_code"] or problem.exit_code


def _print_output(
    sources: _Gathering, documents: Sequence[DocumentRecord], forms: Sequence[OutputFormat]
) -> None:
    if len(documents) != 1 or len(forms) != 1:
        raise typer.BadParameter("Only one document in one format goes to stdout.")
    files = write_output(sources.gather(documents[0]), forms[0])
    if len(files) > 1:
        raise typer.BadParameter(f"That makes {len(files)} files; name a folder for them.")
    for remark in list_remarks(files, printable_name(documents[0].path.name)):
        print_message(remark)
    for file in files:
        sys.stdout.buffer.write(file.content)
