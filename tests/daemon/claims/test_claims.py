"""The claims of a whole desk: a real folder and a real journal, and one who claims beside it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from papertray.daemon.claims.claimant import Claimant
from papertray.daemon.claims.claims import Claims
from papertray.daemon.claims.folder_claims import FolderClaims
from papertray.daemon.journal import Journal
from papertray.daemon.records import FoundFile
from papertray.engine.documents import Fingerprint


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with closing(Journal.open(tmp_path / "journal.sqlite3")) as journal:
        yield journal


def test_what_waited_for_another_is_tried_again_though_that_one_has_left(
    tmp_path: Path, journal: Journal
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    journal.arrivals.add([FoundFile(inbox, inbox / "scan.png", Fingerprint(10, 20))])
    documents, calls = journal.arrivals.next_to_open(10), list[str]()
    other = FolderClaims(inbox, Claimant("other", "other", "life", "other"), lambda: 0.0)
    other.enter()
    ours = Claims(
        [inbox],
        journal,
        Claimant("one", "one", "life", "one"),
        lambda *_: None,
        lambda: calls.append("try again"),
        lambda: 0.0,
    )
    with ours.admitted(documents) as admitted:
        assert admitted == []
    other.leave()
    ours.beat()
    assert calls == ["try again"]
    with ours.admitted(documents) as admitted:
        assert admitted == documents
    ours.beat()
    assert calls == ["try again"]
