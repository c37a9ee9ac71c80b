"""Values on their way between the API and those who ask it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from papertray.daemon.records import DocumentRecord
from papertray.daemon.status import Activity, DocumentState, FolderStatus, Status
from papertray.daemon.wire import Count, DocumentAnswer, dumps, loads

ODD = "caf\udce9.png"  # a name that is no UTF-8, as Python holds it
RECORD = DocumentRecord(7, Path("/in") / ODD, Path("/in"), 10, 20, DocumentState.DONE, note=Path("/in/a.md"))


def test_a_document_arrives_as_it_was_sent_whatever_its_name() -> None:
    sent = DocumentAnswer.of(RECORD)
    text = dumps(sent)
    assert text.isascii()
    assert json.loads(text)["name"] == ODD
    assert loads(DocumentAnswer, text) == sent


def test_a_status_arrives_as_it_was_sent() -> None:
    status = Status(Activity.IDLE, folders=(FolderStatus(ODD, "native"),), counts={"done": 3})
    assert loads(Status, status.to_json()) == loads(Status, dumps(status)) == status


def test_what_a_newer_daemon_tells_besides_is_passed_over() -> None:
    assert loads(Count, '{"queued": 3, "skipped": 1}') == Count(3)


@pytest.mark.parametrize("text", ["", "<html>", "[]", "{}", '{"queued": "many"}'])
def test_what_is_no_such_value_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        loads(Count, text)


def test_every_value_of_a_document_is_sent() -> None:
    plain = json.loads(dumps(DocumentAnswer.of(replace(RECORD, wanted_reader="quick"))))
    assert set(plain) == {*DocumentRecord.__slots__, "name"}
    assert (plain["path"], plain["archived"], plain["wanted_reader"]) == (str(RECORD.path), None, "quick")
