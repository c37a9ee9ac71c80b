"""A note as the settings would have it now, to look at before they are kept. Nothing is written."""

from papertray.daemon.notes.names import assets_folder, note_candidates
from papertray.daemon.notes.placement import RuleEffects, plan_placement
from papertray.daemon.notes.text import NoteForm, compose_note_text
from papertray.daemon.records import DocumentRecord, PageRecord
from papertray.daemon.settings import Settings


def preview_note(
    document: DocumentRecord, pages: list[PageRecord], settings: Settings, rules: RuleEffects = RuleEffects()
) -> str:
    """Its path, where that is free, and below it all that it says."""
    watched = next((each for each in settings.folders if each.path == document.folder), None)
    placement = plan_placement(document, pages, watched, rules)
    wishes = placement.wishes
    note = next(note_candidates(document.path, placement.folder, wishes.name))
    text = compose_note_text(
        document,
        pages,
        front_matter=bool(wishes.head or wishes.tags) or settings.notes.front_matter,
        wishes=wishes,
        form=NoteForm(settings.notes.keep_running_heads, watched.drop_blank_pages if watched else False),
        figures=assets_folder(note).name,
    )
    return f"{note}\n\n{text}"
