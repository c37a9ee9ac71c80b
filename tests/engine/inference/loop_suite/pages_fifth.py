"""Real pages that repeat themselves, the fifth part: lists inside of items, ditto marks, wide tables.

Many lines in one item of a layout, patterns, tables without a word twice but with all numbers alike.
"""

import itertools
import random
from collections.abc import Iterator

from tests.engine.inference.loop_suite.pages_first import sheet
from tests.engine.inference.loop_suite.prose import NAMES, NOUNS, prose
from tests.engine.inference.loop_suite.sheets import Case
from tests.engine.inference.loop_suite.written import TABLES, as_html, as_layout, as_pipes, grounded

SIGNED = "Seen and approved by the trustees; copies go to the branch offices."


def in_one_item(name: str, seed: int, lines: list[str], size: float = 18) -> Iterator[Case]:
    """All lines as the text of one item of a layout, and as one block with a place."""
    page = sheet(seed, size).lines([*lines, SIGNED])
    text = "\n".join(lines)
    yield Case(f"{name} in an item", as_layout([("List-item", text), ("Text", SIGNED)]), page)
    yield Case(f"{name} in a block", grounded([("text", text), ("text", SIGNED)]), page)


def lists() -> Iterator[Case]:
    for seed in range(4):
        nouns = [NOUNS[(n * 5 + seed) % len(NOUNS)] for n in range(32)]
        yield from in_one_item("stock", seed, [f"- one {noun} in good order, of no value" for noun in nouns])
        knitting = [f"Row {n}: {'K2, P2, ' * (4 + seed)}K2." for n in range(1, 31)]
        yield from in_one_item("knitting", seed, knitting, 16)
        steps = [f"{n}. je {noun}, tu {noun}s, il {noun}" for n, noun in enumerate(nouns, start=1)]
        yield from in_one_item("conjugations", seed, steps)
        saints = [f"{name}, pray for us." for name in NAMES[seed : seed + 36]]
        yield from in_one_item("litany", seed, saints)


def patterns() -> Iterator[Case]:
    for seed in range(3):
        dice = random.Random(5200 + seed)
        field = ["".join(dice.choice("#.") for _ in range(40)) for _ in range(30)]
        yield from in_one_item("pixels", seed, field, 20)
        rules = ["________________  __________  ______"] * (22 + seed * 4)
        yield from in_one_item("lines to fill in", seed, rules, 20)
        conf = [
            line for noun in NOUNS[:8] for line in (f'"{noun}": {{', '"enabled": false,', '"level": 0', "},")
        ]
        yield from in_one_item("settings", seed, conf, 20)


def ditto() -> Iterator[Case]:
    for seed, write in itertools.product(range(3), TABLES):
        rows = [[str(n), NAMES[n] if n % 5 == 1 else '"', '"', '"'] for n in range(1, 36)]
        yield Case("ditto marks", write(rows), sheet(seed, 18).table(rows, seed % 2 == 0))
    for seed in range(4):
        lines = [f"{NAMES[(seed * 7 + n) % len(NAMES)]} ... do. ... do. ... {n * 7 % 30}" for n in range(38)]
        yield from in_one_item("ditto in words", seed, lines)


def wide_tables() -> Iterator[Case]:
    for seed, write in itertools.product(range(3), TABLES):
        dice = random.Random(5400 + seed)
        shifts = [[name, *(dice.choice("FFFSSNN-") for _ in range(24))] for name in NAMES[seed : seed + 18]]
        yield Case("rota", write(shifts), sheet(seed, 16).table(shifts))
        miles = [["", *NAMES[:12]]]
        miles += [
            [name, *("-" if name == other else str(dice.randint(40, 990)) for other in NAMES[:12])]
            for name in NAMES[:12]
        ]
        yield Case("distances", write(miles), sheet(seed, 15).table(miles))
        hours = [
            [name, *(f"{dice.randint(5, 23):02}:{dice.randint(0, 59):02}" for _ in range(9))]
            for name in NAMES[20:38]
        ]
        yield Case("trains", write(hours), sheet(seed, 15).table(hours, ruled=False))
        truth = [
            [*("TF"[bit] for bit in bits), dice.choice("TF")] for bits in itertools.product((0, 1), repeat=5)
        ]
        yield Case("truth", write(truth), sheet(seed, 17).table(truth, seed % 2 == 0))


def tables_in_items() -> Iterator[Case]:
    for seed in range(5):
        rooms = [[[str(100 * floor + n), "vacant"] for n in range(17)] for floor in (1, 2)]
        page = sheet(seed, 18).table(rooms[0]).lines([prose(8, seed)]).table(rooms[1]).lines([SIGNED])
        blocks = [("Table", as_html(rooms[0])), ("Text", prose(8, seed)), ("Table", as_html(rooms[1]))]
        yield Case("two tables in items", as_layout([*blocks, ("Text", SIGNED)]), page)
        bill = [[f"{n:03}", "Cleaning, hourly rate", "1.00", "35.00", "19 %", "35.00"] for n in range(1, 28)]
        yield Case("a bill", as_pipes(bill), sheet(seed, 17).table(bill, seed % 2 == 0))
        yield Case("a bill in an item", as_layout([("Table", as_html(bill))]), sheet(seed, 17).table(bill))


FAMILIES = (lists, patterns, ditto, wide_tables, tables_in_items)


def pages() -> Iterator[Case]:
    for family in FAMILIES:
        yield from family()
