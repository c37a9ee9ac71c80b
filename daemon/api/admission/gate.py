"""Every request passes here first: may it come in (`access`), is it too large or too slow.

Takes what ASGI brings; writes the headers that every answer gets.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from papertray.daemon.api.admission.access import (
    FROM_OWNER,
    AccessRules,
    IncomingRequest,
    RequestRefusal,
    check_request,
)
from papertray.daemon.api.answers import sentence_response

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """How large a request may be, and how long the next part of it may take."""

    uploads: Mapping[str, int] = field(default_factory=dict)  # bytes, by the path they go to
    others: int = 1 << 20
    patience: float = 30.0  # seconds

    def of(self, path: str) -> int:
        return self.uploads.get(path, self.others)


Judge = Callable[[Scope, Headers], RequestRefusal | None]
"""Why a request is turned away, or None."""


class Gate:
    def __init__(self, app: ASGIApp, judge: Judge, limits: RequestLimits) -> None:
        self._app = app
        self._judge = judge
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers, path = Headers(scope=scope), scope["path"]
        limit = self._limits.of(path)
        refusal = self._judge(scope, headers) or _too_large(headers, limit)
        answer = (
            sentence_response(refusal.status, refusal.sentence, refusal.advice, path) if refusal else None
        )
        app = answer or self._app
        body = _Body(receive, limit, self._limits.patience)
        await app(_head_as_get(scope), receive if answer else body, _with_headers(send))


def judge_with(access: AccessRules) -> Judge:
    """For those who come in at the port of this machine, or through its owner's socket."""

    def judge(scope: Scope, headers: Headers) -> RequestRefusal | None:
        hosts = headers.getlist("host")
        request = IncomingRequest(
            method=scope["method"],
            path=scope["path"],
            host=hosts[0] if len(hosts) == 1 else "",
            origin=headers.get("origin", ""),
            fetch_site=headers.get("sec-fetch-site", ""),
            authorization=headers.get("authorization", ""),
            cookie=_cookie(headers.get("cookie", ""), access.cookie),
            from_owner=FROM_OWNER in scope.get("state", {}),
        )
        return check_request(request, access)

    return judge


def _head_as_get(scope: Scope) -> Scope:
    """HEAD is answered as GET is; the server leaves out the body."""
    return {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope


class _Body:
    """A request's body that may be neither too large nor too slow."""

    def __init__(self, receive: Receive, limit: int, patience: float) -> None:
        self._receive = receive
        self._left = limit
        self._limit = limit
        self._patience = patience
        self._more = True

    async def __call__(self) -> Message:
        if not self._more:
            return await self._receive()
        try:
            async with asyncio.timeout(self._patience):
                message = await self._receive()
        except TimeoutError:
            raise HTTPException(408, "The upload stood still for too long.") from None
        self._more = message.get("more_body", False)
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise HTTPException(413, too_large_sentence(self._limit))
        return message


def too_large_sentence(limit: int) -> str:
    return f"The upload is larger than {limit / 1e6:,.0f} MB."


def _too_large(headers: Headers, limit: int) -> RequestRefusal | None:
    length = headers.get("content-length", "0")
    if length.isdecimal() and int(length) <= limit:
        return None
    return RequestRefusal(
        413, too_large_sentence(limit), "Split it, or raise api.upload_megabytes in the settings."
    )


def _cookie(header: str, name: str) -> str:
    try:
        morsel: Any = SimpleCookie(header).get(name)
    except CookieError:
        return ""
    return morsel.value if morsel else ""


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
