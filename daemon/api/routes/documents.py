"""The documents: listed, whole, as pictures of their pages; read again or forgotten.

No route takes a path. What is read from the disk is what the journal says of a document.
"""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from papertray.daemon.api.answers import ApiError, JsonAnswer
from papertray.daemon.api.state import ApiState
from papertray.daemon.api.values import (
    Count,
    Documents,
    Done,
    Name,
    Number,
    PageNumber,
    Retry,
    WholeDocument,
)
from papertray.daemon.opening import open_in_editor
from papertray.daemon.records import DocumentRecord
from papertray.daemon.status import DocumentState
from papertray.daemon.wire import plain_document, plain_page
from papertray.engine.models.catalog import find_entry

_LARGEST_NOTE = 20_000_000


def routes(office: ApiState) -> APIRouter:
    api = APIRouter(prefix="/v1/documents", tags=["documents"])
    journal = office.journal

    @api.get("", response_model=Documents)
    def documents(
        state: Annotated[list[DocumentState] | None, Query(description="May be repeated.")] = None,
        search: Annotated[Name, Query(description="Part of the file's path.")] = "",
        limit: Annotated[int, Query(ge=1, le=1000)] = 50,
        before: Annotated[int | None, Query(ge=1, le=2**53, description="A document's number.")] = None,
    ) -> JsonAnswer:
        """The newest first."""
        found = journal.listing.documents(tuple(state or ()), limit + 1, search, before)
        shown = found[:limit]
        more = shown[-1].id if len(found) > limit else None
        return JsonAnswer({"documents": [plain_document(one) for one in shown], "before": more})

    @api.get("/{number}", response_model=WholeDocument)
    def document(number: Number) -> JsonAnswer:
        found = journal.listing.document(number)
        names = [{"page": page, "name": name} for page, name in journal.notes.figure_names(number)]
        pages = [plain_page(page) for page in journal.listing.pages(number)]
        whole = {"each_page": pages, "figures": names, "note_text": _note_text(found)}
        return JsonAnswer(plain_document(found) | whole)

    @api.get("/{number}/pages/{page}/image", responses={200: {"content": {"image/jpeg": {}}}})
    def image(
        number: Number, page: PageNumber, longest_side: Annotated[int, Query(ge=64, le=4096)] = 1600
    ) -> Response:
        """The page as it was read, drawn from the file while that is still the same."""
        found = journal.listing.document(number)
        if page > found.pages:
            raise ApiError(404, f"{found.path.name} has no page {page}.")
        return Response(office.pictures.jpeg(found, page, longest_side), media_type="image/jpeg")

    @api.get("/{number}/figures/{page}/{name}", responses={200: {"content": {"image/png": {}}}})
    def figure(number: Number, page: PageNumber, name: Name) -> Response:
        """A picture that was cut from a page."""
        png = journal.notes.figure(number, page, name)
        if png is None:
            raise ApiError(404, "There is no such figure.")
        return Response(png, media_type="image/png")

    @api.post("/{number}/retry", response_model=Count)
    def retry(number: Number, how: Retry | None = None) -> JsonAnswer:
        """Read it again: the pages that failed, or all of them."""
        reader = how.reader if how else ""
        journal.requests.retry(number, find_entry(reader).name if reader else "")
        return JsonAnswer({"queued": 1})

    @api.post("/{number}/forget", response_model=Done)
    def forget(number: Number) -> JsonAnswer:
        """Drop its text. The file and its note stay."""
        journal.requests.forget(number)
        return JsonAnswer({"ok": True})

    @api.post("/{number}/open", response_model=Done)
    def open_note(number: Number) -> JsonAnswer:
        """Open its note in this machine's default editor."""
        note = journal.listing.document(number).note
        if note is None or not note.is_file():
            raise ApiError(404, "It has no note.")
        open_in_editor(note)
        return JsonAnswer({"ok": True})

    return api


def _note_text(document: DocumentRecord) -> str | None:
    note: Path | None = document.note
    try:
        if note is None or not note.is_file() or note.stat().st_size > _LARGEST_NOTE:
            return None
        return note.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
