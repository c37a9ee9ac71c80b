"""Read a file that is sent: Markdown, JSON, or events on the way there."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, File, Form, Header, Request, UploadFile
from fastapi.responses import PlainTextResponse, Response

from papertray.daemon.api.answers import ApiError, JsonAnswer, Problem, http_status
from papertray.daemon.api.events import EventStream, format_event
from papertray.daemon.api.reading import (
    Reading,
    answer_reading,
    await_upload,
    make_read_request,
    note_markdown,
)
from papertray.daemon.api.state import ApiState
from papertray.daemon.api.uploads import UploadResult
from papertray.daemon.api.values import Name
from papertray.daemon.journal.uploads import ReadRequest
from papertray.daemon.status import DocumentState
from papertray.daemon.wire import Answer
from papertray.engine.errors import PapertrayError

NO_FILE = ApiError(
    422, "No file came with this request.", "Send it as a form's file: `curl -F file=@scan.png`, with the @."
)
Format = Literal["markdown", "json", "events"]
_ACCEPTED: tuple[tuple[str, Format], ...] = (("text/event-stream", "events"), ("application/json", "json"))
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "What was read",
        "model": Reading,
        "content": {"text/markdown": {"schema": {"type": "string"}}, "text/event-stream": {}},
    },
    503: {"description": "Paused, or just stopping"},
}


@dataclass(frozen=True, slots=True)
class ReadProgress(Answer):
    state: DocumentState
    pages_done: int
    pages: int


@dataclass(frozen=True, slots=True)
class ReadProblem(Problem):
    status: int


def routes(state: ApiState) -> APIRouter:
    api = APIRouter(tags=["read"])

    @api.post("/v1/read", responses=_ANSWERS, response_class=Response)
    async def read(
        request: Request,
        file: Annotated[UploadFile, File(description="An image or a PDF.")],
        model: Annotated[Name, Form(description="Read it with this one; else the chosen one does.")] = "",
        mode: Annotated[Name, Form(description="One of the model's modes.")] = "",
        pages: Annotated[Name, Form(description="Like 1-3,7; else all.")] = "",
        format: Annotated[Format | None, Form(description="Else what `Accept` says.")] = None,  # noqa: A002
        accept: Annotated[str, Header(include_in_schema=False)] = "",
    ) -> Response:
        """Read it before all that waits in the folders. `events` tell `progress`, then `done` or `problem`.

        Nothing of the file is kept. Whoever hangs up has it read no further.
        """
        if len((await request.form()).getlist("file")) > 1:
            raise ApiError(422, "Several files came with this request.", "Send one at a time.")
        order = make_read_request(state, model, mode, pages)
        kind = format or _accepted(accept)
        if kind == "events":
            return EventStream(_events(state, request, file, order))
        async with state.uploads.add(file.file, file.filename or "", order) as number:
            async for _progress in await_upload(state, request, number):
                pass
            result = await state.uploads.result(number)
        return _answer(state, result, kind)

    return api


def _accepted(accept: str) -> Format:
    return next((kind for media_type, kind in _ACCEPTED if media_type in accept), "markdown")


def _answer(state: ApiState, result: UploadResult, kind: Format) -> Response:
    if kind == "json":
        return JsonAnswer(answer_reading(result))
    note = note_markdown(result, state.settings().notes)
    return PlainTextResponse(note.encode("utf-8", "replace"), media_type="text/markdown")


async def _events(
    state: ApiState, request: Request, file: UploadFile, order: ReadRequest
) -> AsyncIterator[str]:
    try:
        async with state.uploads.add(file.file, file.filename or "", order) as number:
            sent = None
            async for progress in await_upload(state, request, number):
                now = ReadProgress(progress.document.state, progress.pages_done, progress.pages)
                if now != sent:
                    sent = now
                    yield format_event(now, "progress")
            yield format_event(answer_reading(await state.uploads.result(number)), "done")
    except PapertrayError as problem:
        end = ReadProblem(problem.sentence, problem.advice, problem.exit_code, http_status(problem))
        yield format_event(end, "problem")
