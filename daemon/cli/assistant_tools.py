"""What an assistant can ask of papertray, as plain functions: search, list, what was read, a file now.

Takes a home's places; gives values with document, page and box, so that every answer can be cited. Nothing is
changed: neither the journal nor a note.
"""

import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from papertray.daemon.client.client import Client
from papertray.daemon.errors import PageNotThere
from papertray.daemon.journal import Journal
from papertray.daemon.places import Places
from papertray.daemon.records import DocumentRecord, PageRecord
from papertray.daemon.search.finding import find_pages
from papertray.daemon.search.index import SearchIndex
from papertray.daemon.search.keeping import catch_up
from papertray.engine.document_reader import DocumentReader
from papertray.engine.pages import PageText

_LONGEST_LIST = 200

Words = Annotated[str, Field(description='All of these words; "a phrase" in quotes; -word for none of it.')]
Limit = Annotated[int, Field(ge=1, le=_LONGEST_LIST, description="At most so many.")]
Number = Annotated[int, Field(ge=1, description="The number that search and list name.")]


@dataclass(slots=True)
class AssistantTools:
    """`open_reader` is asked for a reader when a file is read for the first time."""

    places: Places
    open_reader: Callable[[], DocumentReader]
    _reader: DocumentReader | None = field(default=None, init=False)
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock, init=False)

    def search(self, words: Words, limit: Limit = 20) -> list[dict[str, Any]]:
        """Find pages of the documents that papertray has read, by their words, best first.

        Each has its document, its page, the text around what was found, and its box on the page as fractions
        of width and height.
        """
        self.places.make()
        with (
            closing(Journal.open(self.places.journal)) as journal,
            closing(SearchIndex(self.places.search_index)) as index,
        ):
            catch_up(journal, index)
            pages = find_pages(journal, index, words, limit)
        return [
            {
                **_document_names(page.document),
                "page": page.page,
                "text": "".join(part.text for part in page.snippet),
                "box": page.box and asdict(page.box),
            }
            for page in pages
        ]

    def list_documents(self, limit: Limit = 50, name: str = "") -> list[dict[str, Any]]:
        """The documents that papertray knows, newest first; with `name` those whose path holds it."""
        with Client(self.places) as client:
            documents = client.documents(limit=limit, search=name)
        return [
            {
                **_document_names(document),
                "state": str(document.state),
                "pages": document.pages,
                "problem": document.sentence,
            }
            for document in documents
        ]

    def get_document(self, document: Number) -> dict[str, Any]:
        """The whole text of a document that papertray has read, page by page, as Markdown."""
        with Client(self.places) as client:
            record, pages = client.document(document)
        return {**_document_names(record), "pages": [_page_text(page) for page in pages]}

    def get_page(self, document: Number, page: Number) -> dict[str, Any]:
        """One page of a document: its blocks in reading order, each with its kind, Markdown and box."""
        with Client(self.places) as client:
            record, pages = client.document(document)
        wanted = next((one for one in pages if one.number == page), None)
        if wanted is None:
            raise PageNotThere(record.path.name, page, record.pages)
        blocks = _blocks(wanted.text) if wanted.text else []
        return {**_document_names(record), **_page_text(wanted), "blocks": blocks}

    def read_file(self, path: Annotated[str, Field(description="Of an image or a PDF.")]) -> dict[str, Any]:
        """Read an image or a PDF on this machine now, page by page, as Markdown. Nothing is written."""
        with self._one_at_a_time:
            self._reader = self._reader or self.open_reader()
            document = self._reader.read(Path(path).expanduser())
        return {
            "path": path,
            "reader": document.reader.name,
            "pages": [
                {"page": number, "markdown": page.markdown, "warnings": list(page.warnings)}
                if isinstance(page, PageText)
                else {"page": number, "problem": page.sentence}
                for number, page in enumerate(document.pages, start=1)
            ],
        }

    def close(self) -> None:
        if self._reader is not None:
            self._reader.close()


def _document_names(document: DocumentRecord) -> dict[str, Any]:
    return {
        "document": document.id,
        "path": str(document.archived or document.path),
        "note": document.note and str(document.note),
    }


def _page_text(page: PageRecord) -> dict[str, Any]:
    text = page.text
    return {
        "page": page.number,
        "markdown": text.markdown if text else "",
        "warnings": list(text.warnings) if text else [],
        "problem": page.sentence,
    }


def _blocks(text: PageText) -> list[dict[str, Any]]:
    return [
        {"kind": str(block.kind), "markdown": block.markdown, "box": block.box and asdict(block.box)}
        for block in text.blocks
    ]
