"""A note as the settings would have it now, to look at before they are kept. Nothing is written."""

from papertray.daemon.notes.fields import note_wishes
from papertray.daemon.notes.names import assets_folder, note_candidates, note_folder
from papertray.daemon.notes.text import compose_note_text
from papertray.daemon.records import DocumentRecord, PageRecord
from papertray.daemon.settings import Settings


def preview_note(document: DocumentRecord, pages: list[PageRecord], settings: Settings) -> str:
    """Its path, where that is free, and below it all that it says."""
    watched = next((each for each in settings.folders if each.path == document.folder), None)
    folder = note_folder(document.path, document.folder, watched.notes if watched else "beside")
    wishes = note_wishes(document, pages, watched, folder)
    note = next(note_candidates(document.path, folder, wishes.name))
    text = compose_note_text(
        document,
        pages,
        front_matter=bool(wishes.head) or settings.notes.front_matter,
        head=wishes.head,
        keep_running_heads=settings.notes.keep_running_heads,
        figures=assets_folder(note).name,
    )
    return f"{note}\n\n{text}"
