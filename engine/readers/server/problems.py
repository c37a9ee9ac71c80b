"""What can go wrong with a server, as sentences in its own words where it has some.

`ServerBusy` is worth another try here or elsewhere, `ServerRefused` is final for the page, `NoServer` is no
fault of any page: it waits until one answers.
"""

from enum import Enum

from papertray.engine.errors import ReaderAway, ReaderError
from papertray.engine.printing import replace_unprintable

_LONGEST = 300

_ADVICE = {
    400: "Look whether model and key in `engine.servers` are right, and whether that model sees pictures.",
    401: "Put its key into the environment variable that `key_env` names.",
    403: "Put its key into the environment variable that `key_env` names.",
    404: "Look whether url (it mostly ends in /v1) and model in `engine.servers` are right.",
    413: "Give it smaller pictures: `papertray config set engine.longest_side 1280`.",
    422: "Look whether `engine.servers` names a model that sees pictures.",
}


class ServerRefused(ReaderError):
    """It will not read this page, however often it is asked. `advice` is its own, where it gives one."""

    def __init__(self, url: str, status: int, words: str, advice: str = "") -> None:
        said = f": {quote_server(words)}" if words.strip() else ""
        super().__init__(
            f"The server at {url} refused the page ({status}){said}",
            advice or _ADVICE.get(status, "Its own log may say more."),
        )
        self.status = status
        self.words = words


class ServerAnswerUseless(ReaderError):
    """It answered, more than once, with nothing that could be a page."""

    def __init__(self, url: str, problem: str) -> None:
        super().__init__(
            f"The server at {url} gave no usable answer for this page: {problem}.",
            "Look whether its model reads pages; its own log may say more.",
        )


class Cause(Enum):
    """Why a server did not read a page: it has too many, was not there, is another one, would pass it on to
    one that has it already, or nobody knows.
    """

    FULL = "full"
    AWAY = "away"
    STRANGER = "stranger"
    CIRCLE = "circle"
    UNKNOWN = "unknown"


class ServerBusy(Exception):
    """Not now. `seconds` is how long it asked to be left alone, `problem` what happened."""

    def __init__(self, problem: str, seconds: float | None = None, cause: Cause = Cause.UNKNOWN) -> None:
        super().__init__(problem)
        self.problem = problem
        self.seconds = seconds
        self.cause = cause


class NoServer(ReaderAway):
    def __init__(self, urls: tuple[str, ...], problem: str) -> None:
        super().__init__(
            f"No server answers at {', '.join(urls)} ({problem}).",
            "Start it, or choose another reader: `papertray model auto`.",
        )


class OtherServer(ReaderAway):
    """What answers there is not the server that was meant: nothing was sent."""

    def __init__(self, url: str, problem: str) -> None:
        super().__init__(
            f"{url} is not the server that the settings mean: {problem}. Nothing was sent there.",
            "If that machine was set up anew, compare its fingerprint there (`papertray serve`) and add it"
            f" again: `papertray servers add {url}`. Otherwise somebody may stand in between.",
        )


class GoesInCircle(ReaderAway):
    """Whoever could be asked is a papertray that would ask another one: the page could come back."""

    def __init__(self, urls: tuple[str, ...], problem: str) -> None:
        super().__init__(
            f"No page is read by {', '.join(urls)}: {problem or 'it is a papertray, too'}.",
            "Have one of the two read itself: `papertray model auto`, there or here.",
        )


def quote_server(words: str) -> str:
    """On one line, harmless to a terminal."""
    line = replace_unprintable(" ".join(words.split()))
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
