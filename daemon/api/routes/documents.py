"""One document: whole, as pictures of its pages.

No route takes a path. What is read from the disk is what the journal says of a document.
"""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from papertray.daemon.api.answers import ApiError
from papertray.daemon.api.state import ApiState
from papertray.daemon.api.values import Name, Number, PageNumber
from papertray.daemon.files import Roots, read_file
from papertray.daemon.records import DocumentRecord
from papertray.daemon.wire import (
    FigureName,
    PageAnswer,
    WholeDocument,
)

_LARGEST_NOTE = 20_000_000


def routes(api_state: ApiState) -> APIRouter:
    api = APIRouter(prefix="/v1/documents", tags=["documents"])
    journal, pictures = api_state.journal, api_state.pictures

    @api.get("/{number}")
    def document(number: Number) -> WholeDocument:
        """One document: its state, its pages, its figures and its note."""
        record = journal.listing.document(number)
        return WholeDocument.of(
            record,
            each_page=tuple(map(PageAnswer.of, journal.listing.pages(number))),
            figures=tuple(FigureName(page, name) for page, name in journal.notes.figure_names(number)),
            note_text=_note_text(record, api_state.roots),
        )

    @api.get("/{number}/pages/{page}/image", responses={200: {"content": {"image/jpeg": {}}}})
    def image(
        number: Number, page: PageNumber, longest_side: Annotated[int, Query(ge=64, le=4096)] = 1600
    ) -> Response:
        """The page as it was read, drawn from the file while that is still the same."""
        record = journal.listing.document(number)
        if page > record.pages:
            raise ApiError(404, f"{record.path.name} has no page {page}.")
        return Response(pictures.jpeg(record, page, longest_side), media_type="image/jpeg")

    @api.get("/{number}/thumbnail", responses={200: {"content": {"image/jpeg": {}}}})
    def thumbnail(number: Number) -> Response:
        """Its first page, small: drawn when somebody asks, by a process that reads nothing meanwhile."""
        drawn = api_state.thumbnails.jpeg(journal.listing.document(number))
        return Response(drawn, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=3600"})

    @api.get("/{number}/figures/{page}/{name}", responses={200: {"content": {"image/png": {}}}})
    def figure(number: Number, page: PageNumber, name: Name) -> Response:
        """A picture that was cut from a page."""
        png = journal.notes.figure(number, page, name)
        if png is None:
            raise ApiError(404, "There is no such figure.")
        return Response(png, media_type="image/png")

    return api


def _note_text(document: DocumentRecord, roots: Callable[[], Roots]) -> str | None:
    """None where no note stands; nor is it a note any more if a link stands there."""
    if document.note is None:
        return None
    content = read_file(roots().beneath(document.note, document.folder), _LARGEST_NOTE + 1)
    if content is None or len(content) > _LARGEST_NOTE:
        return None
    return content.decode("utf-8", errors="replace")
