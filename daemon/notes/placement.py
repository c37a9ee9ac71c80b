"""Where a document's note and its source go, what the note is called and says at its head. Pure.

Takes a document, its pages, its folder's settings and what rules want; gives values. Nothing is put anywhere.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from papertray.daemon.files.lengths import LONGEST_NAME, shorten_name
from papertray.daemon.notes.archive import archive_folder
from papertray.daemon.notes.fields import NoteWishes, known_fields, note_wishes
from papertray.daemon.notes.names import note_folder
from papertray.daemon.records import DocumentRecord, PageRecord
from papertray.daemon.settings import FolderSettings, Settings, named_places
from papertray.daemon.settings.note_templates import NO_NAME, FilledFields, name_from
from papertray.daemon.settings.rule_settings import fixed_part


@dataclass(frozen=True, slots=True)
class RuleEffects:
    """What the rules that fit want: errands (a rule and its action each), and templates."""

    errands: tuple[tuple[str, str], ...] = ()
    note_name: str = ""
    tags: tuple[str, ...] = ()
    move: str = ""


ApplyRules = Callable[[DocumentRecord, Sequence[PageRecord]], RuleEffects]
"""Tells what rules want of a document whose pages are in."""


@dataclass(frozen=True, slots=True)
class Placement:
    """`kept` is the folder that the source goes to, below `kept_root`; None: it stays."""

    folder: Path
    wishes: NoteWishes
    kept: Path | None = None
    kept_root: Path | None = None


def plan_placement(
    document: DocumentRecord, pages: Sequence[PageRecord], folder: FolderSettings | None, rules: RuleEffects
) -> Placement:
    """A document that has a note is not moved any more: what was moved stays together where it is."""
    notes = note_folder(document.path, document.folder, folder.notes if folder else "beside")
    archive = folder.archive if folder else None
    kept, root = (archive_folder(document, archive), archive) if archive else (None, None)
    if document.note and document.archived and document.note.parent == document.archived.parent:
        notes = kept = root = document.note.parent
    elif rules.move and document.note is None:
        root = document.folder / fixed_part(rules.move)
        notes = kept = document.folder / _fill_move(rules.move, document, pages)
    wishes = note_wishes(document, pages, folder, notes, kept, rules.note_name, rules.tags)
    return Placement(notes, wishes, kept, root)


def places_of(settings: Settings) -> frozenset[Path]:
    """Every folder that a person chose: watched ones, mirrors, archives, and where rules move documents."""
    moves = (Path(fixed_part(rule.move)) for rule in settings.rules if rule.move)
    return named_places(settings.folders) | {place for place in moves if place.is_absolute()}


def _fill_move(template: str, document: DocumentRecord, pages: Sequence[PageRecord]) -> Path:
    """What a document fills in is one name each time, never a way elsewhere."""
    fields = known_fields(document, pages, document.path.parent, None)
    parts = Path(template).parts
    filled = (_name_folder(part, fields) if "{" in part else part for part in parts)
    return Path(*filled).expanduser()


def _name_folder(part: str, fields: FilledFields) -> str:
    """A title of Chinese or Thai has three bytes a letter."""
    return shorten_name(name_from(part, fields, NO_NAME), LONGEST_NAME).rstrip(" .-")
