"""One immutable snapshot of how it goes: all that the tray, the command line and the page ever show.

Comes from the daemon, travels as JSON. Holds names of files, never what is written in them.
"""

import dataclasses
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from papertray.engine.errors import PapertrayError
from papertray.engine.server_address import THIS_MACHINE


class DocumentState(StrEnum):
    """Where a document stands. The order is the way it goes."""

    ARRIVED = "arrived"  # lies still in its folder, not opened yet
    QUEUED = "queued"  # its pages are known and wait
    READING = "reading"
    WRITING = "writing"  # every page is in; the note waits to be put in place
    DONE = "done"
    PROBLEMS = "problems"  # done, and the note says which pages failed
    FAILED = "failed"
    FORGOTTEN = "forgotten"  # the user said so: kept only to know the file again


class Activity(StrEnum):
    IDLE = "idle"
    WORKING = "working"
    LOADING = "loading"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class PageInProgress:
    """The page being read now."""

    document: int
    name: str
    page: int
    pages: int
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class FolderStatus:
    path: str
    watch: str  # "native", "poll" or "gone"
    problem: str = ""
    model: str = ""  # which reads it, where that is another than all others have
    paused_until: float | None = None  # when the hours are over in which its documents wait


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something a person should look at: what happened and what to do."""

    sentence: str
    advice: str = ""

    @classmethod
    def of(cls, problem: PapertrayError, meanwhile: str = "") -> "Trouble":
        """What a problem says, and what holds until it is mended."""
        return cls(problem.sentence, f"{problem.advice} {meanwhile}".strip())


@dataclass(frozen=True, slots=True)
class DownloadProgress:
    """`installing` is what the installer says, while libraries are installed that the model needs."""

    model: str
    done: int
    total: int
    installing: str = ""


_LISTS: dict[str, Any] = {
    "reading": PageInProgress,
    "folders": FolderStatus,
    "troubles": Trouble,
    "downloads": DownloadProgress,
}


@dataclass(frozen=True, slots=True)
class Status:
    activity: Activity
    version: str = ""
    pid: int = 0
    started: float = 0.0
    at: float = 0.0  # when this snapshot was taken
    paused: bool = False  # also while the page that was in hand is read to its end
    paused_until: float | None = None  # None while paused: until the user resumes; else the folders' hours
    reading: tuple[PageInProgress, ...] = ()
    counts: dict[str, int] = dataclasses.field(default_factory=dict)  # documents by State value
    batch_done: int = 0  # of the documents that came since the queue was last empty
    batch_total: int = 0
    pages_left: int = 0  # that wait, or are being read
    outputs_left: int = 0  # documents whose note stands and whose outputs are still to be written
    errands_unfinished: int = 0  # that failed once a document was read, or are tried again
    seconds_left: float | None = None  # they may take at the pace of the last ones
    reader: str = ""  # "quick", "deepseek-ocr-2", ... of the settings, loaded or not
    device: str = ""
    starting: str = ""  # the program that has to run before the reader can read
    loaded: bool = False
    percent_loaded: int | None = None  # of a large model, while it is loading
    why: str = ""  # why a large model runs on this device and no better one, once it is loaded
    rung: str = ""  # what the memory ladder had to give up, "" when nothing
    folders: tuple[FolderStatus, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    downloads: tuple[DownloadProgress, ...] = ()

    @property
    def is_read_elsewhere(self) -> bool:
        """Whether another machine reads the pages; `device` names it."""
        return self.loaded and self.reader == "server" and not self.device.startswith(THIS_MACHINE)

    def to_json(self) -> str:
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Status":
        data: dict[str, Any] = json.loads(text)
        data["activity"] = Activity(data["activity"])
        for name, of in _LISTS.items():
            data[name] = tuple(of(**item) for item in data[name])
        return cls(**data)


STOPPED = Status(Activity.STOPPED)
