"""Between the journal's rows and the values that the rest of the daemon holds."""

import dataclasses
import json
import os
import sqlite3
from pathlib import Path
from typing import Any

from papertray.daemon.records import DocumentRecord, PageRecord
from papertray.daemon.status import DocumentState
from papertray.engine.pages import Block, BlockKind, Box, Ending, PageText, TextSource

DOCUMENT = """
    SELECT id, path, folder, size, mtime_ns, state, sha256, kind, pages, pages - open_pages AS pages_done,
        sentence, advice, note, note_sha256, reader, revision, device, rung, added, finished, archived,
        next_note, next_note_sha256, wanted_reader, wanted_mode, wanted_pages, urgent, tries,
        iif(state = 'failed', exit_code, 0) AS exit_code
    FROM documents
"""

FAR = 2 * 3600.0  # no retry waits longer: one that seems to comes from a clock that jumped


def path_bytes(path: Path) -> bytes:
    return os.fsencode(path)


def path_of(value: bytes) -> Path:
    return Path(os.fsdecode(value))


def document_of(row: sqlite3.Row) -> DocumentRecord:
    values = dict(row)
    for name in ("path", "folder", "note", "next_note", "archived"):
        values[name] = path_of(values[name]) if values[name] is not None else None
    values["state"] = DocumentState(values["state"])
    values["urgent"] = bool(values["urgent"])
    return DocumentRecord(**values)


def page_of(row: sqlite3.Row) -> PageRecord:
    text = text_of(row["text"]) if row["text"] is not None else None
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


def json_of(text: PageText) -> str:
    """A page's text without its figures, which have a table of their own, and without the transcript."""
    return json.dumps(
        {
            "blocks": [_block_json(block) for block in text.blocks],
            "ending": text.ending,
            "warnings": text.warnings,
            "blank": text.blank,
            "tokens": text.tokens,
            "source": text.source,
        },
        ensure_ascii=False,
    )


def text_of(stored: str) -> PageText:
    values: dict[str, Any] = json.loads(stored)
    return PageText(
        blocks=tuple(
            Block(BlockKind(kind), markdown, Box(*box) if box else None)
            for kind, markdown, box in values["blocks"]
        ),
        ending=Ending(values["ending"]),
        warnings=tuple(values["warnings"]),
        blank=values["blank"],
        tokens=values["tokens"],
        source=TextSource(values.get("source", TextSource.RECOGNISED)),  # 0.1.0 stored none
    )


def _block_json(block: Block) -> tuple[str, str, tuple[float, ...] | None]:
    return block.kind, block.markdown, dataclasses.astuple(block.box) if block.box else None
