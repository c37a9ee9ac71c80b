"""papertray as an OCR server for programs made for OpenAI's API: images in a message, their text as answer.

What the message says besides is not looked at: the text of a page is all that is ever answered.
"""

import asyncio
import base64
import binascii
import io
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request

from papertray.daemon.api.answers import ApiError, problem_response
from papertray.daemon.api.completions import (
    ChatMessage,
    CompletionAnswer,
    CompletionRequest,
    CompletionWriter,
)
from papertray.daemon.api.events import KEEP_ALIVE, EventStream
from papertray.daemon.api.reading import DEFAULT_NAMES, await_upload, make_read_request, plain_text
from papertray.daemon.api.state import ApiState
from papertray.daemon.api.uploads import UploadResult
from papertray.daemon.journal.uploads import ReadRequest
from papertray.daemon.settings.sections import ServerSettings
from papertray.engine.errors import PapertrayError
from papertray.engine.models.catalog import SERVER

PATH = "/v1/chat/completions"
GUEST = "guest"
"""In a request's state: the name of the other machine that it comes from."""

_SOME_OTHER = "another papertray"

_MOST_IMAGES = 64
_SUFFIXES = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg", "image/tiff": "tiff"}


def routes(state: ApiState) -> APIRouter:
    api = APIRouter(tags=["OpenAI"])

    @api.post(PATH, response_model=CompletionAnswer)
    async def complete(request: Request, question: CompletionRequest) -> CompletionAnswer | EventStream:
        """Read the images (data URLs) and PDF files of the last message that has any."""
        guest = request.scope.get("state", {}).get(GUEST, "")
        files = await asyncio.to_thread(files_in, question.messages)
        order = await asyncio.to_thread(_make_order, state, question, guest)
        writer = CompletionWriter(question.model or "papertray")
        results = _results(state, request, files, order)
        if question.stream:
            usage = question.stream_options is not None and question.stream_options.include_usage
            return EventStream(_stream(writer, results, usage, question.papertray is not None))
        return writer.whole([result async for result in results if result is not None])

    return api


def _make_order(state: ApiState, question: CompletionRequest, guest: str) -> ReadRequest:
    """Whoever comes from elsewhere has no say in what is loaded here, and is not sent on."""
    if guest and question.model.lower() not in DEFAULT_NAMES:
        raise ApiError(
            404, "The reader that was chosen here reads, no other.", "Ask for the model `papertray`."
        )
    order = make_read_request(state, question.model, "", "")
    guest = guest or (_SOME_OTHER if question.papertray else "")
    engine = state.settings().engine
    if guest and (order.reader or engine.model) == SERVER and _are_papertrays(engine.servers):
        raise ApiError(508, "this papertray has its pages read by another one itself, and passes none on")
    return replace(order, guest=guest)


def _are_papertrays(servers: Sequence[ServerSettings]) -> bool:
    from papertray.engine.readers.server.families import PAPERTRAY, find_family

    return bool(servers) and all(find_family(one.model, one.family) is PAPERTRAY for one in servers)


def files_in(messages: list[ChatMessage]) -> list[tuple[str, bytes]]:
    """Names and bytes of what is to be read."""
    for message in reversed(messages):
        parts = message.content if isinstance(message.content, list) else []
        if urls := [url for part in parts if (url := _url_of(part)) is not None]:
            if len(urls) > _MOST_IMAGES:
                raise ApiError(422, f"More than {_MOST_IMAGES} images.", "Send them in several requests.")
            return [_file(number, url) for number, url in enumerate(urls, start=1)]
    raise ApiError(
        400, "There is no image in these messages.", "Send one as a data URL; papertray reads pages, no more."
    )


def _url_of(part: dict[str, Any]) -> str | None:
    place, key = {"image_url": ("image_url", "url"), "file": ("file", "file_data")}.get(
        str(part.get("type")), ("", "")
    )
    content = part.get(place)
    url = content.get(key) if isinstance(content, dict) else content
    return url if isinstance(url, str) else None


def _file(number: int, url: str) -> tuple[str, bytes]:
    head, comma, data = url.partition(",")
    if not head.startswith("data:") or not comma or not head.endswith(";base64"):
        raise ApiError(
            400, f"Image {number} is no data URL.", "Send the image itself; papertray fetches nothing."
        )
    try:
        content = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        raise ApiError(400, f"Image {number} is no base64.", "Encode its bytes again.") from None
    suffix = _SUFFIXES.get(head[5:].partition(";")[0].lower(), "image")
    return f"image {number}.{suffix}", content


async def _results(
    state: ApiState, request: Request, files: list[tuple[str, bytes]], order: ReadRequest
) -> AsyncIterator[UploadResult | None]:
    """In the order of the files; all of them are queued at once. None is said again and again meanwhile."""
    async with AsyncExitStack() as stack:
        queued = [
            await stack.enter_async_context(
                state.uploads.add(io.BytesIO(content), f"{order.guest} {name}".strip(), order)
            )
            for name, content in files
        ]
        for number in queued:
            async for _progress in await_upload(state, request, number):
                yield None
            yield await state.uploads.result(number)


async def _stream(
    writer: CompletionWriter,
    results: AsyncIterator[UploadResult | None],
    usage: bool,
    details: bool,
) -> AsyncIterator[str]:
    yield writer.chunk({"role": "assistant", "content": ""})
    read: list[UploadResult] = []
    said = time.monotonic()
    try:
        async for result in results:
            if result is None:  # a large page on a slow machine takes longer than clients wait in silence
                if time.monotonic() - said >= KEEP_ALIVE:
                    said = time.monotonic()
                    yield ": still here\n\n"
                continue
            yield writer.chunk({"content": ("\n\n" if read else "") + plain_text(result)})
            read.append(result)
    except PapertrayError as problem:
        yield f"data: {bytes(problem_response(problem, PATH).body).decode()}\n\n"
        return
    yield writer.details(read) if details else writer.chunk({}, "stop")
    if usage:
        yield writer.last(read)
    yield "data: [DONE]\n\n"
