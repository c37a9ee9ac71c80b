"""Bars on stderr for what takes long: the pages of a document, a mass of files, the files of a download."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from papertray.daemon.cli.screen import print_message, printable_name
from papertray.daemon.cli.times import format_length
from papertray.engine.language import translate
from papertray.engine.models.hub import FetchProgress
from papertray.engine.models.offer import size_in_words

MANY_PAGES = 4  # fewer are read before a bar could tell anything


@contextmanager
def page_bar(file: Path) -> Iterator[Callable[[int, int], None]]:
    """For a document of many pages, where a person can see it: call what it gives with pages done and all."""
    if not sys.stderr.isatty():
        yield lambda _done, _pages: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TextColumn("{task.fields[pace]}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(printable_name(file.name), visible=False, pace="")
        begun = time.monotonic()

        def show(done: int, pages: int) -> None:
            pace = describe_page_pace(done, pages, time.monotonic() - begun)
            bar.update(task, completed=done, total=pages, visible=pages >= MANY_PAGES, pace=pace)

        yield show


def describe_page_pace(done: int, pages: int, seconds: float) -> str:
    """How fast pages are read, and how long the others may take: "8.6 a minute, 3 min left"."""
    if not done or not seconds:
        return ""
    pace = translate("{number} a minute", number=f"{60 * done / seconds:.3g}")
    if done >= pages:
        return pace
    return translate("{pace}, {time} left", pace=pace, time=format_length(seconds / done * (pages - done)))


@contextmanager
def download_bars() -> Iterator[Callable[[FetchProgress], None]]:
    """One for the file and one for the whole; they appear with the first byte. In a pipe, a line a minute."""
    if not sys.stderr.isatty():
        yield _DownloadLines(time.monotonic).show
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    bars = Progress(*columns, console=Console(stderr=True))
    file, whole = bars.add_task("", start=True), bars.add_task("all files", start=True)

    def show(now: FetchProgress) -> None:
        bars.start()
        bars.update(file, description=now.file, completed=now.done, total=now.total)
        bars.update(whole, completed=now.all_done, total=now.all_total)

    try:
        yield show
    finally:
        bars.stop()


class _DownloadLines:
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._said = clock()

    def show(self, now: FetchProgress) -> None:
        if self._clock() - self._said < SAID_EVERY:
            return
        self._said = self._clock()
        print_message(f"{size_in_words(now.all_done)} of {size_in_words(now.all_total)} are here.")


SAID_EVERY = 60.0
"""Seconds between two lines, where nobody watches a bar."""


class FileCounter:
    """How far a mass of files is, how fast, and how long the rest will take: a bar, or a line a minute.

    What was done already says nothing about the rest.
    """

    def __init__(self, files: int, clock: Callable[[], float], show: Callable[[int, str], None]) -> None:
        self._files = files
        self._clock = clock
        self._show = show
        self._began = clock()
        self._done = self._skipped = self._refused = self._pages = 0

    @classmethod
    @contextmanager
    def shown(cls, files: int, clock: Callable[[], float]) -> Iterator["FileCounter"]:
        if not sys.stderr.isatty():
            yield cls(files, clock, _Lines(files, clock).show)
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        columns = BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}", markup=False)
        with Progress(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task("", total=files)
            yield cls(files, clock, lambda done, words: bar.update(task, completed=done, description=words))

    def skip(self) -> None:
        self._skipped += 1
        self._tell()

    def end(self, pages: int) -> None:
        self._done += 1
        self._pages += pages
        self._tell()

    def refuse(self) -> None:
        self._refused += 1
        self.end(0)

    def _tell(self) -> None:
        seconds = max(self._clock() - self._began, 1e-3)
        left = self._files - self._done - self._skipped
        words = f"{self._pages / seconds:.2g} pages a second"
        if self._done and left:
            words += f", {format_length(left * seconds / self._done)} left"
        if self._skipped:
            words += f", {self._skipped} {'was' if self._skipped == 1 else 'were'} there already"
        if self._refused:
            words += f", {self._refused} could not be read"
        self._show(self._done + self._skipped, words)


class _Lines:
    def __init__(self, files: int, clock: Callable[[], float]) -> None:
        self._files = files
        self._clock = clock
        self._said = clock()

    def show(self, done: int, words: str) -> None:
        if done < self._files and self._clock() - self._said < SAID_EVERY:
            return
        self._said = self._clock()
        print_message(f"{done} of {self._files} files: {words}.")
