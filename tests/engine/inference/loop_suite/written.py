"""The same rows in the dialects of the models."""

import html
import json
from collections.abc import Sequence

Rows = Sequence[Sequence[str]]


def as_html(rows: Rows) -> str:
    lines = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in rows)
    return "<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"


def as_pipes(rows: Rows) -> str:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]])


def as_otsl(rows: Rows) -> str:
    return "".join("".join(f"<fcel>{cell}" if cell else "<ecel>" for cell in row) + "<nl>" for row in rows)


def as_lines(rows: Rows) -> str:
    return "\n".join(" ".join(cell for cell in row if cell) for row in rows)


TABLES = (as_html, as_pipes, as_otsl)


def grounded(blocks: Sequence[tuple[str, str]], top: int = 60, step: int = 0) -> str:
    """DeepSeek's marks before each block, one below the other."""
    step = step or max(1, 880 // max(1, len(blocks)))
    parts = []
    for number, (label, text) in enumerate(blocks):
        y = top + number * step
        box = f"[[80, {min(y, 999)}, 900, {min(y + max(1, step - 2), 999)}]]"
        parts.append(f"<|ref|>{label}<|/ref|><|det|>{box}<|/det|>\n{text}\n\n")
    return "".join(parts)


def as_layout(blocks: Sequence[tuple[str, str]], top: int = 90, step: int = 0) -> str:
    """The items of dots.ocr, one below the other, in pixels."""
    step = step or max(1, 1500 // max(1, len(blocks)))
    items = []
    for number, (category, text) in enumerate(blocks):
        y = top + number * step
        item = {"bbox": [90, y, 1150, y + step - 3], "category": category, "text": text}
        items.append(json.dumps(item, ensure_ascii=False))
    return "[" + ", ".join(items) + "]"
