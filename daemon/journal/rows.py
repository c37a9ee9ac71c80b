"""Between the journal's rows and the values that the rest of the daemon holds.

A row may be damaged: a bit that flipped on the disk makes a state that nobody knows, a number that is a text.
What is parsed here is a value all the same: of a failed document or page, with a sentence that says why.
"""

import os
import sqlite3
from pathlib import Path

from papertray.daemon.errors import EntryDamaged, PageDamaged
from papertray.daemon.journal.columns import damaged_columns
from papertray.daemon.journal.texts import TextDamaged, unpack_text
from papertray.daemon.records import DocumentRecord, PageJob, PageRecord
from papertray.daemon.status import DocumentState
from papertray.engine.documents import Fingerprint
from papertray.engine.exit_codes import ExitCode
from papertray.engine.pages import PageText

SELECT_DOCUMENT = """
    SELECT id, path, folder, size, mtime_ns, state, sha256, kind, pages, pages - open_pages AS pages_done,
        sentence, advice, note, note_sha256, reader, revision, device, rung, added, finished, archived,
        next_note, next_note_sha256, wanted_reader, wanted_mode, wanted_pages, urgent, tries,
        iif(state = 'failed', exit_code, 0) AS exit_code,
        (SELECT group_concat(number) FROM pages
            WHERE document = documents.id AND doubtful AND pages.state = 'done') AS doubtful_pages,
        (SELECT min(confidence) FROM pages WHERE document = documents.id AND pages.state = 'done'
            AND confidence IS NOT NULL) AS confidence
    FROM documents
"""

LONGEST_WAIT = 2 * 3600.0  # no retry waits longer: one that seems to comes from a clock that jumped


def encode_path(path: Path) -> bytes:
    return os.fsencode(path)


def decode_path(value: bytes) -> Path:
    return Path(os.fsdecode(value))


def parse_state(value: object) -> DocumentState:
    """One that is damaged counts as failed."""
    return next((state for state in DocumentState if state == value), DocumentState.FAILED)


def parse_document_row(row: sqlite3.Row) -> DocumentRecord:
    values = dict(row)
    if damage := damaged_columns(row):
        problem = EntryDamaged(row["id"])
        values |= damage | {"sentence": problem.sentence, "advice": problem.advice}
        values |= {"state": DocumentState.FAILED, "exit_code": int(ExitCode.JOURNAL)}
    for name in ("path", "folder", "note", "next_note", "archived"):
        values[name] = decode_path(values[name]) if values[name] is not None else None
    values["state"] = DocumentState(values["state"])
    values["urgent"] = bool(values["urgent"])
    values["doubtful_pages"] = _parse_numbers(values["doubtful_pages"])
    return DocumentRecord(**values)


def _parse_numbers(listed: object) -> tuple[int, ...]:
    """As SQLite puts them together; one that is damaged is left out."""
    return tuple(sorted(int(number) for number in str(listed or "").split(",") if number.isdecimal()))


def parse_page_row(row: sqlite3.Row) -> PageRecord:
    damage = damaged_columns(row)
    values = {name: row[name] for name in _PAGE_COLUMNS} | damage
    text = _text_of(row)
    if damage or (text is None and row["state"] == "done"):
        problem = PageDamaged(row["document"])
        values |= {"state": "failed", "sentence": problem.sentence, "advice": problem.advice}
    return PageRecord(**values, text=text)


_PAGE_COLUMNS = ("document", "number", "state", "attempts", "seconds", "sentence", "advice")


def is_page_damaged(row: sqlite3.Row) -> bool:
    """Whether this page was read, and its text is no longer what was kept."""
    return row["state"] == "done" and _text_of(row) is None


def _text_of(row: sqlite3.Row) -> PageText | None:
    try:
        return None if row["text"] is None else unpack_text(row["text"], row["text_check"])
    except TextDamaged:
        return None


def parse_job_row(row: sqlite3.Row) -> PageJob:
    return PageJob(
        document=row["document"],
        path=decode_path(row["path"]),
        folder=decode_path(row["folder"]),
        fingerprint=Fingerprint(row["size"], row["mtime_ns"]),
        sha256=row["sha256"],
        number=row["number"],
        pages=row["pages"],
        attempts=row["attempts"],
        wanted_reader=row["wanted_reader"],
        wanted_mode=row["wanted_mode"],
        is_waited_for=row["urgent"] == 1,
        is_guest=row["urgent"] == -1,
        archived=None if row["archived"] is None else decode_path(row["archived"]),
    )
