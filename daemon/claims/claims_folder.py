"""The files by which papertrays that watch one folder tell each other what they do.

`.papertray` at the watched root holds a sign of life for each daemon that has work there, renewed as
long as it lives, and a file for each claimed document. A claim is made by creating its file, which of several
only one can, on network shares too; whoever takes over a dead one's claim creates the next in the row, so
that nothing is ever renamed or deleted on a guess. Knows files, and nothing of who is right. A link in the
place of the folder is not followed: it is as if nothing were there.
"""

import contextlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from papertray.daemon.claims.claimant import Claimant
from papertray.engine.beneath import LinkInTheWay, OpenFolder, open_folder

_SIGN, _CLAIM, _DRAFT = ".daemon", ".claim", ".draft"
_NOT_THERE = (FileNotFoundError, NotADirectoryError, LinkInTheWay)


@dataclass(frozen=True, slots=True)
class SignOfLife:
    """What a daemon shows: the `beat` that goes on while it lives, and which others it knows to be here."""

    claimant: Claimant
    beat: int
    knows: frozenset[str]


@dataclass(slots=True)
class ClaimsSeen:
    """One look into the folder; of each document's claims the newest counts."""

    signs: frozenset[str] = frozenset()  # ids of claimants
    claims: dict[str, int] = field(default_factory=dict)  # key of the document: which in the row


class ClaimsFolder:
    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder = root / ".papertray"  # one folder: a second in it made at once upsets watchdog

    def look(self) -> ClaimsSeen:
        """Nothing there is nobody there."""
        names = self._names()
        seen = ClaimsSeen(frozenset(name.removesuffix(_SIGN) for name in names if name.endswith(_SIGN)))
        for name in names:
            key, _, turn = name.removesuffix(_CLAIM).partition("-")
            if name.endswith(_CLAIM) and turn.isdecimal():
                seen.claims[key] = max(int(turn), seen.claims.get(key, 0))
        return seen

    def show(self, sign: SignOfLife) -> None:
        """Whole or not at all. Creating a file also has a network share list the folder afresh."""
        values = {**asdict(sign.claimant), "beat": sign.beat, "knows": sorted(sign.knows)}
        draft = f"{sign.claimant.id}{_DRAFT}"
        self._create(draft, json.dumps(values), os.O_TRUNC)
        with self._open() as folder:
            folder.replace(draft, folder, _sign(sign.claimant.id))

    def sign_of(self, claimant: str) -> SignOfLife | None:
        """None when it is not there, or says nothing that makes sense."""
        values = self._read(_sign(claimant))
        try:
            return SignOfLife(
                Claimant(*(str(values[name]) for name in ("machine", "home", "start", "host"))),
                int(values["beat"]),
                frozenset(map(str, values["knows"])),
            )
        except (KeyError, TypeError, ValueError):
            return None

    def is_shown(self, claimant: str) -> bool:
        return self._is_there(_sign(claimant))

    def remove_sign(self, claimant: str) -> None:
        self._remove(_sign(claimant))

    def claim(self, key: str, turn: int, claimant: Claimant, document: dict[str, object]) -> bool:
        """Whether nobody had this turn before."""
        values = {"claimant": claimant.id, "host": claimant.host, **document}
        try:
            self._create(_claim(key, turn), json.dumps(values), os.O_EXCL)
        except FileExistsError:
            return False
        return True

    def claimant_of(self, key: str, turn: int) -> tuple[str, str] | None:
        """Whose claim it is, and on which host, "" where it does not say yet; None when it is not there."""
        file = _claim(key, turn)
        values = self._read(file)
        if not values and not self._is_there(file):
            return None
        return str(values.get("claimant", "")), str(values.get("host", ""))

    def release(self, key: str, turn: int) -> None:
        self._remove(_claim(key, turn))

    def exists(self) -> bool:
        return self._folder.is_dir() and not self._folder.is_symlink()

    def tidy(self) -> None:
        """Leave nothing behind when nobody is here; a claim without anybody is what a killed one left."""
        with contextlib.suppress(OSError):
            names = self._names()
            if any(name.endswith(_SIGN) for name in names):
                return
            for name in names:
                if name.endswith((_CLAIM, _DRAFT)):
                    self._remove(name)
            self._folder.rmdir()  # which a link is not

    def _names(self) -> list[str]:
        try:
            with self._open() as folder:
                return folder.names()
        except _NOT_THERE:
            return []

    def _create(self, name: str, text: str, how: int) -> None:
        """The folders may be tidied away by another in any moment."""
        for last in (False, False, True):
            try:
                with open_folder(self._root, self._folder, make=_make) as folder:
                    handle = folder.open(name, os.O_CREAT | os.O_WRONLY | how, 0o666)
                break
            except FileNotFoundError:
                if last:
                    raise
        with open(handle, "w", encoding="utf-8") as new:  # noqa: PTH123 - a descriptor
            new.write(text)

    def _read(self, name: str) -> dict[str, Any]:
        try:
            with self._open() as folder:
                handle = folder.open(name, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
            with open(handle, encoding="utf-8") as file:  # noqa: PTH123 - a descriptor
                values = json.load(file)
        except (OSError, ValueError):
            return {}
        return values if isinstance(values, dict) else {}

    def _is_there(self, name: str) -> bool:
        try:
            with self._open() as folder:
                folder.lstat(name)
        except _NOT_THERE:
            return False
        return True

    def _remove(self, name: str) -> None:
        with contextlib.suppress(*_NOT_THERE), self._open() as folder:
            folder.unlink(name)

    def _open(self) -> contextlib.AbstractContextManager[OpenFolder]:
        return open_folder(self._root, self._folder)


def _make(root: OpenFolder, name: str) -> None:
    with contextlib.suppress(FileExistsError):
        root.mkdir(name)


def _sign(claimant: str) -> str:
    return f"{claimant}{_SIGN}"


def _claim(key: str, turn: int) -> str:
    return f"{key}-{turn}{_CLAIM}"
