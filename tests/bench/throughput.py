"""How many documents a second the way itself carries, with a reader that costs nothing; and how that grows.

    python -m tests.bench.throughput 1000 10000

Real folders, renderer, journal and notes; the reader answers at once. Prints JSON.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

from tests.desks import running, until
from tests.fakes import InstantReader, OneReader


def carry(documents: int, folder: Path) -> float:
    """Seconds from the last file in place, daemon idle, to the last note."""
    inbox = folder / "inbox"
    inbox.mkdir(parents=True)
    for number in range(documents):
        page = Image.new("L", (64, 48), number % 251)
        page.putpixel((0, 0), number // 251)
        page.save(inbox / f"{number:06}.png")
    os.environ["PAPERTRAY_HOME"] = str(folder / "home")
    started = time.monotonic()
    with running(inbox, OneReader(InstantReader(batch=16))) as desk:
        until(lambda: desk.client.status().counts.get("done", 0) == documents, "the last note", 3600)
        return time.monotonic() - started


def main() -> None:
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for documents in map(int, sys.argv[1:] or ("1000", "10000")):
            seconds = carry(documents, Path(folder) / str(documents))
            results.append(
                {
                    "documents": documents,
                    "seconds": round(seconds, 2),
                    "a_second": round(documents / seconds, 1),
                }
            )
    print(json.dumps({"bench": "throughput", "results": results}, indent=2))


if __name__ == "__main__":
    main()
