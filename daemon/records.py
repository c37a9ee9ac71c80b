"""What the journal knows of a document and its pages, as values."""

from dataclasses import dataclass
from pathlib import Path

from papertray.daemon.status import DocumentState
from papertray.engine.documents import Fingerprint
from papertray.engine.pages import Box, PageText


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that lies still in a watched folder."""

    folder: Path
    path: Path
    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A dropped file. `pages` is 0 until it was opened; times are seconds since 1970.

    `note` is the note that stands; `next_note` the one about to be put in place. Each comes with the hash
    of what was written, so that an edited note is known. `exit_code` says of one that failed what
    `papertray read` would end with. `doubtful_pages` are the numbers of those whose text may be wrong in
    places, `confidence` is that of the least sure page. An `urgent` one is an upload that someone waits for;
    `wanted_pages` are the numbers it is about, as JSON, "" for all.
    """

    id: int
    path: Path
    folder: Path
    size: int
    mtime_ns: int
    state: DocumentState
    sha256: str = ""
    kind: str = ""
    pages: int = 0
    pages_done: int = 0
    sentence: str = ""
    advice: str = ""
    exit_code: int = 0
    tries: int = 0
    wanted_reader: str = ""
    wanted_mode: str = ""
    wanted_pages: str = ""
    urgent: bool = False
    note: Path | None = None
    note_sha256: str = ""
    next_note: Path | None = None
    next_note_sha256: str = ""
    archived: Path | None = None
    reader: str = ""
    revision: str = ""
    device: str = ""
    rung: str = ""
    doubtful_pages: tuple[int, ...] = ()
    confidence: float | None = None
    added: float = 0.0
    finished: float | None = None

    @property
    def fingerprint(self) -> Fingerprint:
        return Fingerprint(self.size, self.mtime_ns)


@dataclass(frozen=True, slots=True)
class OpenedDocument:
    """What opening a document showed; `way` is how its folder has its documents read, "" as all are."""

    document: int
    sha256: str
    kind: str
    pages: int
    way: str = ""


@dataclass(frozen=True, slots=True)
class PageRecord:
    """One page of a document. `state` is waiting, reading, done or failed; unread pages have no `text`."""

    document: int
    number: int
    state: str
    attempts: int = 0
    seconds: float = 0.0
    sentence: str = ""
    advice: str = ""
    text: PageText | None = None


@dataclass(frozen=True, slots=True)
class PageJob:
    """A page that is about to be read; `attempts` were made at it before.

    `is_waited_for`: by somebody on this machine; `is_guest`: another machine has sent it, and waits.
    `archived` is where its file is now, if not at `path`.
    """

    document: int
    path: Path
    folder: Path
    fingerprint: Fingerprint
    sha256: str
    number: int
    pages: int
    attempts: int
    wanted_reader: str = ""
    wanted_mode: str = ""
    is_waited_for: bool = False
    is_guest: bool = False
    archived: Path | None = None


@dataclass(frozen=True, slots=True)
class DocumentGroup:
    """Documents that have a folder or a reader in common."""

    name: str
    documents: int


@dataclass(frozen=True, slots=True)
class DocumentGroups:
    """What a list of documents can be narrowed by; `doubtful` is how many have doubtful pages."""

    folders: tuple[DocumentGroup, ...]
    readers: tuple[DocumentGroup, ...]
    doubtful: int


@dataclass(frozen=True, slots=True)
class HourlyCount:
    """What was read of the documents that ended within an hour: how many pages, and how long they took."""

    start: float
    pages: int
    seconds: float


@dataclass(frozen=True, slots=True)
class SnippetPart:
    """A piece of what a page says; `is_match` marks what was looked for."""

    text: str
    is_match: bool


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page that has what was looked for; `box` is where its snippet stands, if that is known."""

    document: DocumentRecord
    page: int
    snippet: tuple[SnippetPart, ...]
    box: Box | None
