"""What the writers of outputs get: a document that was read, as values, and what they give."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from papertray.engine.beneath import Source
from papertray.engine.documents import DocumentLimits, PageSize
from papertray.engine.markdown import FailedPage
from papertray.engine.pages import PageText, ReaderIdentity

SEARCHABLE = ".searchable.pdf"
"""What the name of a searchable PDF ends with, so that it is never taken for a scan."""


@dataclass(frozen=True, slots=True)
class FinishedReading:
    """`name` is the source's file name. `figures` are its pictures, by the number of a page and their name.

    `source` is the file itself, None where it is gone; `sheets` are the sizes of its pages, where known.
    """

    name: str
    sha256: str
    reader: ReaderIdentity
    date: datetime
    pages: tuple[PageText | FailedPage, ...]
    figures: Mapping[tuple[int, str], bytes] = field(default_factory=dict)
    source: Source | None = None
    sheets: tuple[PageSize, ...] = ()
    limits: DocumentLimits = field(default_factory=DocumentLimits)


@dataclass(frozen=True, slots=True)
class OutputFile:
    """`ending` is what its name has behind the stem: ".json", ".table-2.csv"; `remark` is a sentence."""

    ending: str
    content: bytes
    remark: str = ""
