"""After a burst of created files every one is in the journal; and how long that takes.

python -m tests.bench.burst 60000
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

from tests.desks import running, until


def main() -> None:
    files = int((sys.argv[1:] or ["60000"])[0])
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.png"
        Image.new("L", (8, 8), "white").save(page)
        content = page.read_bytes()
        os.environ["PAPERTRAY_HOME"] = str(Path(folder) / "home")
        inbox = Path(folder) / "inbox"
        with running(inbox, rescan=300) as desk:
            started = time.monotonic()
            for number in range(files):
                (inbox / f"{number:06}.png").write_bytes(content + number.to_bytes(4))
            created = time.monotonic() - started
            until(lambda: sum(desk.client.status().counts.values()) >= files, "the last arrival", 600)
            journaled = time.monotonic() - started
            known = len(desk.client.documents(limit=10 * files))
    print(
        json.dumps(
            {
                "bench": "burst",
                "created": files,
                "in_the_journal": known,
                "creating_seconds": round(created, 1),
                "journaled_after_seconds": round(journaled, 1),
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
