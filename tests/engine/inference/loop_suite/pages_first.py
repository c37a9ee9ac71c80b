"""Real pages that repeat themselves, the first half: those by which the guard was made."""

import random
from collections.abc import Iterator
from itertools import product

from tests.engine.inference.loop_suite.prose import NAMES, prose
from tests.engine.inference.loop_suite.sheets import FACES, FINISHES, Case, Sheet
from tests.engine.inference.loop_suite.written import TABLES, as_html, as_lines, as_pipes, grounded

SIGNED = "Total checked and signed by the auditor on the last day of March."


def sheet(seed: int, size: float = 20, hand: bool = False) -> Sheet:
    return Sheet(size, FACES[seed % 2], hand, seed, FINISHES[seed % 3])


def attendance() -> Iterator[Case]:
    for seed, (count, write) in enumerate(product((40, 62, 80), TABLES)):
        dice = random.Random(seed)
        rows = [[f"{dice.choice(NAMES)}, {dice.choice(NAMES)}", "Present"] for _ in range(count)]
        answer = f"Class list\n\n{write(rows)}\n\n{SIGNED}"
        yield Case("attendance", answer, sheet(seed).lines(["Class list"]).table(rows).lines([SIGNED]))


def present() -> Iterator[Case]:
    for seed, columns in enumerate((1, 2, 4, 5)):
        lines = ["Present"] * 100
        answer = "Roll call\n\n" + "\n".join(lines) + f"\n\n{SIGNED}"
        yield Case("present", answer, sheet(seed).lines(["Roll call"]).lines(lines, columns).lines([SIGNED]))
        yield Case(
            "present inline",
            " ".join(lines) + "\n" + SIGNED,
            sheet(seed).paragraph(" ".join(lines)).lines([SIGNED]),
        )


def ledger() -> Iterator[Case]:
    for seed, (count, write) in enumerate(product((30, 48, 64), TABLES)):
        rows = [["EUR", "0.00"] for _ in range(count)] + [["Closing balance", "4,312.07"]]
        answer = f"Account 4711\n\n{write(rows)}\n\n{SIGNED}"
        page = sheet(seed).lines(["Account 4711"]).table(rows, ruled=seed % 2 == 0).lines([SIGNED])
        yield Case("ledger of nothing", answer, page)


def serial_numbers() -> Iterator[Case]:
    for seed, (count, write) in enumerate(product((60, 100), TABLES)):
        rows = [[f"SN-{48210 + n}", "pass", "pass"] for n in range(count)]
        answer = f"{write(rows)}\n\n{SIGNED}"
        yield Case("serial numbers", answer, sheet(seed).table(rows, ruled=seed % 2 == 0).lines([SIGNED]))


def answers() -> Iterator[Case]:
    for seed, word in enumerate(("Yes", "No", "n/a", "ok", "–", "✓")):
        lines = [word] * (62 if seed % 2 else 45)
        answer = "Answers\n\n" + "\n".join(lines) + f"\n\n{SIGNED}"
        yield Case(
            "answers", answer, sheet(seed).lines(["Answers"]).lines(lines, 1 + seed % 2).lines([SIGNED])
        )


def packing() -> Iterator[Case]:
    for seed, count in enumerate((50, 70, 85)):
        lines = ["1 x bolt M8 zinc plated, bag of 50"] * count
        answer = "Packing list\n\n" + "\n".join(lines) + f"\n\n{SIGNED}"
        yield Case("packing list", answer, sheet(seed).lines(["Packing list"]).lines(lines).lines([SIGNED]))
        rows = [["1", "bolt M8", "zinc", "bag of 50"]] * count
        yield Case("packing table", as_html(rows) + SIGNED, sheet(seed).table(rows).lines([SIGNED]))


