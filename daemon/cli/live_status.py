"""What `papertray run` shows on stderr: a line for each finished document, and how it goes right now.

On a terminal the last line is rewritten in place; elsewhere only the finished documents are told.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from papertray.daemon.cli.screen import print_message, printable_name
from papertray.daemon.cli.status_text import summarize_status
from papertray.daemon.client.client import Client
from papertray.daemon.places import Places
from papertray.daemon.records import DocumentRecord
from papertray.daemon.status import Status
from papertray.engine.language import translate, translate_sentence
from papertray.engine.printing import printable

if TYPE_CHECKING:
    from rich.live import Live as RichLive


class StatusDisplay(Protocol):
    """Shows each status as it comes, and what finished before it."""

    def show(self, status: Status) -> None: ...


class FinishedDocuments:
    """Describes each document that ends after `since`, once."""

    def __init__(self, finished_since: Callable[[float], list[DocumentRecord]], since: float) -> None:
        self._finished_since = finished_since
        self._since = since

    def describe_new(self) -> list[str]:
        documents = self._finished_since(self._since)
        if documents:
            self._since = documents[-1].finished or self._since
        return [describe_finished(document) for document in documents]


def describe_finished(document: DocumentRecord) -> str:
    """One finished document in one line."""
    outcome = printable_name(document.note.name) if document.note else translate("no note")
    said = translate_sentence(f"{document.sentence} {document.advice}".strip())
    problem = f": {printable(said)}" if said else ""
    return f"{printable_name(document.path.name)} -> {outcome}{problem}"


class LineDisplay:
    """For a log or a pipe."""

    def __init__(self, finished: FinishedDocuments) -> None:
        self._finished = finished

    def show(self, _status: Status) -> None:
        for line in self._finished.describe_new():
            print_message(line)


class TerminalDisplay:
    """For a terminal."""

    def __init__(self, finished: FinishedDocuments, line: "RichLive") -> None:
        self._finished = finished
        self._line = line

    def show(self, status: Status) -> None:
        from rich.text import Text

        for text in self._finished.describe_new():
            self._line.console.print(Text(text))
        self._line.update(
            Text(f"papertray {summarize_status(status)}", overflow="ellipsis", no_wrap=True), refresh=True
        )


@contextmanager
def open_display(places: Places) -> Iterator[StatusDisplay]:
    with Client(places) as client:
        finished = FinishedDocuments(client.finished_since, time.time())
        if not sys.stderr.isatty():
            yield LineDisplay(finished)
            return
        from rich.console import Console
        from rich.live import Live as RichLive

        with RichLive(console=Console(stderr=True), auto_refresh=False, transient=True) as line:
            yield TerminalDisplay(finished, line)
