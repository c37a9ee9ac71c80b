"""What a note says: the text of a document's pages, the same for its folder and for whoever sent the file."""

from collections.abc import Iterable
from datetime import UTC, datetime

from papertray.daemon.records import Document, Page
from papertray.engine.markdown import FailedPage, Origin, compose
from papertray.engine.pages import Identity, PageText


def note_text(document: Document, pages: Iterable[Page], *, front_matter: bool, figures: str = "") -> str:
    """Links to figures lead into the folder `figures`, relative to the note."""
    origin = Origin(
        source=document.path.name,
        sha256=document.sha256,
        reader=Identity(document.reader, document.revision, document.device),
        date=datetime.now(UTC).replace(microsecond=0),
        rung=document.rung,
    )
    return compose(origin, [_as_read(page) for page in pages], front_matter=front_matter, figures=figures)


def _as_read(page: Page) -> PageText | FailedPage:
    if page.text is not None and page.state == "done":
        return page.text
    return FailedPage(page.number, page.sentence, page.advice)
