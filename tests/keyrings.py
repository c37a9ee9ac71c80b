"""A keyring in a file, for tests: a backend of the real package `keyring`."""

import json
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError


class FileKeyring(KeyringBackend):
    priority = 1  # type: ignore[assignment]  # as the package's own backends have it

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file

    def get_password(self, service: str, username: str) -> str | None:
        return self._keys().get(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self._file.write_text(json.dumps(self._keys() | {f"{service} {username}": password}))

    def delete_password(self, service: str, username: str) -> None:
        keys = self._keys()
        if keys.pop(f"{service} {username}", None) is None:
            raise PasswordDeleteError(username)
        self._file.write_text(json.dumps(keys))

    def _keys(self) -> dict[str, str]:
        keys: dict[str, str] = json.loads(self._file.read_text()) if self._file.exists() else {}
        return keys
