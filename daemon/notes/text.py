"""What a note says: the text of a document's pages, the same for its folder and for whoever sent the file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from papertray.daemon.notes.fields import NoteWishes
from papertray.daemon.outputs.gathering import as_read
from papertray.daemon.records import DocumentRecord, PageRecord
from papertray.engine.markdown import NoteOrigin, compose_note
from papertray.engine.pages import ReaderIdentity


@dataclass(frozen=True, slots=True)
class NoteForm:
    """What the settings have the note say, or leave out, of what was read."""

    keep_running_heads: bool = False
    drop_blank: bool = False

    def variants(self) -> "Iterator[NoteForm]":
        """This one first, then what other settings would make of it."""
        for keep in (self.keep_running_heads, not self.keep_running_heads):
            for drop in (self.drop_blank, not self.drop_blank):
                yield NoteForm(keep, drop)


def compose_note_text(
    document: DocumentRecord,
    pages: Iterable[PageRecord],
    *,
    front_matter: bool,
    wishes: NoteWishes = NoteWishes(),
    form: NoteForm = NoteForm(),
    figures: str = "",
    date: datetime | None = None,
) -> str:
    """Links to figures lead into the folder `figures`, relative to the note. Without a date, it is now.

    A head that is wished for stands in the place of our front matter. An upload may be asked for some of its
    pages only: those that do not follow each other are not joined.
    """
    origin = NoteOrigin(
        source=document.path.name,
        sha256=document.sha256,
        reader=ReaderIdentity(document.reader, document.revision, document.device),
        date=date or datetime.now(UTC).replace(microsecond=0),
        rung=document.rung,
        tags=wishes.tags,
    )
    pages = list(pages)
    return compose_note(
        origin,
        [as_read(page) for page in pages],
        front_matter=front_matter,
        head=wishes.head,
        keep_running_heads=form.keep_running_heads,
        drop_blank=form.drop_blank,
        figures=figures,
        gaps={at for at in range(1, len(pages)) if pages[at].number != pages[at - 1].number + 1},
    )
