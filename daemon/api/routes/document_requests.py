"""What a person asks for documents, one or several: read them again, forget them, open a note."""

from collections.abc import Callable
from contextlib import suppress

from fastapi import APIRouter

from papertray.daemon.api.answers import ApiError
from papertray.daemon.api.state import ApiState
from papertray.daemon.api.values import Number, Retry, RetrySeveral, Several
from papertray.daemon.errors import NoSuchDocument
from papertray.daemon.files import read_file
from papertray.daemon.opening import open_in_editor
from papertray.daemon.wire import Count, Done
from papertray.engine.models.catalog import find_entry


def routes(state: ApiState) -> APIRouter:
    api = APIRouter(prefix="/v1/documents", tags=["documents"])
    journal = state.journal

    @api.post("/retry")
    def retry_several(which: RetrySeveral) -> Count:
        """Read several again; `queued` says how many."""
        reader = find_entry(which.reader).name if which.reader else ""
        return _each(which, lambda number: journal.requests.retry(number, reader))

    @api.post("/forget")
    def forget_several(which: Several) -> Count:
        """Drop the text of several. Files and notes stay; `queued` says how many were there."""
        return _each(which, journal.requests.forget)

    @api.post("/{number}/retry")
    def retry(number: Number, how: Retry | None = None) -> Count:
        """Read it again: the pages that failed, or all of them."""
        reader = how.reader if how else ""
        journal.requests.retry(number, find_entry(reader).name if reader else "")
        return Count(1)

    @api.post("/{number}/forget")
    def forget(number: Number) -> Done:
        """Drop its text. The file and its note stay."""
        journal.requests.forget(number)
        return Done()

    @api.post("/{number}/open")
    def open_note(number: Number) -> Done:
        """Open its note in this machine's default editor."""
        record = journal.listing.document(number)
        if record.note is None or read_file(state.roots().beneath(record.note, record.folder), 0) is None:
            raise ApiError(404, "It has no note.")
        open_in_editor(record.note)
        return Done()

    return api


def _each(which: Several, ask: Callable[[int], None]) -> Count:
    """One after the other; one that was taken out meanwhile is no reason to leave the others."""
    asked = 0
    for number in which.documents:
        with suppress(NoSuchDocument):
            ask(number)
            asked += 1
    return Count(asked)
