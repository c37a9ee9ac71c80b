"""What the daemon costs while nothing happens, and how memory grows over a long document.

    python -m tests.bench.memory

Prints JSON: the resident memory and the share of a core of an idle `papertray run` with 10,000 files in its
folder, and the growth over a 500-page PDF from its first page on, daemon and renderer child together.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from PIL import Image

from papertray.daemon.client.client import Client
from papertray.daemon.places import find_places
from tests.desks import draw_pages, until

IDLE_SECONDS = 60.0


@contextmanager
def daemon(home: Path) -> Iterator[psutil.Process]:
    environment = {**os.environ, "PAPERTRAY_HOME": str(home / "papertray"), "HOME": str(home)}
    os.environ["PAPERTRAY_HOME"] = environment["PAPERTRAY_HOME"]
    command = [str(Path(sys.executable).with_name("papertray")), "run"]
    with subprocess.Popen(
        command, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    ) as process:
        try:
            yield psutil.Process(process.pid)
        finally:
            process.terminate()


def resident(process: psutil.Process) -> float:
    """Megabytes, children included."""
    family = [process, *process.children(recursive=True)]
    return sum(member.memory_info().rss for member in family) / 1e6


def idle(home: Path) -> dict[str, float]:
    """With 10,000 known text files and pictures lying about, before the first page."""
    inbox = home / "OCR" / "inbox"
    inbox.mkdir(parents=True)
    for number in range(10_000):
        (inbox / f"{number}.txt").write_bytes(b"not a document")
    with daemon(home) as process, Client(find_places()) as client:
        until(lambda: client.status().folders, "the start")
        time.sleep(5)
        before, started = process.cpu_times(), time.monotonic()
        time.sleep(IDLE_SECONDS)
        after, seconds = process.cpu_times(), time.monotonic() - started
        busy = after.user + after.system - before.user - before.system
        return {
            "idle_rss_mb": round(resident(process), 1),
            "idle_core_percent": round(100 * busy / seconds, 3),
        }


def long_document(home: Path) -> dict[str, float]:
    """500 nearly empty pages with the quick reader: from the first page read to the last."""
    inbox = home / "OCR" / "inbox"
    inbox.mkdir(parents=True)
    draw_pages(home / "long.pdf", "page", 500)
    with daemon(home) as process, Client(find_places()) as client:
        until(lambda: client.status().folders, "the start")
        (home / "long.pdf").rename(inbox / "long.pdf")
        until(lambda: _pages_read(client) >= 1, "the first page", 120)
        time.sleep(2)
        first = highest = resident(process)
        while _pages_read(client) < 500:
            highest = max(highest, resident(process))
            time.sleep(0.5)
        return {"first_page_rss_mb": round(first, 1), "grew_mb": round(highest - first, 1)}


def _pages_read(client: Client) -> int:
    return sum(document.pages_done for document in client.documents())


def main() -> None:
    Image.init()
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        print(json.dumps({"bench": "memory", **idle(Path(one)), **long_document(Path(other))}, indent=2))


if __name__ == "__main__":
    main()
