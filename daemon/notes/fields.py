"""What is known of a document, as the values that the templates of its folder are filled with."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from papertray.daemon.records import DocumentRecord, PageRecord
from papertray.daemon.settings import FolderSettings
from papertray.daemon.settings.note_templates import (
    SOURCE_NAME,
    FilledFields,
    Property,
    fill_template,
    name_from,
    parse_property,
)
from papertray.engine.markdown import quote_list, quote_yaml
from papertray.engine.pages import BlockKind

LONGEST_TITLE = 120  # letters
TAGS = "tags"

_TITLES = (BlockKind.TITLE, BlockKind.HEADING)
_MARKUP = re.compile(r"^#{1,6} +|\\(?=[!-/:-@\[-`{-~])|[*`]+|(?<!\w)_+|_+(?!\w)|!?\[|\]\([^)]*\)")


def known_fields(
    document: DocumentRecord, pages: Sequence[PageRecord], note_folder: Path, kept: Path | None
) -> FilledFields:
    """`kept` is the folder that the source goes to; None: it stays."""
    source = kept / document.path.name if kept else document.path
    below = document.path.parent.relative_to(document.folder).as_posix()
    return {
        "title": find_title(pages) or document.path.stem,
        "source": document.path.name,
        "stem": document.path.stem,
        "folder": "" if below == "." else below,
        "path": _lead_to(source, note_folder),
        "created": datetime.fromtimestamp(document.mtime_ns / 1e9).astimezone(),
        "read": datetime.now(UTC).astimezone(),
        "pages": str(document.pages),
        "reader": document.reader,
        "sha256": document.sha256,
    }


@dataclass(frozen=True, slots=True)
class NoteWishes:
    """What templates make of a document: a note's name without suffix, lines at its head, and tags.

    The lines have the tags; where there are none, the tags go to those that every note has.
    """

    name: str = ""
    head: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


def note_wishes(
    document: DocumentRecord,
    pages: Sequence[PageRecord],
    folder: FolderSettings | None,
    note_folder: Path,
    kept: Path | None = None,
    name: str = "",
    tags: Sequence[str] = (),
) -> NoteWishes:
    """`name` and `tags` are templates that go before, and beside, those of the folder."""
    fields = known_fields(document, pages, note_folder, kept)
    wanted_name = name or (folder.note_name if folder else SOURCE_NAME)
    filled_tags = tuple(dict.fromkeys(filter(None, (fill_template(tag, fields) for tag in tags))))
    properties = [parse_property(each) for each in folder.properties] if folder else []
    head = [_line(each, fields, filled_tags) for each in properties]
    if head and filled_tags and all(each.key != TAGS for each in properties):
        head.append(f"{TAGS}: {quote_list(filled_tags)}")
    return NoteWishes(name_from(wanted_name, fields), tuple(head), filled_tags)


def _line(wanted: Property, fields: FilledFields, tags: Sequence[str]) -> str:
    """Whatever is filled in is quoted: no scan can write a line of its own."""
    filled = wanted.fill(fields)
    if wanted.is_list or (tags and wanted.key == TAGS):
        more = tags if wanted.key == TAGS else ()
        return f"{wanted.key}: {quote_list(dict.fromkeys((*filled, *more)))}"
    return f"{wanted.key}: {quote_yaml(filled[0] if filled else '')}"


def find_title(pages: Sequence[PageRecord]) -> str:
    """The title, else the first heading, of the first page with any, without markup; else nothing."""
    for page in pages:
        blocks = page.text.blocks if page.text else ()
        for kind in _TITLES:
            for block in (block for block in blocks if block.kind is kind):
                if title := " ".join(_MARKUP.sub("", block.markdown).split()):
                    return title[:LONGEST_TITLE].rstrip()
    return ""


def _lead_to(source: Path, folder: Path) -> str:
    """From the note to its source; whole where no way leads there (another drive)."""
    try:
        return Path(os.path.relpath(source, folder)).as_posix()
    except ValueError:
        return source.as_posix()
