"""`papertray list`, `show` and `forget`: the documents, as the daemon knows them."""

import dataclasses
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from papertray.daemon.cli.commands.errands import describe_errand, name_errand
from papertray.daemon.cli.options import AsJson, OfFolder, OfReader, folder_name
from papertray.daemon.cli.screen import (
    print_json,
    print_line,
    print_message,
    print_table,
    print_text,
    printable_name,
    printable_path,
)
from papertray.daemon.cli.status_text import STATE_COLOURS
from papertray.daemon.cli.times import format_moment
from papertray.daemon.client.client import Client
from papertray.daemon.journal.lists import DocumentOrder, DocumentQuery
from papertray.daemon.places import find_places
from papertray.daemon.records import DocumentRecord, PageRecord
from papertray.daemon.status import DocumentState
from papertray.engine.language import translatable, translate, translate_many, translate_sentence
from papertray.engine.pages import PageText

MOST_NAMED = 12
"""So many pages are named in a line."""

WAITING_TO_BE_READ = (DocumentState.ARRIVED, DocumentState.QUEUED, DocumentState.READING)

HEAD = (
    "ID",
    translatable("Added"),
    translatable("State"),
    translatable("Pages"),
    translatable("Document"),
    "",
)
STATES = {
    DocumentState.ARRIVED: translatable("arrived"),
    DocumentState.QUEUED: translatable("queued"),
    DocumentState.READING: translatable("reading"),
    DocumentState.WRITING: translatable("writing"),
    DocumentState.DONE: translatable("done"),
    DocumentState.PROBLEMS: translatable("problems"),
    DocumentState.FAILED: translatable("failed"),
    DocumentState.FORGOTTEN: translatable("forgotten"),
}

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
    folder: OfFolder = None,
    reader: OfReader = "",
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
        folder=folder_name(folder),
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
        colours = {_state(state): colour for state, colour in STATE_COLOURS.items()}
        head = [translate(word) for word in HEAD if word] + [""]
        print_table(
            head,
            [_table_row(document, now, pauses.get(str(document.folder))) for document in documents],
            colours,
        )
    else:
        print_line(translate("No documents."))
    if len(found) > limit:
        newest = sort is DocumentOrder.NEWEST
        print_message(
            translate("Only the newest {number} are listed; --limit lists more.", number=limit)
            if newest
            else translate("Only the first {number} are listed; --limit lists more.", number=limit)
        )


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
            print_line(f"{name_errand(errand)}: {describe_errand(errand)}")


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
        print_line(translate("Forgot document {number}. Its file and its note stay.", number=number))


def _table_row(document: DocumentRecord, now: float, paused_until: float | None) -> tuple[object, ...]:
    pages = f"{document.pages_done}/{document.pages}" if document.pages else ""
    added, name = format_moment(document.added, now), printable_name(_short_path(document))
    remark = translate_sentence(document.sentence) or name_doubtful_pages(document)
    if not remark and paused_until is not None and document.state in WAITING_TO_BE_READ:
        remark = translate("waits until {time}, as its folder has it", time=format_moment(paused_until, now))
    return document.id, added, _state(document.state), pages, name, remark


def _state(state: str) -> str:
    """In words where a person looks; as programs know it in a pipe."""
    return translate(STATES[DocumentState(state)]) if sys.stdout.isatty() else str(state)


def name_doubtful_pages(document: DocumentRecord) -> str:
    """Which pages somebody should look at; nothing where that is none."""
    numbers = document.doubtful_pages
    listed = ", ".join(map(str, numbers[:MOST_NAMED])) + (", …" if len(numbers) > MOST_NAMED else "")
    if not numbers:
        return ""
    return translate_many("doubtful: page {pages}", "doubtful: pages {pages}", len(numbers), pages=listed)


def _short_path(document: DocumentRecord) -> Path:
    """From its folder on, where a terminal has little room; `papertray show` tells the whole."""
    short = sys.stdout.isatty() and document.path.is_relative_to(document.folder)
    return document.path.relative_to(document.folder) if short else document.path


def _print_document(document: DocumentRecord, pages: list[PageRecord]) -> None:
    print_line(f"{document.id}: {printable_path(document.path)}")
    print_line(
        translate("State: {state}", state=translate(STATES[document.state])),
        STATE_COLOURS.get(document.state, ""),
    )
    if document.sentence:
        said = translate_sentence(f"{document.sentence} {document.advice}".rstrip())
        print_line(translate("Problem: {said}", said=said))
    if document.pages:
        print_line(translate("Pages: {done} of {total} read", done=document.pages_done, total=document.pages))
    if doubtful := name_doubtful_pages(document):
        print_line(doubtful.capitalize())
    if document.note:
        print_line(translate("Note: {path}", path=printable_path(document.note)))
    if document.archived:
        print_line(translate("Archived: {path}", path=printable_path(document.archived)))
    if document.reader:
        given_up = f"; {document.rung}" if document.rung else ""
        who, where = f"{document.reader} {document.revision}", f"{document.device}{given_up}"
        print_line(translate("Read by: {reader} on {device}", reader=who, device=where))
    for page in pages:
        for remark in _page_remarks(page):
            print_line(
                translate("Page {number}: {said}", number=page.number, said=translate_sentence(remark))
            )


def _page_remarks(page: PageRecord) -> list[str]:
    problem = [f"{page.sentence} {page.advice}".strip()] if page.sentence else []
    if page.text is None:
        return problem
    return [*problem, *page.text.warnings, *_doubts(page.text)]


def _doubts(text: PageText) -> list[str]:
    if not text.is_doubtful or text.confidence is None:  # what a second reader doubts is told as a warning
        return []
    words = len(text.doubtful_words)
    part = translate("{number}%", number=f"{100 * text.confidence:.0f}")
    if not words:
        return [translate("{part} of it is likely to be right.", part=part)]
    return [
        translate_many(
            "{part} of it is likely to be right; {count} doubtful word.",
            "{part} of it is likely to be right; {count} doubtful words.",
            words,
            part=part,
        )
    ]


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
