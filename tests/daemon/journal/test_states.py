"""The life of a document as a table: where it leads, where it ends, and what it does not know."""

from collections.abc import Iterable

import pytest

from papertray.daemon.journal.states import (
    ENDS,
    LIFE,
    DocumentEvent,
    ImpossibleTransition,
    first_state,
    next_state,
    state_after,
    state_before,
)
from papertray.daemon.status import DocumentState

BEGINS_ANEW = {
    DocumentEvent.APPEAR,  # its file changed
    DocumentEvent.ADOPT,
    DocumentEvent.REFUSE,
    DocumentEvent.OPEN,  # these three: the next try to open one that could not be opened
    DocumentEvent.LOSE,
    DocumentEvent.SPOIL,  # the disk itself
    DocumentEvent.RETRY,
    DocumentEvent.REOPEN,
    DocumentEvent.FORGET,
}
BY_A_PERSON = {DocumentEvent.RETRY, DocumentEvent.REOPEN, DocumentEvent.FORGET}


def walk(state: DocumentState, events: Iterable[DocumentEvent]) -> list[DocumentState]:
    states = [state]
    for event in events:
        states.append(next_state(states[-1], event))
    return states


def reached(events: set[DocumentEvent]) -> set[DocumentState]:
    """Every state that these events lead to, from the first one on."""
    states, before = {first_state()}, set[DocumentState]()
    while states != before:
        before = set(states)
        states |= {step.after for step in LIFE if step.event in events and step.before & before}
    return states


def test_every_event_is_in_the_table_once() -> None:
    assert [step.event for step in LIFE] == list(DocumentEvent)


def test_every_state_is_reached() -> None:
    assert reached(set(DocumentEvent)) == set(DocumentState)


def test_every_state_but_forgotten_is_reached_without_a_person() -> None:
    without = reached(set(DocumentEvent) - BY_A_PERSON - {DocumentEvent.LOSE})
    assert without == set(DocumentState) - {DocumentState.FORGOTTEN}


def test_out_of_an_end_leads_only_what_begins_anew() -> None:
    assert {step.event for step in LIFE if step.before & ENDS} == BEGINS_ANEW


def test_out_of_what_is_no_end_a_document_goes_on_by_itself() -> None:
    for state in set(DocumentState) - ENDS:
        steps = [step for step in LIFE if state in step.before and step.event not in BY_A_PERSON]
        assert any(step.after not in {state, first_state(), DocumentState.FORGOTTEN} for step in steps), state


def test_the_life_of_a_document_when_all_goes_well() -> None:
    events = (
        DocumentEvent.OPEN,
        DocumentEvent.WAIT,
        DocumentEvent.BEGIN,
        DocumentEvent.READ,
        DocumentEvent.PLACE,
    )
    assert [state.value for state in walk(first_state(), events)] == [
        "arrived",
        "queued",
        "queued",
        "reading",
        "writing",
        "done",
    ]


def test_an_upload_ends_without_waiting_for_a_note() -> None:
    events = (DocumentEvent.OPEN, DocumentEvent.BEGIN, DocumentEvent.ANSWER)
    assert walk(first_state(), events)[-1] is DocumentState.DONE


@pytest.mark.parametrize("event", DocumentEvent)
def test_what_cannot_happen_raises(event: DocumentEvent) -> None:
    (step,) = (step for step in LIFE if step.event is event)
    for state in step.before:
        assert next_state(state, event) is step.after
    for state in set(DocumentState) - step.before:
        with pytest.raises(ImpossibleTransition, match=f"{state.value} does not know {event.name}"):
            next_state(state, event)


def test_sql_is_told_the_same() -> None:
    assert state_after(DocumentEvent.BEGIN) == "state = 'reading'"
    assert state_before(DocumentEvent.BEGIN) == "state IN ('queued', 'reading')"
