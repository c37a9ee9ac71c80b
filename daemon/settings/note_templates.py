"""What a person wants at the head of a folder's notes, and in their names: templates filled in.

Takes templates and what is known of a document; gives the values of a front matter, and a name. A template
is text with names in braces. Nothing is looked up, called or computed.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

FIELDS = ("title", "source", "stem", "folder", "path", "created", "read", "pages", "reader", "sha256")
DATES = ("created", "read")
DEFAULT_DATE = "%Y-%m-%d"
RESERVED = ("doubtful_pages", "warnings")  # ours, where there are any

SOURCE_NAME = "{stem}"
NO_NAME = "unnamed"

_PLACE = re.compile(r"\{(?P<name>\w*)(?::(?P<form>[^{}]*))?\}")
_DATE_FORM = re.compile(r"(?:%[YmdHMSyjVaAbB]|[^%])*")
_PROPERTY = re.compile(r"(?P<key>[^\W\d][\w-]*): *(?P<value>\S.*)")
_UNSAFE_IN_NAME = re.compile(r'[/\\:*?"<>|#^\[\]\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]+')
_DEVICE_NAME = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d¹²³])(?= *(?:\.|$))", re.IGNORECASE
)

FilledFields = Mapping[str, str | datetime]
"""A value for each of `FIELDS`."""


@dataclass(frozen=True, slots=True)
class Property:
    """`items` are several for a list, of which empty ones are left out."""

    key: str
    items: tuple[str, ...]
    is_list: bool

    def fill(self, fields: FilledFields) -> list[str]:
        return [text for item in self.items if (text := fill_template(item, fields))]


def parse_property(text: str) -> Property:
    """`title: {title}`, `tags: [scan, {folder}]`. ValueError says in a clause what is wrong with it."""
    parts = _PROPERTY.fullmatch(text.strip())
    if parts is None:
        raise ValueError(f"«{text}» is no `key: value`")
    key, value = parts["key"], parts["value"].strip()
    if key in RESERVED:
        raise ValueError(f"{key} is a line of papertray's own")
    if value.startswith("[") and value.endswith("]") and not value.startswith("[["):
        return Property(key, tuple(require_template(item.strip()) for item in value[1:-1].split(",")), True)
    return Property(key, (require_template(_unquoted(value)),), False)


def require_template(text: str, names: Sequence[str] = FIELDS) -> str:
    """The same; ValueError names what stands in braces and is no field, or no date."""
    for place in _PLACE.finditer(text):
        if place["name"] not in names:
            raise ValueError(f"{place[0]} is not known: there are {', '.join(names)}")
        form = place["form"]
        if form is not None and (place["name"] not in DATES or not _DATE_FORM.fullmatch(form)):
            raise ValueError(
                f"{place[0]} cannot be written so: only {' and '.join(DATES)} take a form, like %Y-%m-%d"
            )
    if "{" in _PLACE.sub("", text) or "}" in _PLACE.sub("", text):
        raise ValueError(f"«{text}» has a brace without its other")
    return text


def fill_template(template: str, fields: FilledFields) -> str:
    """On one line, with single blanks."""
    return " ".join(fill_places(template, fields).split())


def fill_places(template: str, fields: FilledFields) -> str:
    """What stands in braces filled in, letter by letter as it is."""

    def fill(place: re.Match[str]) -> str:
        value = fields[place["name"]]
        return value if isinstance(value, str) else value.strftime(place["form"] or DEFAULT_DATE)

    return _PLACE.sub(fill, template)


def name_from(template: str, fields: FilledFields, otherwise: str = "") -> str:
    """A name that every file system takes and Obsidian links to; where nothing is left, the source's own.

    Who wishes for nothing but the source's name gets that, as it is.
    """
    if template == SOURCE_NAME and not otherwise:
        return str(fields["stem"])
    name = _UNSAFE_IN_NAME.sub("-", fill_template(template, fields)).strip(" .-")
    if not name:
        return otherwise or str(fields["stem"])
    device = _DEVICE_NAME.match(name)  # Windows takes it for one whatever stands behind its first dot
    return f"{device[0]}_{name[device.end() :]}" if device else name


def _unquoted(value: str) -> str:
    """A value may stand in quotes, as YAML has it."""
    if len(value) > 1 and value[0] == value[-1] == '"':
        try:
            return str(json.loads(value))
        except ValueError:
            return value
    return value
