"""papertray as an OCR server for programs made for OpenAI's API: images in a message, their text as answer.

What the message says besides is not looked at: the text of a page is all that is ever answered.
"""

import base64
import binascii
import io
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from papertray.daemon.api.answers import ApiError, JsonAnswer, problem_response
from papertray.daemon.api.events import EventStream
from papertray.daemon.api.reading import await_upload, make_read_request, plain_text
from papertray.daemon.api.state import ApiState
from papertray.daemon.api.uploads import UploadResult
from papertray.daemon.api.values import Name
from papertray.daemon.journal.uploads import ReadRequest
from papertray.daemon.wire import dumps
from papertray.engine.errors import PapertrayError

PATH = "/v1/chat/completions"
_MOST_IMAGES = 64
_SUFFIXES = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg", "image/tiff": "tiff"}


class ChatMessage(BaseModel):
    model_config = ConfigDict(extra="allow")

    role: str
    content: str | list[dict[str, Any]] | None = None


class StreamOptions(BaseModel):
    model_config = ConfigDict(extra="allow")

    include_usage: bool = False


class CompletionRequest(BaseModel):
    """The part of OpenAI's request that means something here; the rest is let pass."""

    model_config = ConfigDict(extra="allow")

    model: Name = ""
    messages: list[ChatMessage] = Field(min_length=1, max_length=1000)
    stream: bool = False
    stream_options: StreamOptions | None = None


class ChatChoice(BaseModel):
    index: int
    message: dict[str, Any]
    finish_reason: Literal["stop"]


class TokenUsage(BaseModel):
    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class CompletionAnswer(BaseModel):
    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[ChatChoice]
    usage: TokenUsage


def routes(office: ApiState) -> APIRouter:
    api = APIRouter(tags=["OpenAI"])

    @api.post(PATH, response_model=CompletionAnswer, response_class=Response)
    async def complete(request: Request, asked: CompletionRequest) -> Response:
        """Read the images (data URLs) and PDF files of the last message that has any."""
        files = files_in(asked.messages)
        order = make_read_request(office, asked.model, "", "")
        talk = _Talk(asked.model or "papertray")
        results = _results(office, request, files, order)
        if asked.stream:
            usage = asked.stream_options is not None and asked.stream_options.include_usage
            return EventStream(_stream(talk, results, usage))
        read = [result async for result in results]
        return JsonAnswer(talk.whole("\n\n".join(map(plain_text, read)), _tokens(read)))

    return api


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
    found = part.get(place)
    url = found.get(key) if isinstance(found, dict) else found
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
    office: ApiState, request: Request, files: list[tuple[str, bytes]], order: ReadRequest
) -> AsyncIterator[UploadResult]:
    """In the order of the files; all of them are queued at once."""
    async with AsyncExitStack() as stack:
        queued = [
            await stack.enter_async_context(office.uploads.added(io.BytesIO(content), name, order))
            for name, content in files
        ]
        for number in queued:
            async for _stand in await_upload(office, request, number):
                pass
            yield await office.uploads.result(number)


async def _stream(talk: "_Talk", results: AsyncIterator[UploadResult], usage: bool) -> AsyncIterator[str]:
    yield talk.chunk({"role": "assistant", "content": ""})
    read: list[UploadResult] = []
    try:
        async for result in results:
            yield talk.chunk({"content": ("\n\n" if read else "") + plain_text(result)})
            read.append(result)
    except PapertrayError as problem:
        yield f"data: {bytes(problem_response(problem, PATH).body).decode()}\n\n"
        return
    yield talk.chunk({}, "stop")
    if usage:
        yield talk.last(_tokens(read))
    yield "data: [DONE]\n\n"


class _Talk:
    """Writes the answers of one request in OpenAI's shape."""

    def __init__(self, model: str) -> None:
        self._common = {
            "id": f"chatcmpl-{secrets.token_hex(12)}",
            "created": int(time.time()),
            "model": model,
        }

    def whole(self, text: str, tokens: int) -> dict[str, Any]:
        message = {"role": "assistant", "content": text}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return self._said("chat.completion", [choice]) | {"usage": _usage(tokens)}

    def chunk(self, delta: dict[str, str], finish: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return f"data: {dumps(self._said('chat.completion.chunk', [choice]))}\n\n"

    def last(self, tokens: int) -> str:
        return f"data: {dumps(self._said('chat.completion.chunk', []) | {'usage': _usage(tokens)})}\n\n"

    def _said(self, kind: str, choices: list[dict[str, Any]]) -> dict[str, Any]:
        return {**self._common, "object": kind, "choices": choices}


def _usage(tokens: int) -> dict[str, int]:
    return {"prompt_tokens": 0, "completion_tokens": tokens, "total_tokens": tokens}


def _tokens(read: list[UploadResult]) -> int:
    return sum(page.text.tokens for result in read for page in result.pages if page.text)
