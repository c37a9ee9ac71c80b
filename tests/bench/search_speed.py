"""What searching in much costs: making the index, its size beside the text, and the time of a question.

    python -m tests.bench.search_speed [PAGES]

Draws pages from made words that are as common as words are (Zipf's law), 350 to a page, and prints JSON.
"""

import json
import random
import statistics
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from papertray.daemon.journal import Journal
from papertray.daemon.records import FoundFile, OpenedDocument
from papertray.daemon.search.finding import find_pages
from papertray.daemon.search.index import SearchIndex
from papertray.daemon.search.keeping import catch_up
from papertray.engine.documents import Fingerprint
from papertray.engine.pages import Block, BlockKind, PageText
from tests.bench.journal_size import AT_ONCE, FINISH, READER

VOCABULARY, WORDS, PAGES_OF_ONE = 60_000, 350, 10
SYLLABLES = [
    f"{first}{vowel}{last}" for first in "bdfgklmnprstvz" for vowel in "aeiou" for last in ("", "n", "r")
]


def make_vocabulary() -> list[str]:
    """The commonest are the shortest, as with words."""
    chance, words = random.Random(5), dict[str, None]()
    while len(words) < VOCABULARY:
        words["".join(chance.choices(SYLLABLES, k=min(2 + len(words) // 2000, chance.randint(2, 4))))] = None
    return list(words)


WORDS_THERE_ARE = make_vocabulary()
QUESTIONS = {
    "one rare word": WORDS_THERE_ARE[41_234],
    "two words": f"{WORDS_THERE_ARE[700]} {WORDS_THERE_ARE[9000]}",
    "a phrase of common words": f'"{WORDS_THERE_ARE[3]} {WORDS_THERE_ARE[5]}"',
    "a phrase of rarer words": f'"{WORDS_THERE_ARE[300]} {WORDS_THERE_ARE[200]}"',
    "three letters": "ban",
    "two of the commonest": f"{WORDS_THERE_ARE[1]} {WORDS_THERE_ARE[2]}",
}


def fill(journal: Journal, pages: int) -> int:
    """Documents of ten pages, all read; the letters of their texts."""
    chance, letters = random.Random(7), 0
    weights = [1 / (number + 2) for number in range(VOCABULARY)]
    drawn = chance.choices(WORDS_THERE_ARE, weights, k=WORDS * 20_000)
    inbox = Path("/inbox")
    for start in range(0, pages // PAGES_OF_ONE, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, pages // PAGES_OF_ONE))
        journal.arrivals.add(
            [FoundFile(inbox, inbox / f"{number}.pdf", Fingerprint(9, 1)) for number in numbers]
        )
        journal.arrivals.add_pages(
            OpenedDocument(document.id, f"{document.id:064}", "pdf", PAGES_OF_ONE)
            for document in journal.arrivals.next_to_open(AT_ONCE)
        )
        while jobs := journal.queue.upcoming_pages(4 * AT_ONCE):
            journal.queue.begin(jobs)
            texts = []
            for _ in jobs:
                first = chance.randrange(len(drawn) - WORDS)
                texts.append(PageText((Block(BlockKind.TEXT, " ".join(drawn[first : first + WORDS])),)))
                letters += len(texts[-1].markdown)
            journal.queue.finish(list(zip(jobs, texts, strict=True)), READER, "", 1.0)
        journal.store.rows(FINISH)
    return letters


def main(pages: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "search.sqlite3"
        with closing(Journal.open(Path(folder) / "journal.sqlite3")) as journal:
            journal.store.rows("PRAGMA synchronous = OFF")
            letters = fill(journal, pages)
            began, own = time.perf_counter(), time.process_time()
            with closing(SearchIndex(path)) as index:
                indexed = catch_up(journal, index)
                report = {
                    "pages": indexed,
                    "seconds to index": round(time.perf_counter() - began, 1),
                    "of processor": round(time.process_time() - own, 1),
                }
            with closing(SearchIndex(path)) as index:
                report["index, share of the text"] = round(path.stat().st_size / letters, 3)
                for name, question in QUESTIONS.items():
                    report[f"{name}, milliseconds"] = time_question(journal, index, question)
        print(json.dumps(report, indent=2))


def time_question(journal: Journal, index: SearchIndex, question: str) -> float:
    times = []
    for _ in range(7):
        began = time.perf_counter()
        catch_up(journal, index)
        find_pages(journal, index, question, 20)
        times.append(1000 * (time.perf_counter() - began))
    return round(statistics.median(times), 1)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
