"""What a large journal costs: its bytes, the start, an idle daemon, the questions that people ask.

    python -m tests.bench.journal_size 100000

Makes a journal of so many finished documents, a few of them failed, and prints JSON.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil

from papertray.daemon.client.client import Client
from papertray.daemon.journal import Journal
from papertray.daemon.journal.soundness import look_at_start, look_through
from papertray.daemon.journal.texts import format_text, pack_text
from papertray.daemon.journal.upkeep import Upkeep
from papertray.daemon.places import Places, find_places
from papertray.daemon.records import FoundFile, OpenedDocument
from papertray.daemon.status import DocumentState
from papertray.engine.documents import Fingerprint
from papertray.engine.pages import Block, BlockKind, Box, PageText, ReaderIdentity
from tests.desks import until

IDLE_SECONDS = 60.0
AT_ONCE = 500
READER = ReaderIdentity("quick", "1", "cpu")
SYLLABLES = [
    "an",
    "be",
    "der",
    "ein",
    "für",
    "ge",
    "in",
    "keit",
    "lich",
    "mit",
    "nung",
    "or",
    "pro",
    "re",
    "ten",
    "ung",
    "ver",
    "zu",
    "tion",
    "con",
    "12",
    "7",
    "€",
]
FINISH = """
    UPDATE documents SET state = iif(id % 50 = 0, 'failed', iif(id % 40 = 0, 'problems', 'done')),
        finished = added, note = CAST(path || '.md' AS BLOB), note_sha256 = sha256
    WHERE state = 'writing'
"""


def page(chance: random.Random) -> PageText:
    """A letter: 25 paragraphs, of which each has its place."""
    blocks = []
    for number in range(25):
        words = [
            "".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(chance.randint(3, 14))
        ]
        top = number / 25
        box = Box(chance.random() / 3, top, 1 - chance.random() / 3, top + 0.03)
        blocks.append(Block(BlockKind.TEXT, " ".join(words), box))
    return PageText(tuple(blocks))


def make_journal(path: Path, inbox: Path, documents: int) -> dict[str, float]:
    """Four of five have one page, the others three."""
    chance, texts = random.Random(7), [page(random.Random(number)) for number in range(200)]
    with closing(Journal.open(path)) as journal:
        journal.store.rows("PRAGMA synchronous = OFF")
        for start in range(0, documents, AT_ONCE):
            numbers = range(start, min(start + AT_ONCE, documents))
            files = [inbox / f"{number % 97:02}" / f"scan of the day {number:07}.pdf" for number in numbers]
            journal.arrivals.add(
                [FoundFile(inbox, file, Fingerprint(90_000, 10**18 + start)) for file in files]
            )
            opened = [
                OpenedDocument(
                    document.id, chance.randbytes(32).hex(), "pdf", 3 if document.id % 5 == 0 else 1
                )
                for document in journal.arrivals.next_to_open(AT_ONCE)
            ]
            journal.arrivals.add_pages(opened)
            while jobs := journal.queue.upcoming_pages(4 * AT_ONCE):
                journal.queue.begin(jobs)
                journal.queue.finish([(job, chance.choice(texts)) for job in jobs], READER, "", 1.0)
            journal.store.rows(FINISH)
        Upkeep(journal.store).mark_looked_through()
    return {
        "bytes_a_document": round(path.stat().st_size / documents),
        "bytes_of_a_page_plain": round(sum(len(format_text(text).encode()) for text in texts) / len(texts)),
        "bytes_of_a_page_packed": round(sum(len(pack_text(text)[0]) for text in texts) / len(texts)),
    }


@contextmanager
def daemon(places: Places) -> Iterator[psutil.Process]:
    command = [sys.executable, "-m", "papertray.daemon.cli", "run"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        try:
            until(places.status.exists, "the start", 120)
            yield psutil.Process(process.pid)
        finally:
            process.terminate()


def measure_start(places: Places) -> float:
    started = time.monotonic()
    with daemon(places):
        return round(time.monotonic() - started, 2)


def measure_empty_start(folder: Path) -> float:
    """What of a start has nothing to do with the journal."""
    home = os.environ["PAPERTRAY_HOME"]
    os.environ["PAPERTRAY_HOME"] = str(folder)
    try:
        return measure_start(find_places())
    finally:
        os.environ["PAPERTRAY_HOME"] = home


def measure_daemon(places: Places) -> dict[str, float]:
    with daemon(places) as process:
        time.sleep(10)
        before, since = process.cpu_times(), time.monotonic()
        time.sleep(IDLE_SECONDS)
        after, seconds = process.cpu_times(), time.monotonic() - since
        share = (after.user + after.system - before.user - before.system) / seconds
    return {"idle_percent_of_a_core": round(100 * share, 2)}


def seconds(action: Callable[[], object]) -> float:
    """The best of three."""
    best = float("inf")
    for _ in range(3):
        started = time.perf_counter()
        action()
        best = min(best, time.perf_counter() - started)
    return round(best, 4)


def measure_questions() -> dict[str, float]:
    with Client(find_places()) as client:
        return {
            "list_seconds": seconds(client.documents),
            "list_failed_seconds": seconds(lambda: client.documents((DocumentState.FAILED,))),
            "list_further_seconds": seconds(lambda: client.documents(before=2000)),
            "search_seconds": seconds(lambda: client.documents(search="no such name")),
            "counts_seconds": seconds(client.counts),
            "finished_seconds": seconds(lambda: client.finished_since(time.time() - 1)),
        }


def measure_command(*arguments: str) -> float:
    command = [sys.executable, "-m", "papertray.daemon.cli", *arguments]
    return seconds(lambda: subprocess.run(command, capture_output=True, check=False))


def main() -> None:
    documents = int((sys.argv[1:] or ["100000"])[0])
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"PAPERTRAY_HOME": str(Path(folder) / "home"), "HOME": folder}
        places = find_places()
        places.make()
        inbox = Path(folder) / "OCR" / "inbox"
        inbox.mkdir(parents=True)
        answer: dict[str, object] = {"bench": "journal_size", "documents": documents}
        answer |= make_journal(places.journal, inbox, documents)
        answer["look_at_start_seconds"] = seconds(lambda: look_at_start(places.journal))
        started = time.perf_counter()
        assert look_through(places.journal) == []
        answer["look_through_seconds"] = round(time.perf_counter() - started, 1)
        answer["start_with_an_empty_journal_seconds"] = measure_empty_start(Path(folder) / "empty")
        answer["start_seconds"] = measure_start(places)
        answer |= measure_daemon(places)
        answer |= measure_questions()
        answer["list_command_seconds"] = measure_command("list")
        answer["status_command_seconds"] = measure_command("status")
    print(json.dumps(answer, indent=2))


if __name__ == "__main__":
    main()
