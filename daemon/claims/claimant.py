"""Who claims: one life of one daemon, told from every other, on any machine, and from its own earlier lives.

Keeps one small file in the home, a name for it that was drawn once.
"""

import contextlib
import json
import os
import secrets
import socket
import sys
import uuid
from dataclasses import asdict, dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Self

_MACHINE_ID = Path("/etc/machine-id")
_HOME_ID = "home-id"
_LONGEST_HOST = 60


@dataclass(frozen=True)
class Claimant:
    """`start` differs from life to life; `host` is for people."""

    machine: str
    home: str
    start: str
    host: str

    @cached_property
    def id(self) -> str:
        """A short name for this life, as it stands in file names."""
        return sha256(json.dumps(asdict(self)).encode()).hexdigest()[:20]

    def is_life_of(self, other: Self) -> bool:
        """Whether both are of one home, whose lock only one of them can hold."""
        return (self.machine, self.home) == (other.machine, other.home)


def new_claimant(state: Path) -> Claimant:
    """A new life for the home whose state is kept in this folder."""
    return Claimant(_machine_id(), _home_id(state), new_start(), socket.gethostname()[:_LONGEST_HOST])


def new_start() -> str:
    return secrets.token_hex(8)


def _machine_id() -> str:
    """The system's own name for the machine where it has one; never told as it is."""
    written = ""
    with contextlib.suppress(OSError):
        written = _MACHINE_ID.read_text(encoding="ascii", errors="replace").strip()
    seed = f"papertray {sys.platform} {written or uuid.getnode()} {socket.gethostname()}"
    return sha256(seed.encode()).hexdigest()[:20]


def _home_id(state: Path) -> str:
    """Drawn once, and kept: two containers may have the same machine's name and the same paths."""
    file = state / _HOME_ID
    with contextlib.suppress(FileExistsError, OSError):
        handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with open(handle, "w", encoding="ascii") as new:  # noqa: PTH123 - a descriptor
            new.write(secrets.token_hex(10))
    with contextlib.suppress(OSError, UnicodeError):
        if kept := file.read_text(encoding="ascii").strip():
            return kept
    return secrets.token_hex(10)  # nowhere to keep it: every life is a stranger to the one before
