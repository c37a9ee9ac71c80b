"""What may stand in a column of the journal, and what is taken in its place when something else does.

Pure. SQLite keeps whatever a damaged row says, of any type: a number may be a text, a path be gone.
"""

import json
import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

from papertray.daemon.status import DocumentState

PAGE_STATES = ("waiting", "reading", "done", "failed")
_LARGEST = 2**63
_FAR_AWAY = 1e11  # seconds: beyond the year 5000, where dates begin to fail
_MOST_PAGES = 10_000_000


def _is_path(value: object) -> bool:
    return isinstance(value, bytes) and value != b"" and 0 not in value


def _is_number(most: int, least: int = 0) -> Callable[[object], bool]:
    return lambda value: type(value) is int and least <= value < most


def _is_moment(value: object) -> bool:
    return isinstance(value, int | float) and 0 <= value < _FAR_AWAY


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and 0 <= value <= 1


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _or_nothing(check: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: value is None or check(value)


def _is_list_of_pages(value: object) -> bool:
    """As JSON; "" is all pages."""
    try:
        pages = json.loads(value or "null") if isinstance(value, str) else 0
    except ValueError:
        return False
    return pages is None or (isinstance(pages, list) and all(type(page) is int for page in pages))


Check = tuple[Callable[[object], bool], Any]
"""Whether a value may stand there, and what is taken where it may not."""

_TEXT: Check = (_is_text, "")
_PATH: Check = (_or_nothing(_is_path), None)
_COLUMNS: Mapping[str, Check] = {
    "path": (_is_path, b"(damaged)"),
    "folder": (_is_path, b"(damaged)"),
    "size": (_is_number(_LARGEST, -1), 0),
    "mtime_ns": (_is_number(_LARGEST, -_LARGEST), 0),
    "pages": (_is_number(_MOST_PAGES), 0),
    "pages_done": (_is_number(_MOST_PAGES), 0),
    "number": (_is_number(_MOST_PAGES), 0),
    "attempts": (_is_number(_LARGEST, -_LARGEST), 0),
    "tries": (_is_number(_LARGEST), 0),
    "urgent": (_is_number(2, -1), 0),
    "doubtful": (_is_number(2), 0),
    "confidence": (_or_nothing(_is_share), None),
    "exit_code": (_is_number(256), 0),
    "added": (_is_moment, 0.0),
    "finished": (_or_nothing(_is_moment), None),
    "seconds": (_is_moment, 0.0),
    "wanted_pages": (_is_list_of_pages, ""),
    **dict.fromkeys(("note", "next_note", "archived"), _PATH),
    **dict.fromkeys(("sha256", "kind", "sentence", "advice", "note_sha256", "next_note_sha256"), _TEXT),
    **dict.fromkeys(("reader", "revision", "device", "rung", "wanted_reader", "wanted_mode", "way"), _TEXT),
}


def damaged_columns(row: sqlite3.Row) -> dict[str, Any]:
    """The columns of a row that hold what cannot be, each with what is taken in its place."""
    names = row.keys()
    damage = {
        name: instead for name, (check, instead) in _COLUMNS.items() if name in names and not check(row[name])
    }
    states: tuple[str, ...] = PAGE_STATES if "text" in names else tuple(DocumentState)
    if "state" in names and row["state"] not in states:
        damage["state"] = "failed"
    if "folder" in names and not {"path", "folder"} & damage.keys() and not _lies_in(row):
        damage["folder"] = b"(damaged)"
    return damage


def _lies_in(row: sqlite3.Row) -> bool:
    return bool(row["path"].startswith(row["folder"].rstrip(b"/\\")))
