"""Checks of the journal: whether its file is sound, and on request every row of it.

It is never opened for writing, so a daemon at work is not disturbed.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from itertools import islice

from papertray.daemon.cli.doctor.findings import Finding
from papertray.daemon.cli.screen import printable_name
from papertray.daemon.places import Places
from papertray.engine.language import translatable

_MOST = 100  # documents that are named
_START_AGAIN = "Start papertray again; it sets the file aside and looks through the folders anew."


def check_journal(places: Places) -> Iterator[Finding]:
    """Whether its tables can be read."""
    yield from _check_file(places, "quick_check")


def check_whole_journal(places: Places) -> Iterator[Finding]:
    """Its tables, its indexes, every value of every row, and the checksums of all text."""
    [file] = _check_file(places, "integrity_check")
    yield file
    if file.state == "good" and places.journal.exists():
        yield from _check_rows(places)


def _check_file(places: Places, pragma: str) -> Iterator[Finding]:
    if not places.journal.exists():
        yield Finding("journal", "good", "None yet, it is made at the first start.")
        return
    try:
        with _opened(places) as journal:
            answer = journal.execute(f"PRAGMA {pragma}(1)").fetchone()[0]
    except (sqlite3.Error, UnicodeDecodeError) as problem:
        answer = str(problem)
    name = printable_name(places.journal)
    if answer == "ok":
        yield Finding("journal", "good", f"{name} is whole and can be read.")
    else:
        yield Finding("journal", "bad", f"{name} is damaged: {answer}.", _START_AGAIN)


def _check_rows(places: Places) -> Iterator[Finding]:
    from papertray.daemon.journal.examination import examine_rows, find_miscounts, find_stranded
    from papertray.daemon.journal.schema import STEPS

    with _opened(places) as journal:
        if journal.execute("PRAGMA user_version").fetchone()[0] != len(STEPS):
            yield Finding("journal", "look", "Another version of papertray wrote it.", "Start papertray.")
            return
        query = partial(_query, journal)
        damaged = 0
        for damage in islice(examine_rows(query), _MOST):
            damaged += 1
            yield _describe(damage.document, damage.path, damage.page)
        if find_stranded(query) or find_miscounts(query):
            sentence = "It is not at one with itself on how many documents and pages wait."
            yield Finding("journal", "look", sentence, "papertray mends that within a week of work.")
        elif not damaged:
            documents = journal.execute("SELECT COUNT(*) FROM documents").fetchone()[0]
            pages = journal.execute("SELECT COUNT(*) FROM pages").fetchone()[0]
            sentence = translatable(f"{documents} documents and {pages} pages are as they were kept.")
            yield Finding("journal", "good", sentence)


def _describe(document: int, path: bytes, page: int | None) -> Finding:
    from papertray.daemon.errors import EntryDamaged, PageDamaged
    from papertray.daemon.journal.rows import decode_path

    problem = EntryDamaged(document) if page is None else PageDamaged(document)
    name = printable_name(decode_path(path).name)
    which = f"Document {document} ({name})" if page is None else f"Document {document} ({name}), page {page}"
    return Finding("journal", "bad", f"{which}: {problem.sentence}", problem.advice)


def _opened(places: Places) -> "closing[sqlite3.Connection]":
    journal = sqlite3.connect(f"{places.journal.absolute().as_uri()}?mode=ro", uri=True, timeout=5)
    journal.row_factory = sqlite3.Row
    journal.text_factory = partial(str, encoding="utf-8", errors="replace")
    return closing(journal)


def _query(journal: sqlite3.Connection, query: str, values: tuple[object, ...]) -> list[sqlite3.Row]:
    return journal.execute(query, values).fetchall()
