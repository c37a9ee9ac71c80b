"""Do what is due once a note stands, its outputs and what rules want, one after the other, until stopped.

Takes what is due from the journal and says there how it ended. What a stop or a kill interrupts is still due.
Changes no note and no document.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from loguru import logger

from papertray.daemon.back_off import BackOff
from papertray.daemon.errors import NoSuchDocument, NoteError, NotReadYet
from papertray.daemon.journal import Journal
from papertray.daemon.journal.errands import Errand
from papertray.daemon.outputs.beside import OutputsBeside
from papertray.daemon.records import DocumentRecord
from papertray.daemon.rules.commands import run_for_rule
from papertray.daemon.rules.facts import fill_command, rule_facts
from papertray.daemon.rules.matching import RUN
from papertray.daemon.rules.outcomes import ErrandInterrupted, ErrandOutcome
from papertray.daemon.rules.webhooks import call_webhook
from papertray.daemon.settings import RuleSettings
from papertray.daemon.status import DocumentState
from papertray.engine.errors import Cancelled

AT_ONCE = 2  # errands, of different documents
MOST_TRIES = 12  # within about seven hours
_LOOK = 1.0  # seconds between two looks for what is due
_BACK_OFF = BackOff((5.0, 30.0, 120.0, 600.0, 3600.0))


class ErrandRunner:
    """`run` is the body of several threads. `write_outputs` writes what stands beside a document's note."""

    def __init__(
        self,
        rules: tuple[RuleSettings, ...],
        journal: Journal,
        stop: threading.Event,
        write_outputs: Callable[[DocumentRecord], OutputsBeside] = lambda _document: OutputsBeside(),
    ) -> None:
        self._write_outputs = write_outputs
        self._rules = {rule.name: rule for rule in rules}
        self._journal = journal
        self._stop = stop
        self._taking = threading.Lock()
        self._busy: set[int] = set()

    def run(self) -> None:
        """Until stopped."""
        while not self._stop.is_set():
            if not self.do_next():
                self._stop.wait(_LOOK)

    def do_next(self) -> bool:
        """Do what is due first; whether there was anything."""
        with self._next_errand() as errand:
            if errand is None:
                return False
            try:
                outcome = self._put_outputs(errand) if errand.is_outputs else self._carry_out(errand)
            except ErrandInterrupted:
                return True
            except Exception:  # it shall not stand in the way of all others
                again = ErrandOutcome("Something went wrong in papertray itself.", again=True)
                self._note_down(errand, again)
                raise
            self._note_down(errand, outcome)
            return True

    @contextmanager
    def _next_errand(self) -> Iterator[Errand | None]:
        """Nobody else takes one of the same document meanwhile."""
        with self._taking:
            errand = self._journal.errands.next_due(self._busy)
            if errand:
                self._busy.add(errand.document)
        try:
            yield errand
        finally:
            if errand:
                with self._taking:
                    self._busy.discard(errand.document)

    def _carry_out(self, errand: Errand) -> ErrandOutcome:
        rule = self._rules.get(errand.rule)
        if rule is None or not getattr(rule, errand.action, None):
            return ErrandOutcome("The settings have no such rule any more.")
        try:
            document = self._journal.listing.document(errand.document)
        except NoSuchDocument as problem:
            return ErrandOutcome(problem.sentence)
        if document.state is DocumentState.FORGOTTEN:
            return ErrandOutcome("The document was forgotten before.")
        facts = rule_facts(rule, document, self._journal.listing.pages(document.id))
        if errand.action == RUN:
            return run_for_rule(fill_command(rule, facts), facts, rule.seconds, self._stop)
        return call_webhook(rule, facts, errand.id, os.environ, self._stop)

    def _put_outputs(self, errand: Errand) -> ErrandOutcome:
        try:
            document = self._journal.listing.document(errand.document)
            outputs = self._write_outputs(document)
            return ErrandOutcome(outputs.sentence, worked=outputs.complete)
        except Cancelled:  # the renderer was closed before us
            raise ErrandInterrupted from None
        except (NoSuchDocument, NotReadYet):
            return ErrandOutcome("It is to be read again, and gets them then.", worked=True)
        except NoteError as problem:
            return ErrandOutcome(str(problem), again=True)

    def _note_down(self, errand: Errand, outcome: ErrandOutcome) -> None:
        log = logger.bind(document=errand.document)
        if errand.is_outputs and not outcome.again:
            log.info("its outputs are written")
            self._journal.errands.end_outputs(errand, outcome.sentence, worked=outcome.worked)
            return
        level = "INFO" if outcome.worked else "WARNING"
        log.log(level, "rule {}, {}: {}", errand.rule, errand.action, outcome.sentence)
        if outcome.again and (errand.is_outputs or errand.tries + 1 < MOST_TRIES):
            self._journal.errands.postpone(errand.id, outcome.sentence, _BACK_OFF.after(errand.tries))
        else:
            self._journal.errands.end(errand.id, outcome.sentence, worked=outcome.worked)
