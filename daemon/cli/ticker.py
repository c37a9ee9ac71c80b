"""What `papertray run` shows on stderr: a line for each finished document, and how it goes right now.

On a terminal the last line is rewritten in place; elsewhere only the finished documents are told.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from papertray.daemon.cli.glance import status_line
from papertray.daemon.cli.screen import printable_name, say
from papertray.daemon.client.client import Client
from papertray.daemon.places import Places
from papertray.daemon.records import DocumentRecord
from papertray.daemon.status import Status
from papertray.engine.printing import printable

if TYPE_CHECKING:
    from rich.live import Live as RichLive


class Ticker(Protocol):
    def show(self, status: Status) -> None: ...


class FinishedDocuments:
    """Tells each document that ends after `since`, once."""

    def __init__(self, finished_since: Callable[[float], list[DocumentRecord]], since: float) -> None:
        self._finished_since = finished_since
        self._since = since

    def news(self) -> list[str]:
        fresh = self._finished_since(self._since)
        if fresh:
            self._since = fresh[-1].finished or self._since
        return [document_line(document) for document in fresh]


def document_line(document: DocumentRecord) -> str:
    """One finished document in one line."""
    outcome = printable_name(document.note.name) if document.note else "no note"
    problem = f": {printable(f'{document.sentence} {document.advice}'.strip())}" if document.sentence else ""
    return f"{printable_name(document.path.name)} -> {outcome}{problem}"


class LineTicker:
    """For a log or a pipe."""

    def __init__(self, finished: FinishedDocuments) -> None:
        self._finished = finished

    def show(self, _status: Status) -> None:
        for line in self._finished.news():
            say(line)


class LiveTicker:
    """For a terminal."""

    def __init__(self, finished: FinishedDocuments, line: "RichLive") -> None:
        self._finished = finished
        self._line = line

    def show(self, status: Status) -> None:
        from rich.text import Text

        for news in self._finished.news():
            self._line.console.print(Text(news))
        self._line.update(
            Text(f"papertray {status_line(status)}", overflow="ellipsis", no_wrap=True), refresh=True
        )


@contextmanager
def open_ticker(here: Places) -> Iterator[Ticker]:
    with Client(here) as client:
        finished = FinishedDocuments(client.finished_since, time.time())
        if not sys.stderr.isatty():
            yield LineTicker(finished)
            return
        from rich.console import Console
        from rich.live import Live as RichLive

        with RichLive(console=Console(stderr=True), auto_refresh=False, transient=True) as line:
            yield LiveTicker(finished, line)
