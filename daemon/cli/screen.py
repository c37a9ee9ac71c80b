"""What the commands put on the screen: data on stdout, everything said to a person on stderr.

Names of files and texts of strangers are shown, never obeyed: an escape sequence in one moves no cursor.
"""

import json
import os
import shutil
import sys
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, TextIO

from papertray.engine.language import translate_sentence
from papertray.engine.printing import printable

_KEPT = "\n\t"
_WHO = "papertray: "
_KEPT_WHOLE = 16  # letters: a word in a column is not cut
_PLAIN = "\x1b[0m"
_ESCAPES = {"green": "\x1b[32m", "yellow": "\x1b[33m", "red": "\x1b[31m", "cyan": "\x1b[36m"}


def printable_name(name: object) -> str:
    """A file's name as it is, or in quotes where it holds something that cannot be shown."""
    text = str(name)
    return text if text.isprintable() else f'"{printable(text)}"'


def printable_path(path: object) -> str:
    """The same of a whole path; on a terminal from the home folder on."""
    text, home = str(path), str(Path.home())
    if sys.stdout.isatty() and (text == home or text.startswith(f"{home}{os.sep}")):
        text = f"~{text[len(home) :]}"
    return printable_name(text)


def print_message(sentence: str) -> None:
    """In the language of this process, if it is one that its catalogue has."""
    who = _WHO if sentence.startswith(_WHO) else ""
    said = f"{who}{_in_words(sentence.removeprefix(who))}"
    print(_fit(printable(said, _KEPT), sys.stderr), file=sys.stderr)  # noqa: T201


def _in_words(sentence: str) -> str:
    """As a whole, or line by line where each is a sentence of its own."""
    said = translate_sentence(sentence)
    return "\n".join(map(translate_sentence, sentence.split("\n"))) if said == sentence else said


def print_line(line: str = "", colour: str = "") -> None:
    """One line of an answer; on a terminal in this colour, and no word of it broken."""
    text = _fit(printable(translate_sentence(line), _KEPT), sys.stdout)
    before, after = (_ESCAPES[colour], _PLAIN) if colour and _has_colours(sys.stdout) else ("", "")
    print(f"{before}{text}{after}")  # noqa: T201


def print_marked(parts: Sequence[tuple[str, bool]], indent: str = "") -> None:
    """One line of an answer: on a terminal the parts that are marked stand out, and broken between words."""
    texts = [(printable(text), marked) for text, marked in parts]
    if not sys.stdout.isatty():
        print(indent + "".join(text for text, _ in texts))  # noqa: T201
        return
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    line = Text.assemble(*((text, "bold" if marked else "") for text, marked in texts))
    Console(highlight=False).print(Padding(line, (0, 0, 0, len(indent)), expand=False))


def print_text(text: str) -> None:
    """A document's text: as it is into a file or a pipe, without escapes onto a terminal."""
    sys.stdout.write(printable(text, _KEPT) if sys.stdout.isatty() else text)


def print_json(data: Any) -> None:
    """Plain ASCII, so that no console garbles it and no name in it acts on a terminal."""
    print(json.dumps(data, indent=2, default=str))  # noqa: T201


def print_table(
    head: Sequence[str], rows: Sequence[Sequence[object]], colours: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Columns fitted to the terminal, cells that say one of these words in its colour.

    Into a pipe, tabs between the cells, no head and no colours.
    """
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
        column = [row[number] for row in cells]
        short = all(len(cell) <= _KEPT_WHOLE and " " not in cell for cell in column)
        words = (len(word) for cell in (title, *column) for word in cell.split())
        least = max((length for length in words if length <= _KEPT_WHOLE), default=1)
        table.add_column(title, overflow="fold", no_wrap=short, min_width=least)  # a long name's end matters
    for row in cells:
        table.add_row(*(Text(cell, style=colours.get(cell, "")) for cell in row))
    Console().print(table)


def _fit(text: str, stream: TextIO) -> str:
    """On a terminal, as many words in a line as it takes; a word that is too long stays whole."""
    if not stream.isatty():
        return text
    width = shutil.get_terminal_size().columns
    lines = (
        textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False, replace_whitespace=False)
        for line in text.split("\n")
    )
    return "\n".join("\n".join(line) for line in lines)


def _has_colours(stream: TextIO) -> bool:
    """As https://no-color.org has it."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
