"""Gather what the writers of outputs need of a document from the journal, and find its file.

The file is the one that was read, in its place or in the archive, and only while it is still the same.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from papertray.daemon.errors import NotReadYet
from papertray.daemon.files import Roots
from papertray.daemon.journal import Journal
from papertray.daemon.records import DocumentRecord, PageRecord
from papertray.engine.beneath import Source
from papertray.engine.documents import DocumentLimits, Outline, PageSize
from papertray.engine.errors import DocumentChanged, DocumentError, DocumentGone
from papertray.engine.markdown import FailedPage
from papertray.engine.outputs.reading import FinishedReading
from papertray.engine.pages import PageText, ReaderIdentity

Inspect = Callable[[Source], Outline]


def gather_reading(
    journal: Journal,
    document: DocumentRecord,
    roots: Roots,
    limits: DocumentLimits,
    inspect: Inspect | None = None,
) -> FinishedReading:
    """`inspect` tells the sizes of the pages, where the file can be opened."""
    pages = journal.listing.pages(document.id)
    if not any(page.text for page in pages) or any(page.state in ("waiting", "reading") for page in pages):
        raise NotReadYet(document.id)
    source: Source | None = None
    sheets: tuple[PageSize, ...] = ()
    with suppress(DocumentError):
        source = roots.beneath(find_source(document), document.folder)
        sheets = inspect(source).pages if inspect else ()
    return FinishedReading(
        name=document.path.name,
        sha256=document.sha256,
        reader=ReaderIdentity(document.reader, document.revision, document.device),
        date=datetime.fromtimestamp(document.finished, UTC) if document.finished else datetime.now(UTC),
        pages=tuple(map(as_read, pages)),
        figures={(page, figure.name): figure.png for page, figure in journal.notes.figures(document.id)},
        source=source,
        sheets=sheets,
        limits=limits,
    )


def as_read(page: PageRecord) -> PageText | FailedPage:
    if page.text is not None and page.state == "done":
        return page.text
    return FailedPage(page.number, page.sentence, page.advice)


def find_source(document: DocumentRecord) -> Path:
    """The file as it was read: where it was dropped, or in the archive."""
    for path in filter(None, (document.archived, document.path)):
        try:
            unchanged = document.fingerprint.matches(path.stat())
        except OSError:
            continue
        if unchanged:
            return path
        raise DocumentChanged(path)
    raise DocumentGone(document.path)
