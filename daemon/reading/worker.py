"""The inference thread: take the next pages, read them, store what they say, put finished notes in place.

The only thread that touches a reader. A page is claimed in the journal before it is read and stored the
moment it is, so that whatever ends this process costs at most the pages in hand.
"""

import threading

from loguru import logger

from papertray.daemon.errors import JournalFull
from papertray.daemon.journal import Journal
from papertray.daemon.notes.writer import NoteWriter
from papertray.daemon.reading.effort import effort_for
from papertray.daemon.reading.in_hand import PagesInHand
from papertray.daemon.reading.journal_retry import JournalRetry
from papertray.daemon.reading.page_loader import LoadedPage, PageLoader
from papertray.daemon.reading.slot import ReaderSlot
from papertray.daemon.reading.turns import ReaderTurns
from papertray.daemon.records import PageJob
from papertray.daemon.status import PageInProgress, Trouble
from papertray.engine.devices.cores import count_cores, stand_back
from papertray.engine.errors import Cancelled, ReaderAway
from papertray.engine.page_flow import read_flow
from papertray.engine.renderer import Renderer

_NAP = 5.0


class Worker:
    """`reading` are the pages in hand, `wake` ends a rest, `cancel` has them given back."""

    def __init__(
        self,
        journal: Journal,
        notes: NoteWriter,
        renderer: Renderer,
        slot: ReaderSlot,
        turns: ReaderTurns,
        stop: threading.Event,
    ) -> None:
        self._journal = journal
        self._notes = notes
        self._renderer = renderer
        self._slot = slot
        self._turns = turns
        self._engine = turns.choices.for_all
        self._substitute = turns.substitute
        self._stop = stop
        self._loader = PageLoader(journal, renderer, turns.upcoming_pages, notes.roots)
        self._retry = JournalRetry(stop)
        self.wake = threading.Event()
        self.cancel = threading.Event()
        self._in_hand = PagesInHand(
            journal,
            self._loader,
            slot,
            self._retry,
            self.cancel,
            turns,
            self._place_notes_meanwhile,
        )
        self._away: Trouble | None = None

    def run(self) -> None:
        """Until it is stopped; what is in hand then is given back."""
        stand_back(effort_for(self._engine, count_cores()).nice)
        self._journal.queue.recover()
        try:
            self._place_notes()
            while not self._is_stopped():
                if not self.turn():
                    self.rest()
                    self.wake.wait(_NAP)
        finally:
            self._slot.unload()

    def turn(self) -> bool:
        """Read until there is nothing to read for this reader; whether anything was, or could be, read."""
        jobs = self._next_pages()
        self._away = None
        for page in self._loader.load(jobs):
            self._read(page)
        self._place_notes()
        return bool(jobs) and self._away is None

    def rest(self) -> None:
        """Hold no more than is needed while there is nothing to read."""
        self._renderer.rest()
        self._slot.forget_old_trouble()
        self._substitute.look()
        self._slot.unload_if_idle(self._engine.idle_unload)

    @property
    def trouble(self) -> Trouble | None:
        return self._retry.trouble or self._away or self._substitute.trouble

    @property
    def reading(self) -> tuple[PageInProgress, ...]:
        return self._in_hand.now

    def cancel_if_abandoned(self) -> None:
        """Stop reading pages that nobody waits for any more."""
        documents = {page.document for page in self.reading}
        abandoned = {each for each in documents if not self._journal.queue.has_open_pages([each])}
        self._in_hand.give_up(abandoned)
        if documents and abandoned == documents:
            self.cancel.set()

    def _is_stopped(self) -> bool:
        """Whoever stops us sets `stop` before `cancel`: looked at in the other order, neither is missed."""
        self.cancel.clear()
        self.wake.clear()
        return self._stop.is_set()

    def _next_pages(self) -> list[PageJob]:
        """One, or none while it is paused."""
        if self._journal.requests.paused()[0]:
            return []
        return self._retry.run(lambda: self._turns.next_pages(1))

    def _read(self, first: LoadedPage) -> None:
        """This page, and those that come while its reader has room for them."""
        pages = self._in_hand
        try:
            pages.hold(first)
            read_flow(self._slot.get(self._turns.engine_for(first.job)), pages)
        except JournalFull:
            raise
        except Cancelled:
            pages.give_back()
        except ReaderAway as problem:
            pages.give_back()
            if not self._substitute.begin(problem):
                self._away = Trouble.of(problem, "Until then the pages wait.")
                self._turns.give_up_turn()
        except Exception as problem:
            pages.fail_all(problem)
        finally:
            pages.let_go()

    def _place_notes_meanwhile(self) -> None:
        """What goes wrong with notes has nothing to do with the pages in hand; it shows again after them."""
        try:
            self._place_notes()
        except JournalFull:
            raise
        except Exception:
            logger.exception("a note could not be put in place while pages were read")

    def _place_notes(self) -> None:
        for document in self._notes.place_ready():
            self._loader.forget(document)
