"""How long a small picture, dropped on a warm and idle daemon, waits beyond settling and reading.

    python -m tests.bench.latency 10

The real `papertray run` with the quick reader. Prints JSON: for each drop the whole time, and what is left of
it without the settle time and the time the page itself took.
"""

import json
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from PIL import Image, ImageDraw, ImageFont

from papertray.daemon.client.client import Client
from papertray.daemon.places import find_places
from tests.bench.memory import daemon
from tests.desks import until

SETTLE = 2.0  # the default of a folder that is not polled


def drop(client: Client, inbox: Path, number: int) -> dict[str, float]:
    page = Image.new("RGB", (800, 200), "white")
    ImageDraw.Draw(page).text((40, 60), f"Letter number {number}", "black", ImageFont.load_default(48))
    page.save(inbox.parent / "draft.png")
    note = inbox / f"{number}.md"
    started = time.monotonic()
    (inbox.parent / "draft.png").rename(inbox / f"{number}.png")
    until(note.exists, "the note", 120)
    whole = time.monotonic() - started
    until(lambda: client.status().counts == {"done": number + 1}, "the journal")
    newest = client.documents(limit=1)[0].id
    read = sum(page.seconds for page in client.document(newest)[1])
    return {"whole": round(whole, 2), "read": round(read, 2), "beyond": round(whole - SETTLE - read, 2)}


def main() -> None:
    drops = int((sys.argv[1:] or ["10"])[0])
    with tempfile.TemporaryDirectory() as folder:
        inbox = Path(folder) / "OCR" / "inbox"
        inbox.mkdir(parents=True)
        with daemon(Path(folder)) as _, Client(find_places()) as client:
            until(lambda: client.status().folders, "the start")
            first, *warm = [drop(client, inbox, number) for number in range(drops + 1)]
    beyond = [each["beyond"] for each in warm]
    print(
        json.dumps(
            {
                "bench": "latency",
                "settle": SETTLE,
                "first": first,
                "warm": warm,
                "beyond_median": round(median(beyond), 2),
                "beyond_worst": max(beyond),
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
