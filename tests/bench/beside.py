"""Have a folder of real pages read by others, too, and print what each makes of every category.

    python -m tests.bench.beside PAGES OURS.json [--before FILE.json] [--notes FOLDER] [--peer NAME]...

PAGES is a folder as `tests.bench.pages` takes it, OURS.json what that wrote with `--json`. Notes that are in
the folder of notes already are not made again. Peers that are installed take part: `tests/bench/peers.py`.
"""

import argparse
import json
import logging
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import mean
from typing import Any

from tests.bench.peers import PEERS, Peer

MEASURES = {"cer": "character error", "bow": "words", "adj": "tables", "invented": "invented"}

Scores = Sequence[Mapping[str, Any]]
"""The pages of one reader, as score.py writes them."""


def read_by(peer: Peer, pages: Path, notes: Path, only: Sequence[str] = ()) -> None:
    notes.mkdir(parents=True, exist_ok=True)
    for entry in json.loads((pages / "index.json").read_text("utf-8")):
        note = notes / f"{entry['id']}.md"
        if note.exists() or (only and entry["category"] not in only):
            continue
        try:
            text = peer.read(pages / entry["file"], entry["languages"])
        except Exception as problem:  # others' faults are of any kind; the page is one that it cannot read
            print(f"{peer.name}, {entry['id']}: {type(problem).__name__}", file=sys.stderr)
            text = ""
        note.write_text(text, "utf-8")


def score_notes(pages: Path, notes: Path) -> Scores:
    written = notes.parent / f"{notes.name}.json"
    command = [sys.executable, str(pages / "score.py"), str(notes), "--json", str(written)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return load_scores(written)


def load_scores(path: Path) -> Scores:
    scores: Scores = json.loads(path.read_text("utf-8"))["pages"]
    return scores


def tabulate(scores: Mapping[str, Scores]) -> Iterable[str]:
    """A table of checks, then one for each measure: a row for each category, a column for each reader."""
    categories = [*sorted({page["category"] for pages in scores.values() for page in pages}), "all"]
    for title, value in (("checks", _checks), *((name, _mean_of(key)) for key, name in MEASURES.items())):
        yield f"\n| {title} | {' | '.join(scores)} |"
        yield f"| --- |{' ---: |' * len(scores)}"
        for category in categories:
            row = [value(_of(pages, category)) for pages in scores.values()]
            if any(row):
                yield f"| {category} | {' | '.join(row)} |"


def _of(pages: Scores, category: str) -> Scores:
    return [page for page in pages if category in (page["category"], "all")]


def _checks(pages: Scores) -> str:
    passed = [bool(check[1]) for page in pages for check in page.get("checks", ())]
    return f"{sum(passed)} of {len(passed)}" if passed else ""


def _mean_of(key: str) -> Any:
    def value(pages: Scores) -> str:
        found = [page[key] for page in pages if key in page]
        return f"{mean(found):.3f}" if found else ""

    return value


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", type=Path)
    parser.add_argument("ours", type=Path)
    parser.add_argument("--before", type=Path)
    parser.add_argument("--notes", type=Path)
    parser.add_argument("--peer", action="append", default=[])
    wanted = parser.parse_args()
    logging.disable(logging.ERROR)  # what peers say of each font
    notes = wanted.notes or Path(tempfile.mkdtemp(prefix="peers-"))
    scores = {"papertray": load_scores(wanted.ours)}
    if wanted.before:
        scores["before"] = load_scores(wanted.before)
    for peer in PEERS:
        if peer.is_installed() and (not wanted.peer or peer.name in wanted.peer):
            read_by(peer, wanted.pages, notes / peer.name)
            scores[peer.name] = score_notes(wanted.pages, notes / peer.name)
    print("\n".join(tabulate(scores)))


if __name__ == "__main__":
    main()
