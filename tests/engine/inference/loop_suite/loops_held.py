"""Loops that models fall into, the second part: written when the guard was first done."""

import random
from collections.abc import Iterator

from tests.engine.inference.loop_suite.loops_first import dense, loop, sparse, tabled
from tests.engine.inference.loop_suite.prose import prose
from tests.engine.inference.loop_suite.sheets import Case

PLACES = ("Harbour", "Harbor", "Habour")


def _loops_on(seed: int) -> Iterator[Case]:
    page = (sparse, dense, sparse)[seed](seed + 10)
    crowded = dense(seed + 20)
    table = tabled(seed + 30)
    dice = random.Random(seed)
    block = prose(22, 900 + seed) + "\n\n"
    pair = [f"Status: {word}\n\n" for word in ("passed", "finished", "open")]
    yield loop("three spellings", page, lambda _: dice.choice(PLACES) + " Office\n")
    yield loop("fields and values", page, lambda _: "Name: project name\n\n" + dice.choice(pair))
    yield loop("a header again and again", page, lambda _: block)
    yield loop("by the background", crowded, lambda _: "by the background, ")
    yield loop("a poster", page, lambda _: "YOU DID NOT COME THIS\nFAR TO ONLY COME\nTHIS FAR\n")
    yield loop(
        "a comment of HTML",
        table,
        lambda _: '<tr class="substance"><strong>CAS No.</strong></br>Anisidine hydrochloride</td>',
    )
    yield loop("empty OTSL", table, lambda _: "<fcel>4<ecel><ecel><ecel><ecel><nl>")
    yield loop("empty OTSL cells", table, lambda _: "<ecel>")
    yield loop(
        "an item of JSON",
        page,
        lambda _: '{"bbox": [90, 100, 900, 130], "category": "Text", "text": "Annual report"}, ',
    )
    yield loop(
        "an item that drifts",
        page,
        lambda n: (
            f'{{"bbox": [90, {100 + 3 * n}, 900, {104 + 3 * n}], "category": "Text", "text": "Page"}}, '
        ),
    )
    yield loop("one sign", crowded, lambda _: "的")
    yield loop("letters without a blank", crowded, lambda _: "OCR")
    yield loop("numbers joined", page, lambda _: dice.choice(("3-3-", "3-3-", "33-")))
    yield loop("dashes in cells", table, lambda _: "<td>-</td>")
    yield loop("percentages", table, lambda _: "| -100% ")
    yield loop(
        "dates that go on",
        table,
        lambda n: f"<tr><td>{n % 28 + 1}.03.2024</td><td>fee</td><td>1.00</td></tr>",
    )
    yield loop("counting down", page, lambda n: f"{5000 - n} ")
    yield loop("blank lines", page, lambda _: "\n")
    yield loop("line of dots", page, lambda _: ". ")
    yield loop("a birthday", page, lambda n: "Happy birthday to you!\n" if n % 9 else "Have a great day.\n")


def loops() -> Iterator[Case]:
    for seed in range(3):
        yield from _loops_on(seed)
