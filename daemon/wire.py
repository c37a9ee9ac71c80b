"""How documents, pages and statuses travel between the API and its clients: as plain JSON values, and back.

Names of files may hold bytes that are no UTF-8; JSON carries them as lone surrogates, written as escapes.
"""

import dataclasses
import json
from pathlib import Path
from typing import Any

from papertray.daemon.records import DocumentRecord, PageRecord
from papertray.daemon.status import DocumentState
from papertray.engine.pages import Block, BlockKind, Box, Ending, PageText

_PATHS = ("path", "folder", "note", "next_note", "archived")


def dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))


def plain_document(document: DocumentRecord) -> dict[str, Any]:
    values = dataclasses.asdict(document)
    for name in _PATHS:
        values[name] = None if values[name] is None else str(values[name])
    return values | {"name": document.path.name}


def document_of(values: dict[str, Any]) -> DocumentRecord:
    known = {name: values[name] for name in DocumentRecord.__slots__}
    for name in _PATHS:
        known[name] = None if known[name] is None else Path(known[name])
    return DocumentRecord(**known | {"state": DocumentState(known["state"])})


def plain_page(page: PageRecord) -> dict[str, Any]:
    told = {name: getattr(page, name) for name in ("number", "state", "attempts", "seconds")}
    told |= {"problem": page.sentence, "advice": page.advice}
    return told | {"text": None if page.text is None else _plain_text(page.text)}


def page_of(document: int, values: dict[str, Any]) -> PageRecord:
    return PageRecord(
        document=document,
        number=values["number"],
        state=values["state"],
        attempts=values["attempts"],
        seconds=values["seconds"],
        sentence=values["problem"],
        advice=values["advice"],
        text=None if values["text"] is None else _text_of(values["text"]),
    )


def _plain_text(text: PageText) -> dict[str, Any]:
    return {
        "markdown": text.markdown,
        "blocks": [
            {
                "kind": block.kind,
                "markdown": block.markdown,
                "box": None if block.box is None else dataclasses.asdict(block.box),
            }
            for block in text.blocks
        ],
        "ending": text.ending,
        "warnings": list(text.warnings),
        "blank": text.blank,
        "tokens": text.tokens,
    }


def _text_of(values: dict[str, Any]) -> PageText:
    return PageText(
        blocks=tuple(
            Block(BlockKind(one["kind"]), one["markdown"], Box(**one["box"]) if one["box"] else None)
            for one in values["blocks"]
        ),
        ending=Ending(values["ending"]),
        warnings=tuple(values["warnings"]),
        blank=values["blank"],
        tokens=values["tokens"],
    )
