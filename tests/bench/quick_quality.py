"""Character error rate of the quick reader, in reading order, and cells of ruled tables that are not exact.

    python -m tests.bench.quick_quality

Prints one JSON object. Asked for: at most 0.01 on clean and 0.02 on degraded pages, every cell exact.
"""

import json
from statistics import mean

from papertray.engine.pages import PageImage, Watch
from papertray.engine.readers.quick import reader as quick
from tests.bench.forty_pages import pages
from tests.engine import pages_made as made
from tests.engine.reading import cells, error_rate

TABLES = {
    "ruled": made.ruled_table,
    "ruled, skew 1.5°": lambda: made.skewed(made.ruled_table()),
    "ruled, noise": lambda: made.noisy(made.ruled_table()),
    "ruled, JPEG 40": lambda: made.jpeg(made.ruled_table()),
}


def main() -> None:
    reader = quick.load()

    def note(page: made.Made) -> str:
        return reader.read([PageImage(page.image)], Watch())[0].markdown

    rates: dict[tuple[str, bool], list[float]] = {}
    for name, degraded, page in pages():
        read = error_rate(page.text, reader.read([PageImage(page.image)], Watch())[0])
        rates.setdefault((name, degraded), []).append(read)
    wrong = {}
    for name, make in TABLES.items():
        found = cells(note(make()))
        wrong[name] = sum(a != b for a, b in zip(sum(found, ()), sum(made.CELLS, ()), strict=False)) + abs(
            len(sum(found, ())) - len(sum(made.CELLS, ()))
        )
    print(
        json.dumps(
            {
                "reader": reader.identity.revision,
                "error rate": {name: round(mean(found), 5) for (name, _), found in rates.items()},
                "worst clean page": max(max(found) for (_, bad), found in rates.items() if not bad),
                "worst degraded page": max(max(found) for (_, bad), found in rates.items() if bad),
                "wrong cells": wrong,
            },
            ensure_ascii=False,
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
