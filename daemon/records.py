"""What the journal knows of a document and its pages, as values."""

from dataclasses import dataclass
from pathlib import Path

from daemon.status import State


@dataclass(frozen=True, slots=True)
class Document:
    """A dropped file. `pages` is 0 until it was opened; times are seconds since 1970."""

    id: int
    path: Path
    folder: Path
    size: int
    mtime_ns: int
    state: State
    sha256: str = ""
    kind: str = ""
    pages: int = 0
    pages_done: int = 0
    sentence: str = ""
    advice: str = ""
    note: Path | None = None
    note_sha256: str = ""
    reader: str = ""
    revision: str = ""
    device: str = ""
    added: float = 0.0
    finished: float | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a document, read or not. `markdown` is None until it was read."""

    document: int
    number: int
    state: str  # "waiting", "reading", "done", "failed"
    attempts: int = 0
    markdown: str | None = None
    ending: str = ""
    blank: bool = False
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0
    tokens: int = 0
    sentence: str = ""
    advice: str = ""
