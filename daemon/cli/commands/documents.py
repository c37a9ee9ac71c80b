"""`papertray list`, `show` and `forget`: the documents, as the daemon knows them."""

import dataclasses
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from papertray.daemon.cli.options import AsJson
from papertray.daemon.cli.screen import (
    print_json,
    print_line,
    print_message,
    print_table,
    print_text,
    printable_name,
)
from papertray.daemon.cli.status_text import STATE_COLOURS
from papertray.daemon.cli.times import format_moment
from papertray.daemon.client.client import Client
from papertray.daemon.journal.lists import DocumentOrder, DocumentQuery
from papertray.daemon.places import find_places
from papertray.daemon.records import DocumentRecord, PageRecord
from papertray.daemon.status import DocumentState
from papertray.engine.pages import PageText

if TYPE_CHECKING:
    from papertray.daemon.journal.errands import Errand

MOST_NAMED = 12
"""So many pages are named in a line."""

WAITING_TO_BE_READ = (DocumentState.ARRIVED, DocumentState.QUEUED, DocumentState.READING)

HEAD = ("ID", "Added", "State", "Pages", "Document", "")

Number = Annotated[int, typer.Argument(metavar="ID", min=1, help="The number that `papertray list` shows.")]


def list_documents(
    state: Annotated[
        list[DocumentState] | None,
        typer.Option(
            metavar="STATE",
            help=f"Only documents in this state: {', '.join(DocumentState)}. May be repeated.",
        ),
    ] = None,
    doubtful: Annotated[bool, typer.Option("--doubtful", help="Only those with doubtful pages.")] = False,
    folder: Annotated[Path | None, typer.Option(help="Only those of this watched folder.")] = None,
    reader: Annotated[str, typer.Option(help="Only those that this reader read, like `quick`.")] = "",
    sort: Annotated[
        DocumentOrder, typer.Option(help="confidence: the least sure first.")
    ] = DocumentOrder.NEWEST,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="At most so many.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List the documents, newest first."""
    query = DocumentQuery(
        states=tuple(state or ()),
        doubtful=doubtful,
        folder="" if folder is None else os.path.abspath(folder.expanduser()),  # noqa: PTH100
        reader=reader,
        order=sort,
    )
    with Client(find_places()) as client:
        found = client.select(query, limit + 1)
        pauses = {each.path: each.paused_until for each in client.status().folders}
    documents = found[:limit]
    if as_json:
        print_json([_document_data(document) for document in documents])
    elif documents:
        now = time.time()
        print_table(
            HEAD,
            [_table_row(document, now, pauses.get(str(document.folder))) for document in documents],
            STATE_COLOURS,
        )
    else:
        print_line("No documents.")
    if len(found) > limit:
        first = "newest" if sort is DocumentOrder.NEWEST else "first"
        print_message(f"Only the {first} {limit} are listed; --limit lists more.")


def show(
    number: Number,
    text: Annotated[bool, typer.Option("--text", help="Print what was read, page by page.")] = False,
    note: Annotated[
        bool, typer.Option("--note", help="Print the note as the settings would have it now, name and all.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show one document: its state, its pages, what went wrong, where its note is."""
    with Client(find_places()) as client:
        document, pages = client.document(number)
        errands = client.errands(number)
    if as_json:
        each_page = [_page_data(page, text) for page in pages]
        rules = [dataclasses.asdict(errand) for errand in errands]
        print_json(_document_data(document) | {"each_page": each_page, "rules": rules})
    elif text:
        print_text("\n\n".join(page.text.markdown for page in pages if page.text) + "\n")
    elif note:
        print_text(_previewed_note(document, pages))
    else:
        _print_document(document, pages)
        for errand in errands:
            of = "Outputs" if errand.is_outputs else f"Rule {errand.rule}, {errand.action}"
            print_line(f"{of}: {_describe_errand(errand)}")


def _describe_errand(errand: "Errand") -> str:
    """How it stands: done, to be tried again, or not yet begun."""
    if errand.ended is not None:
        return errand.outcome
    return f"{errand.outcome} It is tried again." if errand.outcome else "It is due."


def _previewed_note(document: DocumentRecord, pages: list[PageRecord]) -> str:
    from papertray.daemon.notes.preview import preview_note
    from papertray.daemon.rules.matching import apply_rules
    from papertray.daemon.settings import load_settings

    settings = load_settings(find_places())
    return preview_note(document, pages, settings, apply_rules(settings.rules, document, pages))


def forget(number: Number, as_json: AsJson = False) -> None:
    """Drop a document from the list. Its file and its note stay where they are."""
    with Client(find_places()) as client:
        client.forget(number)
    if as_json:
        print_json({"forgotten": number})
    else:
        print_line(f"Forgot document {number}. Its file and its note stay.")


def _table_row(document: DocumentRecord, now: float, paused_until: float | None) -> tuple[object, ...]:
    pages = f"{document.pages_done}/{document.pages}" if document.pages else ""
    added, name = format_moment(document.added, now), printable_name(_short_path(document))
    remark = document.sentence or name_doubtful_pages(document)
    if not remark and paused_until is not None and document.state in WAITING_TO_BE_READ:
        remark = f"waits until {format_moment(paused_until, now)}, as its folder has it"
    return document.id, added, document.state, pages, name, remark


def name_doubtful_pages(document: DocumentRecord) -> str:
    """Which pages somebody should look at; nothing where that is none."""
    numbers = document.doubtful_pages
    listed = ", ".join(map(str, numbers[:MOST_NAMED])) + (", …" if len(numbers) > MOST_NAMED else "")
    return f"doubtful: page{'s' if len(numbers) > 1 else ''} {listed}" if numbers else ""


def _short_path(document: DocumentRecord) -> Path:
    """From its folder on, where a terminal has little room; `papertray show` tells the whole."""
    short = sys.stdout.isatty() and document.path.is_relative_to(document.folder)
    return document.path.relative_to(document.folder) if short else document.path


def _print_document(document: DocumentRecord, pages: list[PageRecord]) -> None:
    print_line(f"{document.id}: {printable_name(document.path)}")
    print_line(f"State: {document.state}", STATE_COLOURS.get(document.state, ""))
    if document.sentence:
        print_line(f"Problem: {document.sentence} {document.advice}".rstrip())
    if document.pages:
        print_line(f"Pages: {document.pages_done} of {document.pages} read")
    if doubtful := name_doubtful_pages(document):
        print_line(doubtful.capitalize())
    if document.note:
        print_line(f"Note: {printable_name(document.note)}")
    if document.archived:
        print_line(f"Archived: {printable_name(document.archived)}")
    if document.reader:
        given_up = f"; {document.rung}" if document.rung else ""
        print_line(f"Read by: {document.reader} {document.revision} on {document.device}{given_up}")
    for page in pages:
        for remark in _page_remarks(page):
            print_line(f"Page {page.number}: {remark}")


def _page_remarks(page: PageRecord) -> list[str]:
    problem = [f"{page.sentence} {page.advice}".strip()] if page.sentence else []
    if page.text is None:
        return problem
    return [*problem, *page.text.warnings, *_doubts(page.text)]


def _doubts(text: PageText) -> list[str]:
    if not text.is_doubtful or text.confidence is None:  # what a second reader doubts is told as a warning
        return []
    words = len(text.doubtful_words)
    named = f"; {words} doubtful word{'s' if words > 1 else ''}" if words else ""
    return [f"{text.confidence:.0%} of it is likely to be right{named}."]


def _document_data(document: DocumentRecord) -> dict[str, Any]:
    return dataclasses.asdict(document)


def _page_data(page: PageRecord, with_text: bool) -> dict[str, Any]:
    names = ("number", "state", "attempts", "seconds", "sentence", "advice")
    data = {name: getattr(page, name) for name in names}
    if page.text is None:
        return data
    data |= {"ending": page.text.ending, "blank": page.text.blank, "warnings": page.text.warnings}
    data |= {"source": page.text.source, "confidence": page.text.confidence}
    words = [dataclasses.asdict(word) for word in page.text.doubtful_words]
    return data | ({"markdown": page.text.markdown, "doubtful_words": words} if with_text else {})
