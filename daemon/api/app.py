"""Put the API together: its routes, and what stands before and around them."""

import importlib.metadata
import time

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from loguru import logger
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from papertray.daemon.api.admission.access import AccessRules
from papertray.daemon.api.admission.gate import Gate, RequestLimits, judge_with
from papertray.daemon.api.admission.sessions import Sessions
from papertray.daemon.api.answers import PROBLEMS, JsonAnswer, problem_response, sentence_response
from papertray.daemon.api.routes import (
    adding,
    chat,
    control,
    devices,
    document_requests,
    documents,
    errands,
    export,
    folders,
    lists,
    model_fits,
    models,
    read,
    rendered,
    search,
    status,
    web,
)
from papertray.daemon.api.routes.read import NO_FILE
from papertray.daemon.api.state import ApiState
from papertray.daemon.client.address import Address
from papertray.engine.errors import PapertrayError

_ROUTES = (
    status,
    lists,
    documents,
    adding,
    document_requests,
    errands,
    export,
    search,
    control,
    folders,
    models,
    model_fits,
    devices,
    read,
    rendered,
    chat,
)
PATIENCE = 30.0  # seconds until the next part of an upload must be here
_FORM = 100_000  # bytes that an upload's form may take besides the file


def create_app(state: ApiState, address: Address, token: str, limits: RequestLimits | None = None) -> ASGIApp:
    """The whole server: the API behind its gate."""
    access = AccessRules(_hosts(address), Sessions(token, time.time), f"papertray-{address.port}")
    return Gate(create_api(state, access, address), judge_with(access), limits or request_limits(state))


def create_api(state: ApiState, access: AccessRules, address: Address) -> FastAPI:
    api = FastAPI(
        title="papertray",
        version=importlib.metadata.version("papertray"),
        summary="A scan in, Markdown out, on this machine.",
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses=PROBLEMS,
        default_response_class=JsonAnswer,
    )
    for part in _ROUTES:
        api.include_router(part.routes(state))
    api.include_router(web.routes(access, address.url, state.places))
    api.mount("/", web.static_files())
    answer_problems(api)
    return api


def answer_problems(api: FastAPI) -> None:
    """Whatever goes wrong with a request is answered in a sentence."""
    api.add_exception_handler(PapertrayError, _ours)
    api.add_exception_handler(HTTPException, _http)
    api.add_exception_handler(RequestValidationError, _not_understood)
    api.add_exception_handler(Exception, _unexpected)


def _hosts(address: Address) -> frozenset[str]:
    own = f"[{address.host}]" if ":" in address.host else address.host.lower()
    return frozenset(f"{name}:{address.port}" for name in ("127.0.0.1", "localhost", "[::1]", own))


def request_limits(state: ApiState) -> RequestLimits:
    uploads = dict.fromkeys(("/v1/read", adding.PATH), state.upload_limit + _FORM)
    uploads |= {chat.PATH: state.upload_limit * 4 // 3 + _FORM}
    return RequestLimits(uploads, patience=PATIENCE)


def _ours(request: Request, problem: Exception) -> JsonAnswer:
    assert isinstance(problem, PapertrayError)
    return problem_response(problem, request.url.path)


def _http(request: Request, problem: Exception) -> JsonAnswer:
    assert isinstance(problem, HTTPException)
    return sentence_response(problem.status_code, str(problem.detail), "", request.url.path)


def _not_understood(request: Request, problem: Exception) -> JsonAnswer:
    assert isinstance(problem, RequestValidationError)
    first = problem.errors()[0]
    if first["loc"] == ("body", "file"):
        return problem_response(NO_FILE, request.url.path)
    where = ".".join(str(part) for part in first["loc"])[:200]
    return sentence_response(422, f"{where}: {first['msg']}.", "", request.url.path)


def _unexpected(request: Request, problem: Exception) -> JsonAnswer:
    logger.opt(exception=problem).error("a request could not be answered: {}", type(problem).__name__)
    sentence = f"Something went wrong in papertray itself ({type(problem).__name__})."
    return sentence_response(500, sentence, "`papertray logs` says more.", request.url.path)
