"""Have an upload read while somebody waits, and tell what was read."""

import base64
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field
from starlette.requests import Request

from papertray.daemon.api.answers import ApiError
from papertray.daemon.api.state import ApiState
from papertray.daemon.api.uploads import UploadProgress, UploadResult, page_numbers
from papertray.daemon.journal.uploads import ReadRequest
from papertray.daemon.notes.text import NoteForm, compose_note_text
from papertray.daemon.settings.sections import NoteSettings
from papertray.daemon.status import DocumentState
from papertray.daemon.wire import Answer, FigureName, PageAnswer
from papertray.engine.errors import DocumentError, ReaderError
from papertray.engine.models.catalog import find_entry

DEFAULT_NAMES = frozenset({"", "auto", "papertray", "default"})
"""What a client may call the model when it means whatever the settings choose."""

_TODAY = 12 * 3600.0  # seconds in which no time of day comes twice
_CLIENT_GONE = 499  # nobody reads this answer


@dataclass(frozen=True, slots=True)
class FigureAnswer(FigureName):
    png: Annotated[str, Field(description="The picture, in base64.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Answer):
    """What was read of an upload."""

    name: str
    sha256: str
    kind: str
    reader: str
    revision: str
    device: str
    markdown: str
    pages: tuple[PageAnswer, ...]
    figures: tuple[FigureAnswer, ...]


def make_read_request(state: ApiState, model: str, mode: str, pages: str) -> ReadRequest:
    """What is asked for, if that can be done now."""
    paused, until = state.journal.requests.paused()
    if paused:
        raise _paused_error(until, time.time())
    at_most = state.settings().documents.max_pages
    return ReadRequest(_choose_reader(state, model), mode, page_numbers(pages, at_most))


async def await_upload(state: ApiState, request: Request, number: int) -> AsyncIterator[UploadProgress]:
    """How far it is, until it was read; raises when it cannot be, or nobody waits any more."""
    async for progress in state.uploads.follow(number):
        if state.stopping():
            raise ApiError(503, "papertray was stopped before this was read.", "Send it again.")
        if await request.is_disconnected():
            raise ApiError(_CLIENT_GONE, "Whoever asked is gone.")
        yield progress
        if progress.document.state in (DocumentState.FAILED, DocumentState.FORGOTTEN):
            document = progress.document
            sentence = document.sentence or "It was not read."
            raise ApiError(422, sentence, document.advice, document.exit_code or DocumentError.exit_code)


def note_markdown(result: UploadResult, notes: NoteSettings) -> str:
    """The same text that a note in a folder would hold."""
    return compose_note_text(
        result.document,
        result.pages,
        front_matter=notes.front_matter,
        form=NoteForm(notes.keep_running_heads),
    )


def plain_text(result: UploadResult) -> str:
    """The note's text and nothing about it."""
    mark = f"<!-- papertray sha256={result.document.sha256} -->\n"
    note = compose_note_text(result.document, result.pages, front_matter=False)
    return note.removesuffix(mark).strip()


def answer_reading(result: UploadResult) -> Reading:
    document = result.document
    return Reading(
        name=document.path.name,
        sha256=document.sha256,
        kind=document.kind,
        reader=document.reader,
        revision=document.revision,
        device=document.device,
        markdown=plain_text(result),
        pages=tuple(map(PageAnswer.of, result.pages)),
        figures=tuple(
            FigureAnswer(page, figure.name, base64.b64encode(figure.png).decode("ascii"))
            for page, figure in result.figures
        ),
    )


def _paused_error(until: float | None, now: float) -> ApiError:
    """A pause holds for those too who ask themselves: perhaps the machine is needed for something else."""
    end = "somebody resumes it"
    if until is not None:
        end = time.strftime("%H:%M" if until - now < _TODAY else "%A %H:%M", time.localtime(until))
    return ApiError(
        503,
        f"papertray is paused until {end}, and reads nothing meanwhile.",
        "Resume it on the page, in the tray's menu or with `papertray resume`, and send this again.",
    )


def _choose_reader(state: ApiState, model: str) -> str:
    if model.lower() in DEFAULT_NAMES:
        return ""
    entry = find_entry(model)
    if entry.has_weights and state.weights.path(entry) is None:
        raise ReaderError(f"{entry.title} is not here.", f"Fetch it: `papertray models pull {entry.name}`.")
    return entry.name
