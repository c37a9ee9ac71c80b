"""Pages of other machines and of the folders take turns; what somebody here waits for goes before both."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from papertray.daemon.journal import Journal
from papertray.daemon.journal.uploads import ReadRequest
from papertray.daemon.records import OpenedDocument
from tests.daemon.journal.test_journal import add, read


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with closing(Journal.open(tmp_path / "journal.sqlite3")) as journal:
        yield journal


def upload(journal: Journal, folder: Path, name: str, guest: str) -> None:
    file = folder / name
    file.write_bytes(name.encode())
    number = journal.uploads.add(file, ReadRequest(guest=guest))
    journal.arrivals.add_pages([OpenedDocument(number, name, "image", 1)])


def read_all(journal: Journal) -> list[str]:
    names = []
    while jobs := journal.queue.ready_pages(1):
        names.append(jobs[0].path.name[0])
        read(journal, jobs)
    return names


def test_neither_a_guests_pages_nor_the_inbox_starve_the_other(journal: Journal, tmp_path: Path) -> None:
    for number in range(6):
        add(journal, f"own {number}.pdf", 1)
    for number in range(4):
        upload(journal, tmp_path, f"guest {number}", "laptop")
    upload(journal, tmp_path, "here", "")
    order = read_all(journal)
    assert order[0] == "h"
    assert "".join(sorted(order)) == "ggggh" + "oooooo"
    for so_far in range(2, 9):
        assert abs(order[:so_far].count("o") - order[:so_far].count("g")) <= 1
