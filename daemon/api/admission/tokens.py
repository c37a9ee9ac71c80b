"""The API's token: 256 random bits in a file that only its owner can read, made once."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

_BYTES = 32
_SHORTEST = 43  # letters of so many bytes; a shorter one was cut, or written by hand


def token_of(file: Path) -> str:
    """The token; a new one where there is none, or none that is safe."""
    with suppress(FileNotFoundError):
        token = file.read_text(encoding="ascii", errors="replace").strip()
        if len(token) >= _SHORTEST and token.isascii():
            file.chmod(0o600)
            return token
        file.unlink()
    token = secrets.token_urlsafe(_BYTES)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
        new.write(token)
    return token
