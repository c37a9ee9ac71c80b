"""`papertray doctor --journal`: every row of the journal, and each damaged document by its name."""

import json
from collections.abc import Iterator
from contextlib import closing

import pytest

from papertray.daemon.journal import Journal
from papertray.daemon.places import find_places
from tests.daemon.cli.conftest import Papertray
from tests.daemon.journal.test_damage import damage, flip_a_bit_of_the_text
from tests.daemon.journal.test_journal import add, read_next


@pytest.fixture
def journal() -> Iterator[Journal]:
    find_places().make()
    with closing(Journal.open(find_places().journal)) as journal:
        for name in ("a.pdf", "b.pdf", "c.pdf"):
            add(journal, name, 1)
            read_next(journal)
        yield journal


def findings(papertray: Papertray) -> dict[str, str]:
    """What was found, each sentence with its advice."""
    return {
        finding["sentence"]: finding["advice"]
        for finding in json.loads(papertray("doctor", "--journal", "--json").out)
    }


def test_a_sound_journal_is_counted(papertray: Papertray, journal: Journal) -> None:
    assert "3 documents and 3 pages are as they were kept." in findings(papertray)
    assert papertray("doctor", "--journal").code == 0


def test_each_damaged_document_is_named(papertray: Papertray, journal: Journal) -> None:
    flip_a_bit_of_the_text(journal, 2)
    damage(journal, "added = 'noon'", 3)
    named = {sentence: advice for sentence, advice in findings(papertray).items() if "Document" in sentence}
    assert [sentence.split(":")[0] for sentence in named] == [
        "Document 3 (c.pdf)",
        "Document 2 (b.pdf), page 1",
    ]
    assert all("papertray retry" in advice for advice in named.values())
    assert papertray("doctor", "--journal").code == 1


def test_counts_that_are_wrong_are_found(papertray: Papertray, journal: Journal) -> None:
    journal.store.rows("UPDATE tallies SET documents = 7")
    assert any("not at one with itself" in sentence for sentence in findings(papertray))


def test_nothing_is_changed_by_looking(papertray: Papertray, journal: Journal) -> None:
    flip_a_bit_of_the_text(journal, 2)
    changes = journal.store.changes_elsewhere()
    findings(papertray)
    assert journal.store.changes_elsewhere() == changes
