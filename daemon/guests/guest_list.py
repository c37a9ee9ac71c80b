"""Which other machines may have pages read here, each with a token of its own.

Kept in a file of this home for its owner alone; of a token only its hash, so that nobody reads it out of
there. Looked up anew for every request: who is taken from the list is turned away at once.
"""

import hashlib
import json
import re
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hmac import compare_digest
from pathlib import Path

from papertray.daemon.files import put_file
from papertray.daemon.guests.problems import GuestKnown, GuestListDamaged, GuestNameUnfit, GuestUnknown
from papertray.daemon.places import close_to_others

_TOKEN_BYTES = 32
_NAME = re.compile(r"[\w][\w.-]{0,39}")


@dataclass(frozen=True, slots=True)
class Guest:
    """A machine: `token_sha256` is the hash of what it shows, `added` the day it was let in."""

    name: str
    token_sha256: str
    added: str


class GuestList:
    def __init__(self, file: Path) -> None:
        self._file = file

    def all(self) -> tuple[Guest, ...]:
        try:
            listed = json.loads(self._file.read_text(encoding="utf-8"))
            return tuple(Guest(**each) for each in listed)
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, TypeError):
            raise GuestListDamaged(self._file) from None

    def find(self, token: str) -> str | None:
        """The name of the machine that this token is of."""
        sha256 = _hash(token)
        return next((one.name for one in self.all() if compare_digest(one.token_sha256, sha256)), None)

    def add(self, name: str) -> str:
        """Let a machine in; its token, which is nowhere else."""
        if not _NAME.fullmatch(name):
            raise GuestNameUnfit(name)
        guests = self.all()
        if any(guest.name == name for guest in guests):
            raise GuestKnown(name)
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        self._save((*guests, Guest(name, _hash(token), datetime.now(UTC).date().isoformat())))
        return token

    def remove(self, name: str) -> None:
        guests = self.all()
        if all(guest.name != name for guest in guests):
            raise GuestUnknown(name)
        self._save(tuple(guest for guest in guests if guest.name != name))

    def _save(self, guests: tuple[Guest, ...]) -> None:
        content = json.dumps([asdict(guest) for guest in guests], indent=1).encode()
        put_file(content, self._file, over=True)
        close_to_others(self._file)


def _hash(token: str) -> str:
    """Of 256 random bits: nothing slower is needed."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
