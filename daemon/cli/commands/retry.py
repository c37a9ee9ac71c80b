"""`papertray retry`: read a document again, all that failed, or all that some reader read."""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from papertray.daemon.cli.options import AsJson
from papertray.daemon.cli.screen import print_json, print_line
from papertray.daemon.client.client import Client
from papertray.daemon.places import find_places
from papertray.daemon.records import DocumentRecord
from papertray.daemon.status import DocumentState
from papertray.engine.language import translate_many
from papertray.engine.models.catalog import find_entry

ALL = sys.maxsize


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
            count = _retry_one(client, number, reader)
        elif failed:
            count = _retry_failed(client, reader)
        else:
            count = _retry_read_by(client, reader)
    if as_json:
        print_json({"queued": count})
    elif count:
        print_line(translate_many("Queued 1 document again.", "Queued {count} documents again.", count))
    else:
        print_line("Nothing failed." if failed else f"No document was read by {reader}.")


def _retry_one(client: Client, number: int, reader: str) -> int:
    client.retry(number, reader)
    return 1


def _retry_failed(client: Client, reader: str) -> int:
    if not reader:
        return client.retry_failed()
    failed = client.documents((DocumentState.FAILED, DocumentState.PROBLEMS), limit=ALL)
    return _retry_all(client, failed, reader)


def _retry_read_by(client: Client, reader: str) -> int:
    ended = client.documents((DocumentState.WRITING, DocumentState.DONE, DocumentState.PROBLEMS), limit=ALL)
    return _retry_all(client, [document for document in ended if document.reader == reader], "")


def _retry_all(client: Client, documents: Sequence[DocumentRecord], reader: str) -> int:
    for document in documents:
        client.retry(document.id, reader)
    return len(documents)
