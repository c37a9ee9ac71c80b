"""Whether a journal's file is sound; a damaged one is mended where it can be, or set aside whole.

Looked at while nobody has it open but whoever asks. What lies within the rows is looked at elsewhere.
"""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from itertools import chain, count
from pathlib import Path

from papertray.daemon.errors import JournalUnusable
from papertray.daemon.journal.schema import STEPS, statements
from papertray.daemon.journal.store import BUSY_SECONDS

SMALL = 16_000_000  # bytes that are looked through within half a second
_PIECES = ("-wal", "-shm", "")  # the file last: whoever opens it meanwhile makes no new one beside an old log
_IMAGINABLE = 1000  # so many formats may come after this one; a larger number is damage
_NOT_DAMAGE = {
    sqlite3.SQLITE_AUTH,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOLFS,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_PROTOCOL,
}
_OF_INDEXES = ("row ", "wrong # of entries in index ", "non-unique entry in index ")

Look = Callable[[Path], list[str]]
"""Gives what is wrong with a journal's file, nothing where it is sound."""


def look_at_start(path: Path) -> list[str]:
    """What can be known within half a second: all of a small journal, of a large one what it opens with."""
    with _opened(path) as journal:
        if problems := _format_problems(journal):
            return problems
        return _check(journal, "quick_check") if path.stat().st_size <= SMALL else []


def look_through(path: Path) -> list[str]:
    """All of it, however long it takes."""
    with _opened(path) as journal:
        return _format_problems(journal) or _check(journal, "integrity_check")


def set_damaged_aside(path: Path, look: Look = look_at_start) -> Path | None:
    """Move a journal that is damaged out of the way; its new name, or None when it is sound, or mended."""
    if not path.exists() or not (problems := problems_of(path, look)):
        return None
    if all(_is_of_indexes(problem) for problem in problems) and _mend(path):
        return None
    aside = _free_name(path)
    for piece in _PIECES:
        file = path.with_name(path.name + piece)
        if file.exists():
            file.replace(aside.with_name(aside.name + piece))
    return aside


def problems_of(path: Path, look: Look) -> list[str]:
    """What is wrong with it. Raises JournalUnusable where that cannot be said."""
    wal = path.with_name(path.name + "-wal")
    if not path.stat().st_size and wal.exists() and wal.stat().st_size:
        return ["it is empty, and what is to be written into it is not"]  # SQLite would drop the latter
    try:
        return look(path)
    except (sqlite3.Error, UnicodeDecodeError, OverflowError, MemoryError) as problem:
        if _is_damage(path, problem):
            return [type(problem).__name__]
        raise JournalUnusable(path, problem) from problem


def _is_damage(path: Path, problem: BaseException) -> bool:
    """Damage shows itself in many ways; a file that may be written and yet cannot be is damaged too."""
    code = getattr(problem, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    if code == sqlite3.SQLITE_READONLY:
        return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    return code not in _NOT_DAMAGE


def _opened(path: Path) -> "closing[sqlite3.Connection]":
    journal = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    journal.text_factory = _decode_safely
    return closing(journal)


def _decode_safely(text: bytes) -> str:
    return text.decode(errors="replace")


def _check(journal: sqlite3.Connection, pragma: str) -> list[str]:
    """A table that lost its place in the file can end the check itself: that is an answer too."""
    answers = [str(row[0]) for row in journal.execute(f"PRAGMA {pragma}(100)")]
    return [] if answers == ["ok"] else answers


def _format_problems(journal: sqlite3.Connection) -> list[str]:
    """Whether it holds the tables of the format that it says it has."""
    journal.execute("PRAGMA journal_mode = WAL")  # fails where the header says that nobody may write
    journal.execute("BEGIN")  # of one that somebody is making, format and tables are seen as of one moment
    version, shape = int(journal.execute("PRAGMA user_version").fetchone()[0]), set(_shape(journal))
    journal.execute("COMMIT")
    if len(STEPS) < version <= len(STEPS) + _IMAGINABLE:
        return []  # a newer papertray's; whoever opens it says so
    if not 0 <= version <= len(STEPS):
        return [f"its format is {version}"]
    if version == 0:
        return [] if not shape else ["it has tables and no format"]
    return [] if _shape_of(version) <= shape else ["its tables are not those of its format"]


def _shape(journal: sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
    yield from journal.execute("SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite%'")


@cache
def _shape_of(version: int) -> frozenset[tuple[str, str, str]]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as journal:
        for step in STEPS[:version]:
            for statement in statements(step):
                journal.execute(statement)
        return frozenset(_shape(journal))


def _is_of_indexes(problem: str) -> bool:
    return problem.startswith(_OF_INDEXES) and ("index" in problem)


def _mend(path: Path) -> bool:
    """Make the indexes anew from the tables; whether all is sound then."""
    try:
        with _opened(path) as journal:
            journal.execute("REINDEX")
        return not look_through(path)
    except (sqlite3.Error, UnicodeDecodeError):
        return False


def _free_name(path: Path) -> Path:
    """One that nothing has yet: two journals can be damaged within a second."""
    stem = f"{path.stem}.damaged-{time.strftime('%Y%m%d-%H%M%S')}"
    numbers = chain(("",), (f"-{number}" for number in count(2)))
    names = (path.with_name(f"{stem}{number}{path.suffix}") for number in numbers)
    return next(name for name in names if not name.exists())
