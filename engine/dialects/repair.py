"""The items of a layout answer, even from JSON that no JSON reader takes.

What goes wrong in models' JSON: cut off at the token limit, trailing commas, raw newlines, LaTeX backslashes
and quotes that were not escaped, a fence around it. An answer that parses is taken as it is; any other is
searched for items field by field, and the last, half one keeps the text it has.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

_FENCE = re.compile(r"\A```(?:json)?|```\Z")
_FIELDS = {"bbox", "category", "text"}
_START = re.compile(r"[\[{]")
_ITEM = re.compile(r"""\{\s*["'](?:bbox|category|text)["']\s*:""")
_BBOX = re.compile(r"""["']bbox["']\s*:\s*\[?([^\]"'{}]*)""")
_CATEGORY = re.compile(r"""["']category["']\s*:\s*["']([^"'\n{}]*)""")
_TEXT = re.compile(r"""["']text["']\s*:\s*"(?P<inside>.*)""", re.DOTALL)
_TEXT_END = re.compile(r"""(?<!\\)"\s*(?:,\s*["'](?:bbox|category)["']\s*:|,?\s*\}?[\s,\]}]*(?:```)?\s*\Z)""")
_ESCAPE = re.compile(r"""\\u[0-9a-fA-F]{4}|\\["\\/bfnrt]|\\|\"""")
_NUMBER = re.compile(r"[+-]?\d{1,12}(?:\.\d{1,12})?")


@dataclass(frozen=True, slots=True)
class LayoutItem:
    """One element of the layout. `box` has as many numbers as the model wrote."""

    category: str
    text: str = ""
    box: tuple[float, ...] = ()


def parse_items(raw: str) -> list[LayoutItem] | None:
    """The items in the model's order, each once; None when there is no layout in the answer."""
    answer = _FENCE.sub("", raw.strip())
    found = _parsed(answer)
    if found is None:
        found = list(_searched(answer)) or None
    return None if found is None else list(dict.fromkeys(found))


def _parsed(answer: str) -> list[LayoutItem] | None:
    """The items of an answer that is JSON, or has one piece of JSON with items amid other words."""
    starts = _START.search(answer)
    try:
        data, end = json.JSONDecoder(strict=False).raw_decode(answer, starts.start() if starts else 0)
    except (ValueError, RecursionError):
        return None
    if data == []:
        return None if answer.strip() != "[]" else []
    return None if _ITEM.search(answer, end) else _items(data)


def _items(data: Any) -> list[LayoutItem] | None:
    if isinstance(data, dict):
        lists = [value for value in data.values() if isinstance(value, list)]
        data = [data] if _FIELDS & data.keys() or not lists else lists[0]
    if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
        return None
    return [_item(item) for item in data] if any(_FIELDS & item.keys() for item in data) else None


def _item(fields: dict[str, Any]) -> LayoutItem:
    box = fields.get("bbox")
    text = fields.get("text")
    return LayoutItem(
        str(fields.get("category") or ""),
        text if isinstance(text, str) else "" if text is None else json.dumps(text, ensure_ascii=False),
        _numbers(json.dumps(box)),
    )


def _searched(answer: str) -> Iterator[LayoutItem]:
    starts = [found.start() for found in _ITEM.finditer(answer)]
    for start, end in pairwise([*starts, len(answer)]):
        chunk = answer[start:end]
        text = _TEXT.search(chunk)
        outside = chunk[: text.start()] if text else chunk
        inside, after = _text(text["inside"]) if text else ("", "")
        fields = outside + after
        box, category = _BBOX.search(fields), _CATEGORY.search(fields)
        yield LayoutItem(category[1] if category else "", inside, _numbers(box[1]) if box else ())


def _text(rest: str) -> tuple[str, str]:
    """What a text field says, and what of its item comes after it."""
    ends = _TEXT_END.search(rest)
    said = rest[: ends.start()] if ends else rest
    return _unescaped(said), rest[ends.start() + 1 :] if ends else ""


def _unescaped(said: str) -> str:
    repaired = _ESCAPE.sub(lambda found: found[0] if len(found[0]) > 1 else "\\" + found[0], said)
    text: str = json.loads(f'"{repaired}"', strict=False)
    return text


def _numbers(text: str) -> tuple[float, ...]:
    return tuple(float(number) for number in _NUMBER.findall(text))
