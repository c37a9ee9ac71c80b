"""Where a new setting is written: below the line that shows its default, else below what its table says.

Takes the text before and after a key was set, and gives it with that line where a person looks for it. Both
mean the same: where that is not sure, the text stays as it is.
"""

import re
import tomllib

from papertray.daemon.settings.file import line_of
from papertray.daemon.settings.layers import Key, has_key

_HEADER = re.compile(r"\s*\[")
_SETTING = re.compile(r"\s*[\w\"'][^=]*=")


def move_new_line(before: str, after: str, key: Key) -> str:
    """`after` is `before` with `key` set."""
    lines = after.splitlines(keepends=True)
    at = line_of(after, key) - 1
    old = before.splitlines(keepends=True)
    if has_key(tomllib.loads(before), key) or lines[:at] + lines[at + 1 :] != old:
        return after
    new = lines.pop(at)
    place = _find_place(lines, line_of(before, key[:-1]), str(key[-1]))
    moved = "".join((*lines[:place], new, *lines[place:]))
    return moved if tomllib.loads(moved) == tomllib.loads(after) else after


def _find_place(lines: list[str], first: int, name: str) -> int:
    """Below which line, counted from 1, of a table whose head is the line `first`."""
    last = next((n for n in range(first, len(lines)) if _HEADER.match(lines[n])), len(lines))
    shown = re.compile(rf"#\s*{re.escape(name)}\s*=")
    comments = [n + 1 for n in range(first, last) if shown.match(lines[n])]
    said = [n + 1 for n in range(first, last) if _SETTING.match(lines[n]) and not lines[n].startswith("#")]
    return comments[0] if comments else max(said, default=first)
