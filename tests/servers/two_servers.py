"""Many documents over two servers, one of them killed midway.

    python -m tests.servers.two_servers FOLDER [DOCUMENTS]

Starts a daemon for a folder of its own and two servers as processes; kills one once a third is noted.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from papertray.daemon.places import find_places
from papertray.daemon.reading.readers import EngineReaderSource
from papertray.engine.models.catalog import SERVER
from tests.daemon.reading.test_servers import free_port
from tests.desks import draw, running, until

PATIENCE = 900.0


@contextmanager
def slow_server(seconds: float, at_once: int) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.slow_server", str(port), str(seconds), str(at_once)]
    server = subprocess.Popen(command)
    try:
        yield f"http://127.0.0.1:{port}/v1", server
    finally:
        server.kill()
        server.wait()


def read_over_two_servers(folder: Path, documents: int, seconds: float = 0.1) -> Counter[str]:
    """How many notes each document has, by the source that they name."""
    inbox = folder / "inbox"
    inbox.mkdir(parents=True)
    for number in range(documents):
        draw(inbox / f"letter {number}.png", f"letter {number}", (300, 200))
    with slow_server(seconds, 8) as (first, _), slow_server(seconds, 8) as (second, victim):
        servers = [{"url": url, "model": "ocr"} for url in (first, second)]
        engine = {"model": SERVER, "servers": servers}
        with running(inbox, EngineReaderSource(find_places()), engine=engine) as at_work:
            until(lambda: len(list(inbox.glob("*.md"))) >= documents // 3, "a third", PATIENCE)
            os.kill(victim.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
            until(lambda: Counter(at_work.states().values()) == {"done": documents}, "their end", PATIENCE)
    notes = (note.read_text(encoding="utf-8") for note in inbox.glob("*.md"))
    return Counter(note.split('source: "')[1].split('"')[0] for note in notes)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("documents", type=int, nargs="?", default=500)
    asked = parser.parse_args()
    os.environ["PAPERTRAY_HOME"] = str(asked.folder / "home")  # a journal that knows none of them yet
    began, worked = time.monotonic(), time.process_time()
    noted = read_over_two_servers(asked.folder, asked.documents)
    assert len(noted) == asked.documents, f"{asked.documents - len(noted)} have no note"
    took, work = time.monotonic() - began, time.process_time() - worked
    print(f"{len(noted)} documents, {max(noted.values())} note each, {took:.0f} s, {work:.0f} s of one core")
