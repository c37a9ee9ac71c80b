"""Real pages that repeat themselves, the third part: other kinds, other languages, other seeds."""

import random
from collections.abc import Iterator
from itertools import product

from tests.engine.inference.loop_suite.pages_first import sheet
from tests.engine.inference.loop_suite.prose import NAMES, NOUNS, prose
from tests.engine.inference.loop_suite.sheets import Case
from tests.engine.inference.loop_suite.written import TABLES, as_html, as_layout, as_lines, as_pipes, grounded

SIGNED = "Geprüft und für richtig befunden am letzten Tag des Monats durch die Revision."


def registers() -> Iterator[Case]:
    words = ("anwesend", "présent", "присутствует", "παρών", "asistió", "отсутствует")
    for seed, (word, write) in enumerate(product(words, (as_html, as_lines))):
        dice = random.Random(700 + seed)
        rows = [[str(n), dice.choice(NAMES), word] for n in range(1, 36 + seed)]
        page = sheet(seed + 1, 18).table(rows, ruled=seed % 3 == 0).lines([SIGNED])
        yield Case("register", f"{write(rows)}\n\n{SIGNED}", page)


def receipts() -> Iterator[Case]:
    for seed in range(8):
        dice = random.Random(720 + seed)
        lines = [f"1 x Kaffee {dice.choice(('2,80', '3,10'))} EUR" for _ in range(30 + 4 * seed)]
        answer = "Quittung\n\n" + "\n".join(lines) + f"\nSumme 97,40 EUR\n{SIGNED}"
        yield Case("receipt", answer, sheet(seed, 18).lines(["Quittung", *lines, "Summe 97,40 EUR", SIGNED]))


def side_by_side() -> Iterator[Case]:
    for seed in range(6):
        half = [[str(n), "open"] for n in range(1, 31)]
        rows = [[*left, "", str(n + 30), "open"] for n, left in enumerate(half, start=1)]
        right = [[str(n + 30), "open"] for n in range(1, 31)]
        answer = f"{as_html(half)}\n\n{as_html(right)}\n\n{SIGNED}"
        yield Case(
            "two tables side by side", answer, sheet(seed, 18).table(rows, seed % 2 == 0).lines([SIGNED])
        )


def score_sheets() -> Iterator[Case]:
    for seed, write in enumerate(TABLES * 2):
        dice = random.Random(740 + seed)
        rows = [[str(n), *(dice.choice("012") for _ in range(9))] for n in range(1, 28)]
        yield Case("score sheet", write(rows), sheet(seed, 18).table(rows))
        rows = [["X" if dice.random() < 0.8 else "" for _ in range(12)] for _ in range(26)]
        yield Case("crosses", write(rows), sheet(seed + 1, 18).table(rows))


def logs() -> Iterator[Case]:
    for seed in range(6):
        lines = [
            f"2024-05-{seed + 1:02} {n // 2:02}:{n % 2 * 30:02} pump {n % 3} state OK" for n in range(44)
        ]
        yield Case("log of a machine", "\n".join(lines), sheet(seed, 17).lines(lines))


def rosaries() -> Iterator[Case]:
    texts = (
        "Kyrie eleison",
        "Slava Tebi, Bozhe",
        "Господи, помилуй",
        "Sei gegrüßt, Maria",
        "Aleluya, aleluya",
    )
    for seed, text in enumerate(texts):
        lines = [line for n in range(10) for line in (prose(6, 760 + seed * 10 + n)[:60], text, text)]
        yield Case("response after each verse", "\n".join(lines), sheet(seed, 19).lines(lines))


def price_lists() -> Iterator[Case]:
    for seed, write in enumerate((*TABLES, as_lines)):
        for count in (24, 46):
            dice = random.Random(780 + seed)
            rows = [[f"{dice.choice(NOUNS)} {n}", "Stück", "9,99 €", "ab Lager"] for n in range(count)]
            page = sheet(seed + count, 17).table(rows, ruled=seed % 2 == 1).lines([SIGNED])
            yield Case("price list", f"{write(rows)}\n\n{SIGNED}", page)


def transcripts() -> Iterator[Case]:
    for seed in range(6):
        lines = []
        for n in range(22):
            lines += [f"Q. {prose(5, 800 + seed * 30 + n)[:60]}", "A. I do not remember."]
        yield Case("questions and answers", "\n".join(lines), sheet(seed, 17).lines(lines))
        blocks = [("text", f"{lines[n]}\n{lines[n + 1]}") for n in range(0, 40, 2)]
        yield Case("grounded questions", grounded(blocks), sheet(seed, 17).lines(lines[:40]))


def stamps() -> Iterator[Case]:
    for seed in range(5):
        lines = ["ENTWERTET"] * (24 + 6 * seed)
        yield Case("stamps", "\n".join(lines), sheet(seed, 20).lines(lines, 1 + seed % 3))
        items = [("Text", "ENTWERTET")] * 20
        yield Case("stamps in places", as_layout(items), sheet(seed, 22).lines(["ENTWERTET"] * 20))


def drills() -> Iterator[Case]:
    for seed in range(5):
        rows = [[f"{n} × {seed + 3} =", "____"] for n in range(1, 31)]
        yield Case("sums to do", as_pipes(rows), sheet(seed, 19).table(rows, ruled=False))
        lines = ["ma me mi mo mu", "la le li lo lu"] * (10 + seed)
        yield Case("syllables", "\n".join(lines), sheet(seed, 20).lines(lines))


def registers_by_hand() -> Iterator[Case]:
    for seed, word in enumerate(("erledigt", "да", "oui", "7,5", "krank", "frei")):
        rows = [[f"{n}.5.", word] for n in range(1, 32)]
        yield Case("month by hand", as_html(rows), sheet(seed + 40, 19, hand=True).table(rows, seed % 2 == 0))
        lines = [f"{word} {NAMES[(seed * 9 + n) % len(NAMES)]}" for n in range(30)]
        yield Case("notes by hand", "\n".join(lines), sheet(seed + 50, 19, hand=True).lines(lines))


def dense_tables() -> Iterator[Case]:
    for seed, write in enumerate(TABLES):
        dice = random.Random(830 + seed)
        for width in (5, 8):
            rows = [[f"{dice.uniform(0, 99):.1f}" for _ in range(width)] for _ in range(40)]
            yield Case("values", write(rows), sheet(seed, 15).table(rows, ruled=False))
            rows = [["–" if dice.random() < 0.7 else "1,0" for _ in range(width)] for _ in range(40)]
            yield Case("values mostly missing", write(rows), sheet(seed + 1, 15).table(rows))


FAMILIES = (
    registers,
    receipts,
    side_by_side,
    score_sheets,
    logs,
    rosaries,
    price_lists,
    transcripts,
    stamps,
    drills,
    registers_by_hand,
    dense_tables,
)


def pages() -> Iterator[Case]:
    for family in FAMILIES:
        yield from family()
