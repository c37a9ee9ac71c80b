"""A whole daemon in this process, for tests: real folders, journal, renderer and notes; a fake reader."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from papertray.daemon.client.client import Client
from papertray.daemon.desk import runner
from papertray.daemon.places import Places, find_places
from papertray.daemon.reading.slot import ReaderSource
from papertray.daemon.settings import Settings
from papertray.daemon.start import run_daemon
from papertray.daemon.status import Status
from tests.fakes import InstantReader, OneReader

PATIENCE = 30.0
runner.TICK = 0.05  # most tests ask something of a daemon and wait until it has noticed


def until(true: Callable[[], object], what: str = "it", patience: float = PATIENCE) -> None:
    """Wait for something to become true; fail with its name when it does not."""
    end = time.monotonic() + patience
    while not true():
        assert time.monotonic() < end, f"{what} did not happen within {patience:g} s"
        time.sleep(0.02)


def draw(path: Path, says: str, size: tuple[int, int] = (120, 60)) -> Path:
    """A small picture with words on it; other words make other bytes."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).text((5, 20), says, fill="black")
    image.save(path)
    return path


def draw_pages(path: Path, says: str, pages: int) -> Path:
    """A PDF, each page with other words."""
    images = []
    for number in range(1, pages + 1):
        image = Image.new("RGB", (120, 60), "white")
        ImageDraw.Draw(image).text((5, 20), f"{says} {number}", fill="black")
        images.append(image)
    images[0].save(path, save_all=True, append_images=images[1:])
    return path


@dataclass
class Running:
    """A daemon at work. It takes other `settings` at the next reload."""

    inbox: Path
    places: Places
    client: Client
    readers: ReaderSource
    settings: Settings
    statuses: list[Status] = field(default_factory=list)

    def note(self, name: str) -> str:
        """A note's text without its front matter, once it is there."""
        path = self.inbox / name
        until(path.exists, name)
        return path.read_text(encoding="utf-8").split("---\n", 2)[-1].strip()

    def states(self) -> dict[str, str]:
        return {document.path.name: document.state.value for document in self.client.documents(limit=100_000)}

    def ends(self, *names: str, patience: float = PATIENCE) -> dict[str, str]:
        """The documents' states, once none of them waits any more."""
        open_states = {"arrived", "queued", "reading", "writing"}
        until(
            lambda: all(self.states().get(name, "arrived") not in open_states for name in names),
            f"the end of {', '.join(names)}",
            patience,
        )
        return {name: self.states()[name] for name in names}


def settings_for(inbox: Path, **more: Any) -> Settings:
    folder = {"path": inbox, "settle": 0.1, **more.pop("folder", {})}
    return Settings(**{"folders": [folder], "rescan": 5, "api": {"enabled": False}, **more})


@contextmanager
def running(inbox: Path, readers: ReaderSource | None = None, **more: Any) -> Iterator[Running]:
    """A daemon for `inbox` until the block ends; then it must have stopped by itself."""
    inbox.mkdir(exist_ok=True)
    here, stop = find_places(), threading.Event()
    readers = readers or OneReader(InstantReader())
    with Client(here) as client:
        at_work = Running(inbox, here, client, readers, settings_for(inbox, **more))
        work = (here, readers, lambda: at_work.settings, at_work.statuses.append, stop)
        thread = threading.Thread(target=run_daemon, args=work, daemon=True)
        thread.start()
        try:
            until(lambda: at_work.statuses, "the daemon's first status")
            yield at_work
        finally:
            stop.set()
            thread.join(10)
            assert not thread.is_alive(), "the daemon did not stop"
