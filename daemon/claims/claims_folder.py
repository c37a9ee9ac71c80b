"""The files by which papertrays that watch one folder tell each other what they do.

`.papertray` at the watched root holds a sign of life for each daemon that has work there, renewed as
long as it lives, and a file for each claimed document. A claim is made by creating its file, which of several
only one can, on network shares too; whoever takes over a dead one's claim creates the next in the row, so
that nothing is ever renamed or deleted on a guess. Knows files, and nothing of who is right.
"""

import contextlib
import errno
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from papertray.daemon.claims.claimant import Claimant

_SIGN, _CLAIM, _DRAFT = ".daemon", ".claim", ".draft"


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
        target = self._sign(sign.claimant.id)
        draft = target.with_suffix(_DRAFT)
        self._create(draft, json.dumps(values), os.O_TRUNC)
        draft.replace(target)

    def sign_of(self, claimant: str) -> SignOfLife | None:
        """None when it is not there, or says nothing that makes sense."""
        values = _read(self._sign(claimant))
        try:
            return SignOfLife(
                Claimant(*(str(values[name]) for name in ("machine", "home", "start", "host"))),
                int(values["beat"]),
                frozenset(map(str, values["knows"])),
            )
        except (KeyError, TypeError, ValueError):
            return None

    def is_shown(self, claimant: str) -> bool:
        return self._sign(claimant).exists()

    def remove_sign(self, claimant: str) -> None:
        self._sign(claimant).unlink(missing_ok=True)

    def claim(self, key: str, turn: int, claimant: Claimant, document: dict[str, object]) -> bool:
        """Whether nobody had this turn before."""
        values = {"claimant": claimant.id, "host": claimant.host, **document}
        try:
            self._create(self._claim(key, turn), json.dumps(values), os.O_EXCL)
        except FileExistsError:
            return False
        return True

    def claimant_of(self, key: str, turn: int) -> tuple[str, str] | None:
        """Whose claim it is, and on which host, "" where it does not say yet; None when it is not there."""
        file = self._claim(key, turn)
        values = _read(file)
        if not values and not file.exists():
            return None
        return str(values.get("claimant", "")), str(values.get("host", ""))

    def release(self, key: str, turn: int) -> None:
        self._claim(key, turn).unlink(missing_ok=True)

    def exists(self) -> bool:
        return self._folder.is_dir()

    def tidy(self) -> None:
        """Leave nothing behind when nobody is here; a claim without anybody is what a killed one left."""
        with contextlib.suppress(OSError):
            names = self._names()
            if any(name.endswith(_SIGN) for name in names):
                return
            for name in names:
                if name.endswith((_CLAIM, _DRAFT)):
                    (self._folder / name).unlink(missing_ok=True)
            self._folder.rmdir()

    def _names(self) -> list[str]:
        try:
            with os.scandir(self._folder) as entries:
                return [entry.name for entry in entries]
        except FileNotFoundError:
            return []

    def _create(self, file: Path, text: str, how: int) -> None:
        """The folders may be tidied away by another in any moment."""
        flags = os.O_CREAT | os.O_WRONLY | how | getattr(os, "O_NOFOLLOW", 0)
        for last in (False, False, True):
            try:
                self._make_folder()
                handle = os.open(file, flags, 0o666)
                break
            except FileNotFoundError:
                if last:
                    raise
        with open(handle, "w", encoding="utf-8") as new:  # noqa: PTH123 - a descriptor
            new.write(text)

    def _make_folder(self) -> None:
        """Below the root, which is never made; and never where a link leads."""
        self._folder.mkdir(exist_ok=True)
        if self._folder.is_symlink():
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(self._folder))

    def _sign(self, claimant: str) -> Path:
        return self._folder / f"{claimant}{_SIGN}"

    def _claim(self, key: str, turn: int) -> Path:
        return self._folder / f"{key}-{turn}{_CLAIM}"


def _read(file: Path) -> dict[str, Any]:
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return values if isinstance(values, dict) else {}
