"""What other machines can ask here: to have pages read, and nothing else.

No journal, document, setting or page of papertray's is behind this door. Whoever comes shows the token that
was made for that machine; so much of each may wait here at once, and more is sent back for later.
"""

from collections import Counter
from collections.abc import Callable

from fastapi import APIRouter, FastAPI
from fastapi.responses import PlainTextResponse
from loguru import logger
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from papertray.daemon.api.admission.access import RequestRefusal, bearer_token
from papertray.daemon.api.admission.gate import Gate
from papertray.daemon.api.answers import JsonAnswer, sentence_response
from papertray.daemon.api.app import answer_problems, request_limits
from papertray.daemon.api.routes import chat
from papertray.daemon.api.state import ApiState
from papertray.daemon.guests.problems import GuestError

FROM_GUESTS = "from_guests"
"""In a request's state: it came in where other machines do."""

MOST_AT_ONCE = 32
"""So many requests of one machine wait here; the next is told to come again."""

MOST_BYTES = 300_000_000
"""So much of one machine is in memory here, or a single request. A page of print has half a million."""

HEALTH = "/healthz"
_MODEL = {"id": "papertray", "object": "model", "owned_by": "papertray"}
_MODELS: dict[str, object] = {"object": "list", "data": [_MODEL]}


def create_guest_app(state: ApiState, find_guest: Callable[[str], str | None]) -> ASGIApp:
    """`find_guest` says whose token it is."""
    api = FastAPI(
        title="papertray",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        default_response_class=JsonAnswer,
    )
    api.include_router(chat.routes(state))
    api.include_router(_routes())
    answer_problems(api)
    return Gate(
        _Turns(api, request_limits(state).of(chat.PATH)), _judge_with(find_guest), request_limits(state)
    )


def _routes() -> APIRouter:
    api = APIRouter()

    @api.get("/v1/models", response_class=JsonAnswer)
    def models() -> dict[str, object]:
        """The reader that was chosen here is the one that reads; which it is, is nobody else's business."""
        return _MODELS

    @api.get(HEALTH, response_class=PlainTextResponse)
    def health() -> PlainTextResponse:
        return PlainTextResponse("ok\n")

    return api


def _judge_with(find_guest: Callable[[str], str | None]) -> Callable[[Scope, Headers], RequestRefusal | None]:
    def judge(scope: Scope, headers: Headers) -> RequestRefusal | None:
        """Lets in who has a token, and marks the request with that machine's name."""
        if headers.get("origin"):
            return RequestRefusal(403, "A page in a browser may not speak to papertray here.")
        if scope["path"] == HEALTH:
            return None
        token = bearer_token(headers.get("authorization", ""))
        try:
            guest = find_guest(token) if token else None
        except GuestError as problem:
            logger.error("{}", problem)
            return RequestRefusal(503, "No other machine is let in at present.", "Look there what is wrong.")
        if guest is None:
            return RequestRefusal(
                401,
                "This machine may not have pages read here, or no longer.",
                "Let it in there with `papertray serve add NAME`, and add the token here.",
            )
        scope["state"][chat.GUEST] = guest
        return None

    return judge


class _Turns:
    """Counts the requests of each machine that wait here, and what they weigh: `most` where none says it."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most
        self._waiting: Counter[str] = Counter()
        self._bytes: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        guest = scope.get("state", {}).get(chat.GUEST, "")
        length = Headers(scope=scope).get("content-length", "")
        weight = int(length) if length else self._most if scope["method"] == "POST" else 0
        is_heavy = weight and self._waiting[guest] and self._bytes[guest] + weight > MOST_BYTES
        if self._waiting[guest] >= MOST_AT_ONCE or is_heavy:
            sentence = f"As many pages of {guest} as may wait here do so already."
            await sentence_response(429, sentence, "Send this one later.", scope["path"])(
                scope, receive, send
            )
            return
        self._waiting[guest] += 1
        self._bytes[guest] += weight
        try:
            await self._app(scope, receive, send)
        finally:
            self._waiting[guest] -= 1
            self._bytes[guest] -= weight


def split_by_door(owners: ASGIApp, guests: ASGIApp) -> ASGIApp:
    """Who came in where other machines do sees nothing but what is theirs."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        is_guest = FROM_GUESTS in scope.get("state", {})
        await (guests if is_guest else owners)(scope, receive, send)

    return app
