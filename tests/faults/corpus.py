"""Run any folder of ugly files through a daemon, and report what it made of them.

    python -m tests.faults.corpus FOLDER

The daemon is a real one with a temporary home, the quick reader and copies of the files. Prints JSON: which
documents had neither a note nor a sentence, tracebacks in the log, how memory and descriptors grew, the slow
ones. The files are not kept: the script is what stays.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from papertray.daemon.client.client import Client
from papertray.daemon.places import Places
from papertray.daemon.records import DocumentRecord
from papertray.engine.documents import HEAD, SUFFIXES, kind_of_file

SETTLE = 0.5
QUIET = 15.0  # seconds in which nothing comes in and nothing is open: then it is over
LONGEST = 6 * 3600.0
SLOW = 10  # so many of the slow ones are named
OPEN = {"arrived", "queued", "reading", "writing"}

SETTINGS = """
[[folders]]
path = {inbox}
settle = {settle}

[engine]
model = "quick"

[api]
enabled = false
"""


class Vitals:
    """What the daemon's process holds, now and then."""

    def __init__(self, process: int) -> None:
        self._process = psutil.Process(process)
        self._taken: list[dict[str, int]] = []

    def take(self) -> None:
        with self._process.oneshot():
            handles = self._process.num_handles() if sys.platform == "win32" else self._process.num_fds()
            self._taken.append(
                {
                    "megabytes": self._process.memory_info().rss >> 20,
                    "descriptors": handles,
                    "threads": self._process.num_threads(),
                }
            )

    def report(self) -> dict[str, dict[str, int]]:
        """After a tenth of the time, when everything was loaded; at the end; and the most there was."""
        early, last = self._taken[len(self._taken) // 10], self._taken[-1]
        return {
            name: {"early": early[name], "end": last[name], "most": max(taken[name] for taken in self._taken)}
            for name in last
        }


def copy_files(source: Path, inbox: Path) -> list[Path]:
    """Ordinary files only; those of hidden names under plain ones, for papertray passes over hidden ones."""
    copies = []
    for file in sorted(source.rglob("*")):
        if file.is_file() and not file.is_symlink():
            parts = [part.lstrip(".") or "dots" for part in file.relative_to(source).parts]
            copy = inbox.joinpath(*parts)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
            copies.append(copy)
    return copies


def is_document(file: Path) -> bool:
    """Whether papertray says that it reads such a file."""
    with file.open("rb") as opened:
        return file.suffix.lower() in SUFFIXES or kind_of_file(opened.read(HEAD)) is not None


@contextmanager
def daemon_for(inbox: Path, home: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A real one; stopped at the end, killed if it will not."""
    (home / "config").mkdir(parents=True)
    settings = SETTINGS.format(inbox=json.dumps(str(inbox)), settle=SETTLE)
    (home / "config" / "papertray.toml").write_text(settings, encoding="utf-8")
    command = [sys.executable, "-m", "papertray.daemon.cli", "run"]
    environment = {**os.environ, "PAPERTRAY_HOME": str(home)}
    with (
        (home / "screen").open("wb") as screen,
        subprocess.Popen(command, env=environment, stdout=screen, stderr=screen) as process,
    ):
        try:
            yield process
            process.send_signal(signal.SIGTERM)
            process.wait(60)
        finally:
            process.kill()


def wait_for_the_end(client: Client, process: subprocess.Popen[bytes], files: int, vitals: Vitals) -> None:
    """Until every document has ended and no other comes for a while; or the daemon has ended."""
    limit = time.monotonic() + LONGEST
    before, since = -1, time.monotonic()
    while process.poll() is None and time.monotonic() < limit:
        vitals.take()
        counts = client.counts()
        known, waiting = sum(counts.values()), sum(counts.get(state, 0) for state in OPEN)
        if known != before or waiting:
            before, since = known, time.monotonic()
        if not waiting and (known >= files or time.monotonic() - since > QUIET):
            return
        time.sleep(0.5)


def judge(files: list[Path], documents: list[DocumentRecord], client: Client) -> dict[str, object]:
    by_path = {document.path: document for document in documents}
    silent = []
    for file in files:
        document = by_path.get(file)
        has_note = document is not None and document.note is not None and document.note.exists()
        if not has_note and not (document and document.sentence):
            silent.append({"file": str(file), "state": document.state.value if document else "unknown"})
    seconds = {
        document: round(sum(page.seconds for page in client.document(document.id)[1]), 2)
        for document in documents
    }
    slow = sorted(seconds, key=lambda document: -seconds[document])[:SLOW]
    failed = Counter(document.sentence.replace(document.path.name, "…") for document in documents)
    return {
        "silent": silent,
        "states": Counter(document.state.value for document in documents),
        "sentences": {sentence: count for sentence, count in failed.most_common() if sentence},
        "slow": [{"file": one.path.name, "pages": one.pages, "seconds": seconds[one]} for one in slow],
    }


def find_tracebacks(home: Path) -> list[str]:
    """The last line of each traceback that the daemon logged or printed."""
    last_lines = []
    for file in (*(home / "logs").glob("*"), home / "screen"):
        inside = False
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.lstrip().startswith("Traceback (most recent call last)"):
                inside = True
            elif inside and line and not line[0].isspace() and line[0] not in "│└>":
                last_lines.append(line[:200])
                inside = False
    return last_lines


def run_corpus(source: Path) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as temporary:
        home, inbox = Path(temporary, "home"), Path(temporary, "inbox")
        files = copy_files(source, inbox)
        documents = [file for file in files if is_document(file)]
        started = time.monotonic()
        places = Places(home / "config", home / "state", home / "logs", home / "cache")
        with daemon_for(inbox, home) as process, Client(places) as client:
            vitals = Vitals(process.pid)
            wait_for_the_end(client, process, len(documents), vitals)
            alive = process.poll() is None
            seconds = round(time.monotonic() - started, 1)
            verdict = judge(documents, client.documents(limit=1_000_000), client)
        return {
            "files": len(files),
            "documents": len(documents),
            "seconds": seconds,
            "alive_at_the_end": alive,
            "exit": process.returncode,
            **verdict,
            "tracebacks": find_tracebacks(home),
            "vitals": vitals.report(),
        }


def main() -> None:
    print(json.dumps(run_corpus(Path(sys.argv[1]).absolute()), indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
