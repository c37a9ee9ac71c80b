"""What the commands put on the screen: data on stdout, everything said to a person on stderr.

Names of files and texts of strangers are shown, never obeyed: an escape sequence in one moves no cursor.
"""

import json
import sys
from collections.abc import Sequence
from typing import Any

from papertray.engine.printing import printable

_KEPT = "\n\t"
_KEPT_WHOLE = 16  # letters: a word in a column of such words is not cut


def printable_name(name: object) -> str:
    """A file's name as it is, or in quotes where it holds something that cannot be shown."""
    text = str(name)
    return text if text.isprintable() else f'"{printable(text)}"'


def print_message(sentence: str) -> None:
    print(printable(sentence, _KEPT), file=sys.stderr)  # noqa: T201


def print_line(line: str = "") -> None:
    """One line of an answer."""
    print(printable(line, _KEPT))  # noqa: T201


def print_marked(parts: Sequence[tuple[str, bool]], indent: str = "") -> None:
    """One line of an answer, of which the parts that are marked stand out on a terminal."""
    bold, plain = ("\x1b[1m", "\x1b[0m") if sys.stdout.isatty() else ("", "")
    texts = (f"{bold}{printable(text)}{plain}" if marked else printable(text) for text, marked in parts)
    print(indent + "".join(texts))  # noqa: T201


def print_text(text: str) -> None:
    """A document's text: as it is into a file or a pipe, without escapes onto a terminal."""
    sys.stdout.write(printable(text, _KEPT) if sys.stdout.isatty() else text)


def print_json(data: Any) -> None:
    """Plain ASCII, so that no console garbles it and no name in it acts on a terminal."""
    print(json.dumps(data, indent=2, default=str))  # noqa: T201


def print_table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Columns fitted to the terminal; into a pipe, tabs between the cells and no head."""
    cells = [[printable(str(cell)) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        for row in cells:
            print("\t".join(row))  # noqa: T201
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, title in enumerate(head):
        short = all(len(row[number]) <= _KEPT_WHOLE and " " not in row[number] for row in cells)
        table.add_column(title, overflow="fold", no_wrap=short)  # the end of a long name tells it from others
    for row in cells:
        table.add_row(*map(Text, row))
    Console().print(table)
