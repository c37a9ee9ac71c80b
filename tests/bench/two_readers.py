"""How often one reader doubts another's numbers and names, rightly and wrongly, on a folder of real pages.

    python -m tests.bench.two_readers PAGES [--only WORD]...

What PDFs say themselves, where all of a page is written soundly, stands for a model that makes no mistake;
the quick reader looks at the picture. Then single letters and digits are changed. Prints JSON.
"""

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from papertray.engine.checking.checked_reader import SURE, check_page
from papertray.engine.checking.unseen import find_numbers_and_names
from papertray.engine.errors import PapertrayError
from papertray.engine.pages import PageImage, PageText, PdfText, TextSource, Watch
from papertray.engine.readers.quick.rapid import load
from papertray.engine.readers.quick.reader import QuickReader
from papertray.engine.renderer import Renderer
from tests.bench.pages import chosen

CHANGED = 6
"""So many words of each page are misspelled, one at a time."""


def read_twice(pages: Path, only: list[str]) -> Iterator[tuple[PageText, PageText]]:
    """What is written, as a model would say it, and what is recognised, where that is sure."""
    rapid = load(threads=1)
    written, recognised = QuickReader(rapid), QuickReader(rapid, PdfText.NEVER)
    with Renderer() as renderer:
        for _name, path in chosen(pages, only):
            try:
                renderer.inspect(path)
                texts = [_read(reader, renderer.image(path, 1)) for reader in (written, recognised)]
            except PapertrayError:
                continue
            if texts[0].source is TextSource.WRITTEN and (texts[1].confidence or 0.0) >= SURE:
                yield replace(texts[0], source=TextSource.RECOGNISED, confidence=None), texts[1]


def _read(reader: QuickReader, page: PageImage) -> PageText:
    if reader.pdf_text is PdfText.AUTO and page.layer is None:
        return PageText(())  # no need to recognise it
    return reader.read([page], Watch())[0]


def misspell(word: str) -> str:
    at = random.randrange(1, len(word))
    others = "0123456789" if word[at].isdecimal() else "aeionrst"
    other = random.choice([letter for letter in others if letter != word[at].lower()])
    return word[:at] + other + word[at + 1 :]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--only", action="append", default=[])
    wanted = parser.parse_args()
    random.seed(3)
    counts: Counter[str] = Counter()
    for said, seen in read_twice(wanted.pages, wanted.only):
        words = find_numbers_and_names(said.markdown)
        doubted = {word.text for word in check_page(said, seen).doubtful_words}
        counts += Counter(pages=1, right=len(words), doubted_though_right=len(doubted))
        known = [word for word in dict.fromkeys(words) if len(word) > 2 and max(word) < "\u0250"]
        for word in random.sample(known, min(CHANGED, len(known))):
            wrong = misspell(word)
            block = replace(said.blocks[0], markdown=f"and {wrong} then")
            caught = check_page(replace(said, blocks=(block,)), seen).doubtful_words
            counts += Counter(misspelled=1, doubted=int(bool(caught)))
    print(json.dumps(counts, indent=2))


if __name__ == "__main__":
    main()
