"""Who may come in: the holder of the token, and a browser with a code that the holder of the token asked for.

A session's cookie is signed with the token, so it holds across restarts, and ends when the token is replaced.
"""

import hashlib
import hmac
import secrets
import threading
from collections.abc import Callable

CODE_SECONDS = 60.0
SESSION_SECONDS = 30 * 86400.0
_CODES = 32  # that wait to be used; the oldest is dropped for another


class Sessions:
    def __init__(self, token: str, clock: Callable[[], float]) -> None:
        self._token = token.encode()
        self._clock = clock
        self._lock = threading.Lock()
        self._codes: dict[str, float] = {}

    def knows(self, token: str) -> bool:
        return hmac.compare_digest(token.encode("utf-8", "replace"), self._token)

    def code(self) -> str:
        """A new code, good once and for a minute."""
        code = secrets.token_urlsafe(32)
        with self._lock:
            while len(self._codes) >= _CODES:
                del self._codes[next(iter(self._codes))]
            self._codes[code] = self._clock() + CODE_SECONDS
        return code

    def begin(self, code: str) -> str | None:
        """The cookie for whoever brings a good code, which is used up."""
        with self._lock:
            until = self._codes.pop(code, None)
        if until is None or until < self._clock():
            return None
        ends = f"{secrets.token_urlsafe(12)}.{int(self._clock() + SESSION_SECONDS)}"
        return f"{ends}.{self._sign(ends)}"

    def holds(self, cookie: str) -> bool:
        ends, _, signature = cookie.rpartition(".")
        if not hmac.compare_digest(signature.encode("utf-8", "replace"), self._sign(ends).encode()):
            return False
        return int(ends.rpartition(".")[2]) > self._clock()

    def _sign(self, ends: str) -> str:
        return hmac.new(
            self._token, b"session " + ends.encode("utf-8", "replace"), hashlib.sha256
        ).hexdigest()
