"""`papertray list`, `show`, `retry` and `forget`: the documents, as the daemon knows them."""

import dataclasses
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from papertray.daemon.cli.options import AsJson
from papertray.daemon.cli.screen import out, out_json, out_table, out_text, printable_name
from papertray.daemon.cli.spans import format_moment
from papertray.daemon.client.client import Client
from papertray.daemon.places import find_places
from papertray.daemon.records import DocumentRecord, PageRecord
from papertray.daemon.status import DocumentState
from papertray.engine.models.catalog import find_entry

ALL = sys.maxsize

Number = Annotated[int, typer.Argument(metavar="ID", min=1, help="The number that `papertray list` shows.")]


def list_documents(
    state: Annotated[
        list[DocumentState] | None, typer.Option(help="Only documents in this state; may be repeated.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="At most so many.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List the documents, newest first."""
    with Client(find_places()) as client:
        found = client.documents(tuple(state or ()), limit)
    if as_json:
        out_json([_plain(document) for document in found])
    elif found:
        now = time.time()
        out_table(
            ("ID", "Added", "State", "Pages", "Document", ""), [_row(document, now) for document in found]
        )
    else:
        out("No documents.")


def show(
    number: Number,
    text: Annotated[bool, typer.Option("--text", help="Print what was read, page by page.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show one document: its state, its pages, what went wrong, where its note is."""
    with Client(find_places()) as client:
        document, pages = client.document(number)
    if as_json:
        out_json(_plain(document) | {"each_page": [_page(page, text) for page in pages]})
    elif text:
        out_text("\n\n".join(page.text.markdown for page in pages if page.text) + "\n")
    else:
        _tell(document, pages)


def retry(
    number: Annotated[int | None, typer.Argument(metavar="ID", min=1, help="The document's number.")] = None,
    failed: Annotated[
        bool, typer.Option("--failed", help="Every document that failed or has problems.")
    ] = False,
    reader: Annotated[
        str,
        typer.Option(
            help="Read it with this reader instead, like `quick`. Without ID and --failed: read again, "
            "with the reader chosen now, every document that this reader read."
        ),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Read a document again, all that failed, or all that some reader read."""
    if (number is not None and failed) or not (number or failed or reader):
        raise typer.BadParameter("Name a document's ID, or say --failed, or --reader NAME.")
    reader = find_entry(reader).name if reader else ""
    with Client(find_places()) as client:
        if number is not None:
            client.retry(number, reader)
            count = 1
        else:
            count = _retry_failed(client, reader) if failed else _retry_read_by(client, reader)
    if as_json:
        out_json({"queued": count})
    else:
        out(f"Queued {count} document{'s' if count > 1 else ''} again." if count else _none(reader, failed))


def _retry_failed(client: Client, reader: str) -> int:
    if not reader:
        return client.retry_failed()
    return _retry_all(
        client, client.documents((DocumentState.FAILED, DocumentState.PROBLEMS), limit=ALL), reader
    )


def _retry_read_by(client: Client, reader: str) -> int:
    ended = client.documents((DocumentState.WRITING, DocumentState.DONE, DocumentState.PROBLEMS), limit=ALL)
    return _retry_all(client, [document for document in ended if document.reader == reader], "")


def _retry_all(client: Client, documents: Sequence[DocumentRecord], reader: str) -> int:
    for document in documents:
        client.retry(document.id, reader)
    return len(documents)


def _none(reader: str, failed: bool) -> str:
    return "Nothing failed." if failed else f"No document was read by {reader}."


def forget(number: Number) -> None:
    """Drop a document from the list. Its file and its note stay where they are."""
    with Client(find_places()) as client:
        client.forget(number)
    out(f"Forgot document {number}. Its file and its note stay.")


def _row(document: DocumentRecord, now: float) -> tuple[object, ...]:
    pages = f"{document.pages_done}/{document.pages}" if document.pages else ""
    added = format_moment(document.added, now)
    return document.id, added, document.state, pages, printable_name(_shown_path(document)), document.sentence


def _shown_path(document: DocumentRecord) -> Path:
    """From its folder on, where a terminal has little room; `papertray show` tells the whole."""
    short = sys.stdout.isatty() and document.path.is_relative_to(document.folder)
    return document.path.relative_to(document.folder) if short else document.path


def _tell(document: DocumentRecord, pages: list[PageRecord]) -> None:
    out(f"{document.id}: {printable_name(document.path)}")
    out(f"State: {document.state}")
    if document.sentence:
        out(f"Problem: {document.sentence} {document.advice}".rstrip())
    if document.pages:
        out(f"Pages: {document.pages_done} of {document.pages} read")
    if document.note:
        out(f"Note: {printable_name(document.note)}")
    if document.archived:
        out(f"Archived: {printable_name(document.archived)}")
    if document.reader:
        given_up = f"; {document.rung}" if document.rung else ""
        out(f"Read by: {document.reader} {document.revision} on {document.device}{given_up}")
    for page in pages:
        for sentence in _remarks(page):
            out(f"Page {page.number}: {sentence}")


def _remarks(page: PageRecord) -> list[str]:
    problem = [f"{page.sentence} {page.advice}".strip()] if page.sentence else []
    return problem + list(page.text.warnings if page.text else ())


def _plain(document: DocumentRecord) -> dict[str, Any]:
    return dataclasses.asdict(document)


def _page(page: PageRecord, with_text: bool) -> dict[str, Any]:
    told = {
        name: getattr(page, name) for name in ("number", "state", "attempts", "seconds", "sentence", "advice")
    }
    if page.text is None:
        return told
    told |= {"ending": page.text.ending, "blank": page.text.blank, "warnings": page.text.warnings}
    return told | ({"markdown": page.text.markdown} if with_text else {})
