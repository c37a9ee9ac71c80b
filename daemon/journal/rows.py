"""Between the journal's rows and the values that the rest of the daemon holds."""

import json
import os
import sqlite3
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from papertray.daemon.records import DocumentRecord, PageJob, PageRecord
from papertray.daemon.status import DocumentState
from papertray.engine.documents import Fingerprint
from papertray.engine.pages import Box, PageText

if TYPE_CHECKING:  # not for those who list documents and never read a page
    from pydantic import TypeAdapter

SELECT_DOCUMENT = """
    SELECT id, path, folder, size, mtime_ns, state, sha256, kind, pages, pages - open_pages AS pages_done,
        sentence, advice, note, note_sha256, reader, revision, device, rung, added, finished, archived,
        next_note, next_note_sha256, wanted_reader, wanted_mode, wanted_pages, urgent, tries,
        iif(state = 'failed', exit_code, 0) AS exit_code
    FROM documents
"""

LONGEST_WAIT = 2 * 3600.0  # no retry waits longer: one that seems to comes from a clock that jumped


def encode_path(path: Path) -> bytes:
    return os.fsencode(path)


def decode_path(value: bytes) -> Path:
    return Path(os.fsdecode(value))


def parse_document_row(row: sqlite3.Row) -> DocumentRecord:
    values = dict(row)
    for name in ("path", "folder", "note", "next_note", "archived"):
        values[name] = decode_path(values[name]) if values[name] is not None else None
    values["state"] = DocumentState(values["state"])
    values["urgent"] = bool(values["urgent"])
    return DocumentRecord(**values)


def parse_page_row(row: sqlite3.Row) -> PageRecord:
    text = parse_text(row["text"]) if row["text"] is not None else None
    return PageRecord(
        document=row["document"],
        number=row["number"],
        state=row["state"],
        attempts=row["attempts"],
        seconds=row["seconds"],
        sentence=row["sentence"],
        advice=row["advice"],
        text=text,
    )


def parse_job_row(row: sqlite3.Row) -> PageJob:
    return PageJob(
        document=row["document"],
        path=decode_path(row["path"]),
        fingerprint=Fingerprint(row["size"], row["mtime_ns"]),
        sha256=row["sha256"],
        number=row["number"],
        pages=row["pages"],
        attempts=row["attempts"],
        wanted_reader=row["wanted_reader"],
        wanted_mode=row["wanted_mode"],
    )


def format_text(text: PageText) -> str:
    """A page's text without its figures, which have a table of their own, and without the transcript."""
    return _adapter().dump_json(text, exclude={"figures", "transcript"}).decode()


def parse_text(stored: str) -> PageText:
    lists = stored.startswith(_LISTS)
    return _adapter().validate_python(_named(stored)) if lists else _adapter().validate_json(stored)


_LISTS = '{"blocks": [['  # how what was stored first begins: a block was [kind, markdown, [left, top, …]]


def _named(stored: str) -> dict[str, Any]:
    """The same with a name for each value."""
    values: dict[str, Any] = json.loads(stored)
    blocks = [
        {"kind": kind, "markdown": markdown, "box": box and dict(zip(Box.__slots__, box, strict=True))}
        for kind, markdown, box in values["blocks"]
    ]
    return values | {"blocks": blocks}


@cache
def _adapter() -> "TypeAdapter[PageText]":
    from pydantic import TypeAdapter

    return TypeAdapter(PageText)
