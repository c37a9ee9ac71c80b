"""What is known of a document, as the values that the templates of its folder are filled with."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from papertray.daemon.notes.archive import archive_folder
from papertray.daemon.records import DocumentRecord, PageRecord
from papertray.daemon.settings import FolderSettings
from papertray.daemon.settings.note_templates import FilledFields, Property, name_from, parse_property
from papertray.engine.markdown import quote_yaml
from papertray.engine.pages import BlockKind

LONGEST_TITLE = 120  # letters

_TITLES = (BlockKind.TITLE, BlockKind.HEADING)
_MARKUP = re.compile(r"^#{1,6} +|\\(?=[!-/:-@\[-`{-~])|[*`]+|(?<!\w)_+|_+(?!\w)|!?\[|\]\([^)]*\)")


def known_fields(
    document: DocumentRecord, pages: Sequence[PageRecord], note_folder: Path, archive: Path | None
) -> FilledFields:
    source = archive_folder(document, archive) / document.path.name if archive else document.path
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
    """What a folder's templates make of a document: a name without suffix, and lines at the head."""

    name: str = ""
    head: tuple[str, ...] = ()


def note_wishes(
    document: DocumentRecord, pages: Sequence[PageRecord], folder: FolderSettings | None, note_folder: Path
) -> NoteWishes:
    if folder is None:
        return NoteWishes()
    fields = known_fields(document, pages, note_folder, folder.archive)
    head = tuple(_line(parse_property(each), fields) for each in folder.properties)
    return NoteWishes(name_from(folder.note_name, fields), head)


def _line(wanted: Property, fields: FilledFields) -> str:
    """Whatever is filled in is quoted: no scan can write a line of its own."""
    filled = [quote_yaml(text) for text in wanted.fill(fields)]
    if wanted.is_list:
        return f"{wanted.key}: [{', '.join(filled)}]"
    return f"{wanted.key}: {filled[0] if filled else quote_yaml('')}"


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
