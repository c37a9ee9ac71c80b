"""What a note says: the text of a document's pages, the same for its folder and for whoever sent the file."""

from collections.abc import Iterable
from datetime import UTC, datetime

from papertray.daemon.records import DocumentRecord, PageRecord
from papertray.engine.markdown import FailedPage, NoteOrigin, compose_note
from papertray.engine.pages import PageText, ReaderIdentity


def compose_note_text(
    document: DocumentRecord,
    pages: Iterable[PageRecord],
    *,
    front_matter: bool,
    figures: str = "",
    date: datetime | None = None,
) -> str:
    """Links to figures lead into the folder `figures`, relative to the note. Without a date, it is now."""
    origin = NoteOrigin(
        source=document.path.name,
        sha256=document.sha256,
        reader=ReaderIdentity(document.reader, document.revision, document.device),
        date=date or datetime.now(UTC).replace(microsecond=0),
        rung=document.rung,
    )
    return compose_note(
        origin, [_as_read(page) for page in pages], front_matter=front_matter, figures=figures
    )


def _as_read(page: PageRecord) -> PageText | FailedPage:
    if page.text is not None and page.state == "done":
        return page.text
    return FailedPage(page.number, page.sentence, page.advice)