def running_numbers() -> Iterator[Case]:
    for seed, count in enumerate((80, 120, 160)):
        numbers = [str(n) for n in range(1, count + 1)]
        yield Case(
            "numbers inline",
            " ".join(numbers) + SIGNED,
            sheet(seed).paragraph(" ".join(numbers)).lines([SIGNED]),
        )
        yield Case(
            "numbers in columns",
            "\n".join(numbers) + "\n" + SIGNED,
            sheet(seed).lines(numbers, 4).lines([SIGNED]),
        )
        tens = [numbers[n : n + 10] for n in range(0, count, 10)]
        yield Case("numbers in a chart", as_pipes(tens) + SIGNED, sheet(seed).table(tens).lines([SIGNED]))


def poems() -> Iterator[Case]:
    refrain = "Row, row, row your boat\nGently down the stream\n"
    refrain += "Merrily, merrily, merrily, merrily\nLife is but a dream"
    hallelujah = "Hallelujah, hallelujah\nHallelujah, hallelujah"
    for seed, verses in enumerate((4, 8, 12)):
        for text in (refrain, hallelujah):
            poem = "\n\n".join(f"{prose(8, seed * 20 + verse)}\n{text}" for verse in range(verses))
            yield Case("poem", poem, sheet(seed).lines(poem.splitlines(), 2))
        chorus = "\n\n".join([refrain] * verses)
        yield Case("chorus alone", chorus, sheet(seed).lines(chorus.splitlines()))


def forms() -> Iterator[Case]:
    for seed, (count, write) in enumerate(product((25, 40), TABLES)):
        rows = [["Name", "Date", "Signature", "Remark"]] + [["", "", "", ""]] * count
        answer = f"Visitors\n\n{write(rows)}\n\n{SIGNED}"
        yield Case("empty form", answer, sheet(seed).lines(["Visitors"]).table(rows).lines([SIGNED]))
        rows = [[str(n), "", "", ""] for n in range(1, count + 1)]
        yield Case("numbered form", write(rows) + SIGNED, sheet(seed).table(rows).lines([SIGNED]))
        rows = [["Name:", "", "Signature:", ""]] * count
        yield Case("form with labels", write(rows) + SIGNED, sheet(seed).table(rows).lines([SIGNED]))


def plain_prose() -> Iterator[Case]:
    for seed in range(8):
        text = prose(300 + 60 * seed, seed)
        yield Case("prose", text, sheet(seed).paragraph(text, 1 + seed % 3))
        blocks = [("text", prose(60, seed * 30 + n)) for n in range(6)]
        words = sheet(seed)
        for _, block in blocks:
            words.paragraph(block)
        yield Case("grounded prose", grounded(blocks), words)


def statements() -> Iterator[Case]:
    for seed, write in enumerate((*TABLES, as_lines)):
        dice = random.Random(seed)
        rows = [
            [
                f"{dice.randint(1, 28):02}.03.2024",
                "card payment",
                dice.choice(NAMES),
                f"{dice.uniform(1, 300):.2f}",
            ]
            for _ in range(45)
        ]
        answer = f"Statement\n\n{write(rows)}\n\n{SIGNED}"
        yield Case(
            "statement", answer, sheet(seed).lines(["Statement"]).table(rows, ruled=False).lines([SIGNED])
        )


def by_hand() -> Iterator[Case]:
    for seed, word in enumerate(("Present", "Yes", "0.00", "paid in cash")):
        lines = [word] * (40 + 5 * seed)
        answer = "\n".join(lines) + f"\n\n{SIGNED}"
        yield Case("list by hand", answer, sheet(seed, hand=True).lines(lines, 2).lines([SIGNED]))
        rows = [[NAMES[n], word] for n in range(35)]
        yield Case(
            "table by hand", as_html(rows) + SIGNED, sheet(seed, hand=True).table(rows).lines([SIGNED])
        )


FAMILIES = (
    attendance,
    present,
    ledger,
    serial_numbers,
    answers,
    packing,
    running_numbers,
    poems,
    forms,
    plain_prose,
    statements,
    by_hand,
)


def pages() -> Iterator[Case]:
    for family in FAMILIES:
        yield from family()
