"""Open what has arrived in folders where piles are split, or two sides joined: one after the other.

Takes documents that lie still; gives the journal their pages to be read, or what was made of a pile. In a
thread of its own, for to look at a pile takes as long as it has sheets.
"""

import os
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from loguru import logger

from papertray.daemon.claims.claims import Claims
from papertray.daemon.desk.opener import BACK_OFF, DocumentOpener, keep_opening
from papertray.daemon.errors import NoteError, StacksMissing, WaitsForOtherSide
from papertray.daemon.journal import Journal
from papertray.daemon.records import APART, UNCUT, DocumentRecord, OpenedDocument, SortedStack
from papertray.daemon.stacks.sides import Side, find_side
from papertray.daemon.stacks.sorter import JOINED, NOT_BOUND, StackSorter
from papertray.daemon.status import DocumentState
from papertray.engine.beneath import FileBeneath, open_source

_LOOK_AGAIN = 600.0  # seconds; the other side wakes whoever waits for it
_LOOK_SOON = 2.0


class StackIngest:
    """`wake` ends the sleep of `run`; `on_opened` is called when there are pages to be read, or notes due."""

    def __init__(
        self,
        journal: Journal,
        opener: DocumentOpener,
        claims: Claims,
        sorter: StackSorter,
        on_opened: Callable[[], None],
        stop: threading.Event,
    ) -> None:
        self._journal = journal
        self._opener = opener
        self._claims = claims
        self._sorter = sorter
        self._on_opened = on_opened
        self._stop = stop
        self.wake = threading.Event()

    def run(self) -> None:
        keep_opening(self.open_next, self._stop, self.wake, self._on_opened, self._sorter.rest)

    def open_next(self) -> bool:
        """Open the next document; whether there was one."""
        documents = self._journal.arrivals.next_to_open(1, of=self._sorter.folders)
        for document in documents:
            side = self._side_of(document)
            if side is None:
                self._open_alone(document)
            else:
                self._open_side(document, side)
        return bool(documents)

    def _side_of(self, document: DocumentRecord) -> Side | None:
        return find_side(document.path) if self._sorter.folders[document.folder].join_sides else None

    def _open_alone(self, document: DocumentRecord) -> None:
        with self._claims.admitted([document]) as ours:
            for each in ours:
                with self._opener.reporting(each), _opened(each) as descriptor:
                    if opened := self._opener.open(each, descriptor):
                        self._split(each, opened, descriptor)

    def _split(self, document: DocumentRecord, opened: OpenedDocument, descriptor: int) -> None:
        try:
            stack = self._sorter.split(document, opened, descriptor)
        except NOT_BOUND as problem:
            logger.bind(document=document.id).warning("cannot be cut: {}", type(problem).__name__)
            opened, stack = replace(opened, way=UNCUT + opened.way), None
        if stack is None:
            self._journal.arrivals.add_pages([opened])
        else:
            self._journal.arrivals.add_stacks([stack])

    def _open_side(self, document: DocumentRecord, side: Side) -> None:
        """The fronts are claimed first, whichever came first: so no two papertrays have one each."""
        partner = self._journal.arrivals.at(side.partner)
        if partner and partner.state is DocumentState.ARRIVED:
            fronts, backs = (document, partner) if side.is_front else (partner, document)
            with self._claims.admitted([fronts]) as first, self._claims.admitted(first and [backs]) as second:
                if second:
                    self._join(fronts, backs, side)
                elif first or not side.is_front:  # one of them is another papertray's for now
                    self._wait_for(side.partner, document, _LOOK_SOON)
        elif partner is None or _is_gone(partner) or partner.is_stack:
            if not self._is_joined(document):
                self._wait_for(side.partner, document, _LOOK_AGAIN)
        else:
            self._open_alone(document)

    def _is_joined(self, document: DocumentRecord) -> bool:
        """Whether it was, as it is now: then its note is due again, and nothing else."""
        if document.way != JOINED:
            return False
        with self._opener.reporting(document), _opened(document) as descriptor:
            if self._opener.identify(document, descriptor) != document.sha256:
                return False
            before = OpenedDocument(document.id, document.sha256, document.kind, document.pages, JOINED)
            self._journal.arrivals.add_stacks([SortedStack(before, ())])
        return True

    def _wait_for(self, partner: Path, document: DocumentRecord, seconds: float) -> None:
        self._journal.arrivals.wait(document.id, WaitsForOtherSide(partner), seconds)

    def _join(self, fronts: DocumentRecord, backs: DocumentRecord, side: Side) -> None:
        with (
            self._opener.reporting(fronts),
            _opened(fronts) as front,
            self._opener.reporting(backs),
            _opened(backs) as back,
        ):
            handles = ((fronts, front), (backs, back))
            both = [(each, self._opener.identify(each, handle), handle) for each, handle in handles]
            notes = [self._opener.standing_note(each, sha256) for each, sha256, _ in both]
            if all(notes):
                for (each, sha256, _), note in zip(both, filter(None, notes), strict=True):
                    self._journal.arrivals.adopt_note(each.id, sha256, note)
                return
            opened = [self._opener.inspect(each, handle, sha256) for each, sha256, handle in both]
            self._join_opened(
                [(each, one, handle) for (each, _, handle), one in zip(both, opened, strict=True)], side
            )

    def _join_opened(self, both: Sequence[tuple[DocumentRecord, OpenedDocument, int]], side: Side) -> None:
        """Where that cannot be done now, both wait; where it can never be, each is read by itself."""
        try:
            if len({opened.pages for _, opened, _ in both}) == 1:
                self._journal.arrivals.add_stacks(self._sorter.join(both, side))
                return
        except NOT_BOUND as problem:
            logger.warning("two sides cannot be joined: {}", type(problem).__name__)
        except (NoteError, StacksMissing) as problem:
            for document, _, _ in both:
                self._journal.arrivals.wait(document.id, problem, BACK_OFF.after(document.tries))
            return
        self._journal.arrivals.add_pages(replace(opened, way=APART + opened.way) for _, opened, _ in both)


def _opened(document: DocumentRecord) -> AbstractContextManager[int]:
    return open_source(FileBeneath(document.folder, document.path))


def _is_gone(document: DocumentRecord) -> bool:
    """Lost, forgotten, or in the archive: another may come in its place."""
    return document.state is DocumentState.FORGOTTEN or not os.path.lexists(document.path)
