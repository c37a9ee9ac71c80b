"""Files that come through the API: kept while they are read, answered, then gone from disk and journal.

They go the way of every document, ahead of the folders' ones. One look at the journal serves all who wait.
"""

import asyncio
import json
import re
import secrets
import shutil
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from loguru import logger

from papertray.daemon.api.answers import ApiError
from papertray.daemon.journal import Journal
from papertray.daemon.journal.uploads import ReadRequest
from papertray.daemon.records import DocumentRecord, PageRecord
from papertray.daemon.status import DocumentState
from papertray.engine.errors import PapertrayError
from papertray.engine.pages import Figure

POLL_EVERY = 0.1
LONGEST_NAME = 80
_UNSAFE = re.compile(r"[^\w .()+-]", re.ASCII)
_DEVICES = re.compile(
    r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE
)  # names that Windows takes for itself
_RANGE = re.compile(r"(\d{1,6})(?:\s*-\s*(\d{1,6}))?", re.ASCII)
_ENDED = (DocumentState.DONE, DocumentState.PROBLEMS, DocumentState.FAILED, DocumentState.FORGOTTEN)


@dataclass(frozen=True, slots=True)
class UploadProgress:
    """How far the reading of an upload is."""

    document: DocumentRecord

    @property
    def ended(self) -> bool:
        return self.document.state in _ENDED

    @property
    def pages(self) -> int:
        numbers = json.loads(self.document.wanted_pages or "[]")
        return len(numbers) if numbers and self.document.pages else self.document.pages

    @property
    def pages_done(self) -> int:
        return self.pages - (self.document.pages - self.document.pages_done)


@dataclass(frozen=True, slots=True)
class UploadResult:
    document: DocumentRecord
    pages: list[PageRecord]
    figures: list[tuple[int, Figure]]


class Uploads:
    """Used on the API's event loop alone."""

    def __init__(self, journal: Journal, folder: Path) -> None:
        self._journal = journal
        self._folder = folder
        self._poll: asyncio.Task[dict[int, DocumentRecord]] | None = None
        self._thread = ThreadPoolExecutor(1, "uploads")  # one, so that what is added is there to be removed
        shutil.rmtree(folder, ignore_errors=True)  # of a process that was killed

    @asynccontextmanager
    async def add(self, content: IO[bytes], name: str, order: ReadRequest) -> AsyncIterator[int]:
        """Have it read; its number. When the block ends, however it does, nothing of it is left."""
        place = self._folder / secrets.token_hex(16)
        try:
            yield await asyncio.wrap_future(self._thread.submit(self._store, place, content, name, order))
        finally:
            self._thread.submit(self._remove, place)  # not awaited: who asked may be gone

    async def follow(self, number: int) -> AsyncIterator[UploadProgress]:
        """How far it is, at every look into the journal, until it has ended."""
        while True:
            document = (await asyncio.shield(self._next_poll())).get(number)
            if document is not None:
                progress = UploadProgress(document)
                yield progress
                if progress.ended:
                    return

    async def result(self, number: int) -> UploadResult:
        return await asyncio.to_thread(self._result, number)

    def close(self) -> None:
        self._thread.shutdown()

    def _next_poll(self) -> "asyncio.Task[dict[int, DocumentRecord]]":
        """The one that is to come, the same for all who wait for it."""
        if self._poll is None or self._poll.done():
            self._poll = asyncio.create_task(self._poll_later())
        return self._poll

    async def _poll_later(self) -> dict[int, DocumentRecord]:
        await asyncio.sleep(POLL_EVERY)
        return await asyncio.to_thread(self._journal.uploads.all)

    def _store(self, place: Path, content: IO[bytes], name: str, order: ReadRequest) -> int:
        place.mkdir(mode=0o700, parents=True)
        file = place / clean_name(name)
        try:
            with file.open("xb") as kept:
                shutil.copyfileobj(content, kept, 1 << 20)
        except OSError as problem:
            raise ApiError(507, f"The upload cannot be kept: {problem.strerror}.", "Make room.") from problem
        return self._journal.uploads.add(file, order)

    def _remove(self, place: Path) -> None:
        shutil.rmtree(place, ignore_errors=True)
        try:
            self._journal.uploads.remove(place)
        except PapertrayError as problem:
            logger.warning("an upload stays until the next start: {}", problem)

    def _result(self, number: int) -> UploadResult:
        listing, notes = self._journal.listing, self._journal.notes
        return UploadResult(listing.document(number), listing.pages(number), notes.figures(number))


def clean_name(name: str) -> str:
    """A name to be shown, and to be kept under: the last part of what was sent, without anything unusual."""
    last = re.split(r"[/\\]", name)[-1]
    plain = _UNSAFE.sub("_", last).strip(" .")
    stem, dot, suffix = plain.rpartition(".")
    if len(plain) > LONGEST_NAME:
        plain = f"{stem[: LONGEST_NAME - 8]}{dot}{suffix[:7]}" if stem else plain[:LONGEST_NAME]
    if not plain or _DEVICES.match(plain):
        return f"upload {plain}".strip()
    return plain


def page_numbers(spec: str, at_most: int) -> frozenset[int] | None:
    """The pages that `1-3,7` names; None for all, which is what nothing means."""
    if not spec.strip():
        return None
    numbers: set[int] = set()
    for part in spec.split(","):
        match = _RANGE.fullmatch(part.strip())
        if match is None:
            raise ApiError(422, f"{part.strip()[:40]!r} names no pages.", "Write them like 1-3,7.")
        first, last = int(match[1]), int(match[2] or match[1])
        if not 1 <= first <= last <= at_most:
            raise ApiError(
                422, f"There are no pages {part.strip()}.", f"They go from 1 to {at_most} at most."
            )
        numbers.update(range(first, last + 1))
    return frozenset(numbers)
