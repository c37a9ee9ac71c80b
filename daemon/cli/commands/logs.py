"""`papertray logs`: the last lines of the log, and those to come. It never holds a document's text."""

import os
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Annotated, TextIO

import typer

from papertray.daemon.cli.screen import print_line, print_message
from papertray.daemon.places import find_places

LOOK_EVERY = 0.3
ALL = sys.maxsize


def logs(
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on with new lines until Ctrl-C.")
    ] = False,
    count: Annotated[int, typer.Option("--lines", "-n", min=0, help="How many lines to begin with.")] = 50,
) -> None:
    """Show the last lines of the log."""
    path = find_places().log_file
    if not path.exists():
        print_message(f"Nothing was logged yet; {path} does not exist.")
        if not follow:
            return
    with suppress(KeyboardInterrupt):
        for line in read_lines(path, count, follow):
            print_line(line.rstrip("\n"))


def read_lines(path: Path, count: int, follow: bool) -> Iterator[str]:
    while follow and not path.exists():
        time.sleep(LOOK_EVERY)
    with path.open(encoding="utf-8", errors="backslashreplace") as log:
        yield from deque(log, maxlen=count)
        replaced = not follow
        while not replaced:
            replaced = _is_replaced(path, log)  # asked first: what was written until then is still shown
            yield from log
            time.sleep(LOOK_EVERY)
    if follow:
        yield from read_lines(path, ALL, follow)


def _is_replaced(path: Path, log: TextIO) -> bool:
    """The daemon has begun another file under this name."""
    try:
        return not os.path.samestat(path.stat(), os.fstat(log.fileno()))
    except FileNotFoundError:
        return True
