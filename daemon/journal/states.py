"""The life of a document: what can happen to it, where it must stand for that, and where it stands then.

Pure, and the only place that knows. Whoever changes a document's state asks here: for one document as a
value, where what cannot happen raises; in SQL as two fragments made from the same table, which leave alone
what stands elsewhere by now, because another process was quicker.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from papertray.daemon.status import DocumentState

ARRIVED, QUEUED, READING, WRITING, DONE, PROBLEMS, FAILED, FORGOTTEN = DocumentState

ENDS = frozenset({DONE, PROBLEMS, FAILED, FORGOTTEN})
"""Out of these leads only a file that changed, a person who asks, the next try to open it, or damage."""
ANYWHERE = frozenset(DocumentState)
UNFINISHED = ANYWHERE - ENDS
IN_HAND = UNFINISHED - {ARRIVED}
"""Opened, and without a note yet."""


class DocumentEvent(StrEnum):
    """What can happen to a document, in the order it does when all goes well."""

    APPEAR = "its file lies still: it is new, or not as it was"
    ADOPT = "its note stands already"
    REFUSE = "it cannot be opened"
    SPOIL = "what the journal knows of it is damaged"
    OPEN = "its pages are known"
    WAIT = "none of its pages was begun yet"
    BEGIN = "some of its pages are read or in hand"
    READ = "its last page is in"
    READ_NOTHING = "its last page is in, and none could be read"
    MISREAD = "its note was due, and text that was kept for it is damaged"
    PLACE = "its note was put in place"
    PLACE_WITH_GAPS = "its note was put in place, and marks the pages that failed"
    ANSWER = "it is an upload, and its last page is in"
    ANSWER_WITH_GAPS = "it is an upload, its last page is in, and some have failed"
    LOSE = "its file changed or went away in our hands"
    GIVE_UP = "another papertray may have it in hand"
    RETRY = "a person wants its pages read again"
    REOPEN = "a person wants it read that has to be opened for it"
    FORGET = "a person wants it forgotten"


@dataclass(frozen=True, slots=True)
class Transition:
    """Where a document must stand for `event` to happen to it, and where it stands then."""

    event: DocumentEvent
    before: frozenset[DocumentState]
    after: DocumentState


def _transition(event: DocumentEvent, before: Collection[DocumentState], after: DocumentState) -> Transition:
    return Transition(event, frozenset(before), after)


LIFE = (
    _transition(DocumentEvent.APPEAR, ANYWHERE, ARRIVED),
    _transition(DocumentEvent.ADOPT, (ARRIVED, FAILED), DONE),
    _transition(DocumentEvent.REFUSE, (ARRIVED, FAILED), FAILED),
    _transition(DocumentEvent.SPOIL, ANYWHERE, FAILED),
    _transition(DocumentEvent.OPEN, (ARRIVED, FAILED), QUEUED),
    _transition(DocumentEvent.WAIT, (QUEUED, READING), QUEUED),
    _transition(DocumentEvent.BEGIN, (QUEUED, READING), READING),
    _transition(DocumentEvent.READ, (QUEUED, READING), WRITING),
    _transition(DocumentEvent.READ_NOTHING, (QUEUED, READING), FAILED),
    _transition(DocumentEvent.MISREAD, (WRITING,), READING),
    _transition(DocumentEvent.PLACE, (WRITING,), DONE),
    _transition(DocumentEvent.PLACE_WITH_GAPS, (WRITING,), PROBLEMS),
    _transition(DocumentEvent.ANSWER, (QUEUED, READING), DONE),
    _transition(DocumentEvent.ANSWER_WITH_GAPS, (QUEUED, READING), PROBLEMS),
    _transition(DocumentEvent.LOSE, (ARRIVED, FAILED, QUEUED, READING), FORGOTTEN),
    _transition(DocumentEvent.GIVE_UP, IN_HAND, ARRIVED),
    _transition(DocumentEvent.RETRY, (QUEUED, READING, WRITING, DONE, PROBLEMS, FAILED), QUEUED),
    _transition(DocumentEvent.REOPEN, (ARRIVED, DONE, FAILED, FORGOTTEN), ARRIVED),
    _transition(DocumentEvent.FORGET, ANYWHERE, FORGOTTEN),
)
_OF_EVENT = {transition.event: transition for transition in LIFE}


class ImpossibleTransition(ValueError):
    """A fault in papertray itself: nothing of the kind can happen to a document that stands there."""


def next_state(state: DocumentState, event: DocumentEvent) -> DocumentState:
    transition = _OF_EVENT[event]
    if state not in transition.before:
        raise ImpossibleTransition(f"{state.value} does not know {event.name}")
    return transition.after


def first_state() -> DocumentState:
    """Where a document stands that the journal has just come to know."""
    return _OF_EVENT[DocumentEvent.APPEAR].after


def state_after(event: DocumentEvent) -> str:
    """`state = …` for an UPDATE of documents to which this happens."""
    return f"state = '{_OF_EVENT[event].after}'"


def state_before(event: DocumentEvent) -> str:
    """`state IN (…)`: the documents to which this can happen."""
    states = ", ".join(f"'{state}'" for state in DocumentState if state in _OF_EVENT[event].before)
    return f"state IN ({states})"
