"""Have an upload read while somebody waits, and tell what was read."""

import base64
import dataclasses
import time
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request

from papertray.daemon.api.answers import ApiError
from papertray.daemon.api.state import ApiState
from papertray.daemon.api.uploads import UploadProgress, UploadResult, page_numbers
from papertray.daemon.journal.uploads import ReadRequest
from papertray.daemon.notes.text import compose_note_text
from papertray.daemon.status import DocumentState
from papertray.daemon.wire import plain_page
from papertray.engine.errors import DocumentError, ReaderError
from papertray.engine.models.catalog import QUICK, find_entry

OURS = frozenset({"", "auto", "papertray", "default"})
"""What a client may call the model when it means whatever the settings choose."""

_TODAY = 12 * 3600.0  # seconds in which no time of day comes twice
_GONE = 499  # nobody reads this answer


def make_read_request(office: ApiState, model: str, mode: str, pages: str) -> ReadRequest:
    """What is asked for, if that can be done now."""
    paused, until = office.journal.wishes.paused()
    if paused:
        raise _paused(until, time.time())
    at_most = office.settings().documents.max_pages
    return ReadRequest(_reader(office, model), mode, page_numbers(pages, at_most))


async def await_upload(office: ApiState, request: Request, number: int) -> AsyncIterator[UploadProgress]:
    """Where it stands, until it was read; raises when it cannot be, or nobody waits any more."""
    async for stand in office.uploads.follow(number):
        if office.stopping():
            raise ApiError(503, "papertray was stopped before this was read.", "Send it again.")
        if await request.is_disconnected():
            raise ApiError(_GONE, "Whoever asked is gone.")
        yield stand
        if stand.document.state in (DocumentState.FAILED, DocumentState.FORGOTTEN):
            document = stand.document
            told = document.sentence or "It was not read."
            raise ApiError(422, told, document.advice, document.exit_code or DocumentError.exit_code)


def note_markdown(result: UploadResult, *, front_matter: bool) -> str:
    """The same text that a note in a folder would hold."""
    return compose_note_text(result.document, result.pages, front_matter=front_matter)


def plain_text(result: UploadResult) -> str:
    """The note's text and nothing about it."""
    mark = f"<!-- papertray sha256={result.document.sha256} -->\n"
    return note_markdown(result, front_matter=False).removesuffix(mark).strip()


def result_json(result: UploadResult) -> dict[str, Any]:
    document = dataclasses.asdict(result.document)
    shown = {name: document[name] for name in ("sha256", "kind", "reader", "revision", "device")}
    return {
        "name": result.document.path.name,
        **shown,
        "markdown": plain_text(result),
        "pages": [plain_page(page) for page in result.pages],
        "figures": [
            {"page": page, "name": figure.name, "png": base64.b64encode(figure.png).decode("ascii")}
            for page, figure in result.figures
        ],
    }


def _paused(until: float | None, now: float) -> ApiError:
    """A pause holds for those too who ask themselves: perhaps the machine is needed for something else."""
    end = "somebody resumes it"
    if until is not None:
        end = time.strftime("%H:%M" if until - now < _TODAY else "%A %H:%M", time.localtime(until))
    return ApiError(
        503,
        f"papertray is paused until {end}, and reads nothing meanwhile.",
        "Resume it on the page, in the tray's menu or with `papertray resume`, and send this again.",
    )


def _reader(office: ApiState, model: str) -> str:
    if model.lower() in OURS:
        return ""
    row = find_entry(model)
    if row.name != QUICK and office.weights.path(row) is None:
        raise ReaderError(f"{row.title} is not here.", f"Fetch it: `papertray models pull {row.name}`.")
    return row.name
