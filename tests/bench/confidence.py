"""Compare the confidence and the warnings of pages with what is wrong on them, where their truths are known.

    python -m tests.bench.confidence PAGES [--only WORD]...

PAGES is a folder as `tests.bench.pages` takes it. The character error of a page is its error rate in reading
order where the truth's order can be trusted, with running heads or without, whichever is nearer; elsewhere
that of its words, each compared with the nearest that only the other side has. A warning is wrong on a page
without an error worth mentioning, and missed on a wrong page that is not doubtful either.
"""

import argparse
import importlib.util
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType

from rapidfuzz.distance import Levenshtein

from papertray.engine.document_reader import DocumentReader
from papertray.engine.errors import PapertrayError
from papertray.engine.pages import GOOD, PageText
from papertray.engine.readers.quick import reader as quick
from papertray.engine.renderer import Renderer
from tests.bench.pages import chosen

WRONG, FLAWLESS = 0.05, 0.01
LIMITS = (0.8, 0.9, 0.93, 0.95, 0.97, 0.99)


@dataclass(frozen=True, slots=True)
class RatedPage:
    name: str
    source: str
    confidence: float
    error: float
    warned: bool = False


def rate_pages(pages: Path, only: list[str]) -> Iterator[RatedPage]:
    score = _score(pages)
    truths = {entry["id"]: entry for entry in json.loads((pages / "index.json").read_text("utf-8"))}
    with DocumentReader(Renderer(), partial(quick.load, 1)) as reader:
        for name, path in chosen(pages, only):
            truth = pages / "truth" / f"{name}.txt"
            try:
                page = reader.read(path).pages[0] if truth.exists() else None
            except PapertrayError:  # a page that is said to be unreadable is not called good
                continue
            if isinstance(page, PageText) and page.confidence is not None and page.blocks:
                found = _error(score, truths[name], truth.read_text("utf-8"), page)
                warned = bool(page.warnings)
                yield RatedPage(name, page.source.name.lower(), page.confidence, found, warned)


def _score(pages: Path) -> ModuleType:
    """The set's own way of comparing, so that marks and dashes count here as they do there."""
    spec = importlib.util.spec_from_file_location("score", pages / "score.py")
    assert spec is not None
    assert spec.loader is not None
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    return score


def _error(score: ModuleType, entry: dict[str, object], text: str, page: PageText) -> float:
    whole = "\n\n".join(block.markdown for block in page.blocks)
    truth, *read = (score.norm(part) for part in (text, score.plain(page.markdown), score.plain(whole)))
    if entry.get("ignore_case"):
        truth, *read = (part.lower() for part in (truth, *read))
    if entry.get("text_order"):
        return min(Levenshtein.distance(truth, note) for note in read) / max(1, len(truth))
    return _bag_error(score, truth, read[1])


def _bag_error(score: ModuleType, truth: str, read: str) -> float:
    """What it takes to make the words of the truth out of those read, in letters of the truth."""
    true, seen = score.words(truth), score.words(read)
    missing, more = true - seen, seen - true
    cost = _join(missing, more, read) + _join(more, missing, truth)
    cost += _pair([*missing.elements()], [*more.elements()])
    return cost / max(1, sum(len(word) * count for word, count in true.items()))


def _join(whole: Counter[str], parts: Counter[str], text: str) -> int:
    """Take out what differs by blanks alone; the cost is one for each. `text` is that with more of them."""
    words, cost = [re.sub(r"[\W_]", "", word) for word in text.lower().split()], 0
    for count in range(2, 5):
        for run in zip(*(words[start:] for start in range(count)), strict=False):
            if whole["".join(run)] and Counter(run) <= parts:
                whole["".join(run)] -= 1
                parts.subtract(run)
                cost += count - 1
    return cost


def _pair(missing: list[str], more: list[str]) -> int:
    """Each word against the nearest."""
    cost = 0
    for word in sorted(missing, key=len, reverse=True):
        distance, place = min(
            ((Levenshtein.distance(word, other), place) for place, other in enumerate(more)), default=(0, -1)
        )
        if place >= 0 and distance < len(word):
            cost += distance
            more.pop(place)
        else:
            cost += len(word)
    return cost


def print_table(rated: list[RatedPage]) -> None:
    print(f"{len(rated)} pages; wrong: a character error over {WRONG:.0%}")
    print("good from    good  of them wrong    doubtful  of them right")
    for limit in LIMITS:
        good = [page for page in rated if page.confidence >= limit]
        rest = [page for page in rated if page.confidence < limit]
        wrong = sum(page.error > WRONG for page in good)
        right = sum(page.error <= WRONG for page in rest)
        share = f"{wrong / max(1, len(good)):.1%}"
        print(f"{limit:9.2f}  {len(good):6}  {wrong:5} ({share:>5})  {len(rest):10}  {right:13}")
    print("\nmisjudged:")
    for page in sorted(rated, key=lambda page: -page.error):
        if (page.confidence >= GOOD) == (page.error > WRONG):
            print(f"  {page.name} ({page.source}): confidence {page.confidence:.3f}, error {page.error:.3f}")


def print_warnings(rated: list[RatedPage]) -> None:
    wrong = [page for page in rated if page.warned and page.error <= FLAWLESS]
    bad = [page for page in rated if page.error > WRONG]
    missed = [page for page in bad if not page.warned and page.confidence >= GOOD]
    print(f"\nwarnings: {sum(page.warned for page in rated)} of {len(rated)} pages")
    print(f"  wrong, the page's error is at most {FLAWLESS:.0%}: {_names(wrong, rated)}")
    print(f"  missed, of {len(bad)} pages with an error over {WRONG:.0%}: {_names(missed, rated)}")


def _names(pages: list[RatedPage], rated: list[RatedPage]) -> str:
    share = len(pages) / max(1, len(rated))
    return f"{len(pages)} ({share:.1%} of all) {', '.join(page.name for page in pages)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--only", action="append", default=[])
    wanted = parser.parse_args()
    rated = list(rate_pages(wanted.pages, wanted.only))
    print_table(rated)
    print_warnings(rated)


if __name__ == "__main__":
    main()
