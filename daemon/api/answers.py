"""What the API answers: JSON, and problems as the same sentences that the command line says."""

from dataclasses import asdict, dataclass
from typing import Any

from fastapi.responses import JSONResponse

from papertray.daemon.errors import (
    FolderError,
    FolderMissing,
    JournalFull,
    NoSuchDocument,
    NothingToLookFor,
    NotReadYet,
    SettingsError,
)
from papertray.daemon.wire import Answer, dumps
from papertray.engine.errors import (
    DocumentError,
    DocumentGone,
    DownloadError,
    OutputsMissing,
    PapertrayError,
    ReaderError,
    UnknownFormat,
    UnknownModel,
    WeightsError,
)
from papertray.engine.exit_codes import ExitCode
from papertray.engine.models.libraries import LibrariesMissing

STATUSES: tuple[tuple[type[PapertrayError], int], ...] = (  # the first that fits
    (NoSuchDocument, 404),
    (UnknownModel, 404),
    (DocumentGone, 404),
    (LibrariesMissing, 409),
    (DownloadError, 502),
    (WeightsError, 409),
    (FolderMissing, 404),
    (FolderError, 409),
    (NothingToLookFor, 422),
    (UnknownFormat, 422),
    (NotReadYet, 409),
    (OutputsMissing, 409),
    (SettingsError, 422),
    (DocumentError, 422),
    (ReaderError, 409),
    (JournalFull, 507),
    (PapertrayError, 500),
)


@dataclass(frozen=True, slots=True)
class Problem(Answer):
    """What happened and what to do. `exit_code` is the one that `papertray` ends with for it."""

    problem: str
    advice: str
    exit_code: int


PROBLEMS: dict[int | str, dict[str, Any]] = {
    401: {"model": Problem, "description": "No token, or a wrong one"},
    403: {"model": Problem, "description": "From another page"},
    404: {"model": Problem, "description": "There is none"},
    409: {"model": Problem, "description": "Not as things are"},
    413: {"model": Problem, "description": "Too large"},
    421: {"model": Problem, "description": "Another host's name"},
    422: {"model": Problem, "description": "Not understood, or not readable"},
}


class ApiError(PapertrayError):
    """Something that is wrong with a request, and its HTTP status."""

    def __init__(
        self, status: int, sentence: str, advice: str = "", exit_code: int = ExitCode.FAILED
    ) -> None:
        super().__init__(sentence, advice)
        self.status = status
        self.exit_code = ExitCode.from_number(exit_code)


class JsonAnswer(JSONResponse):
    """Plain ASCII: names of files may hold what UTF-8 cannot say."""

    def render(self, content: Any) -> bytes:
        return dumps(content).encode("ascii")


def http_status(problem: PapertrayError) -> int:
    if isinstance(problem, ApiError):
        return problem.status
    return next(status for kind, status in STATUSES if isinstance(problem, kind))


def problem_response(problem: PapertrayError, path: str) -> JsonAnswer:
    """The answer to a request that went wrong with this problem."""
    return sentence_response(http_status(problem), problem.sentence, problem.advice, path, problem.exit_code)


def sentence_response(
    status: int, sentence: str, advice: str, path: str, exit_code: int = ExitCode.FAILED
) -> JsonAnswer:
    """In papertray's shape, and in OpenAI's besides where its clients go."""
    body = asdict(Problem(sentence, advice, exit_code))
    if path.startswith(_OPENAI):
        kind = "invalid_request_error" if status < 500 else "server_error"
        message = f"{sentence} {advice}".strip()
        code = _CODES.get(status)
        body["error"] = {"message": message, "type": kind, "param": None, "code": code, "status": status}
    return JsonAnswer(body, status, {"WWW-Authenticate": "Bearer"} if status == 401 else None)


_OPENAI = ("/v1/chat/", "/v1/models")
_CODES = {401: "invalid_api_key", 404: "model_not_found", 413: "request_too_large"}
