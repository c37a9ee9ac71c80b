"""Real pages that repeat themselves, the fourth part: kinds that the parts before have not.

Chords, dumps, grids, answer sheets, claims, begettings, signature blocks, sequences, seats, moves of chess.
"""

import random
from collections.abc import Iterator
from itertools import pairwise

from tests.engine.inference.loop_suite.pages_first import sheet
from tests.engine.inference.loop_suite.prose import NAMES, NOUNS, prose
from tests.engine.inference.loop_suite.sheets import Case
from tests.engine.inference.loop_suite.written import TABLES, as_html, as_layout, as_lines, as_pipes, grounded

SIGNED = "Read over and found to be right in the presence of two witnesses and the clerk."


def songs() -> Iterator[Case]:
    for seed in range(5):
        lines = []
        for verse in range(9):
            lines += [
                "G   C   G   D",
                prose(7, 3000 + seed * 20 + verse)[:60],
                "G   C   D   G",
                "Hey, hey, hey",
            ]
        yield Case("chords", "\n".join(lines), sheet(seed, 18).lines(lines))
        tabs = ["e|--0--0--2--0--|", "B|--1--1--3--1--|", "G|--0--0--2--0--|"] * (6 + seed)
        yield Case("tablature", "\n".join(tabs), sheet(seed, 18).lines(tabs))


def dumps() -> Iterator[Case]:
    for seed in range(4):
        dice = random.Random(3100 + seed)
        lines = []
        for n in range(34):
            some = [f"{dice.choice((0, 0, 0, 0, 255, dice.randint(0, 255))):02x}" for _ in range(16)]
            lines.append(f"{n * 16:08x} {' '.join(some)}")
        yield Case("memory", "\n".join(lines), sheet(seed, 16).lines(lines))
        bases = ["".join(dice.choice("acgt") for _ in range(10)) for _ in range(150)]
        rows = [f"{n * 10 + 1} {' '.join(bases[n : n + 6])}" for n in range(0, 150, 6)]
        yield Case("a sequence", "\n".join(rows), sheet(seed, 18).lines(rows))


def grids() -> Iterator[Case]:
    for seed, write in enumerate(TABLES):
        dice = random.Random(3200 + seed)
        times = [[str(a * b) for a in range(1, 13)] for b in range(1, 13)]
        yield Case("times tables", write(times), sheet(seed, 20).table(times))
        sudoku = [[dice.choice(("", "", *"123456789")) for _ in range(9)] for _ in range(9)]
        yield Case("sudoku", write(sudoku * 3), sheet(seed, 20).table(sudoku * 3))
        seats = [[f"{row}{n}" for n in range(1, 15)] for row in "ABCDEFGHJKLMNPQRST"]
        yield Case("seats", write(seats), sheet(seed, 17).table(seats))
        words = [[dice.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for _ in range(15)] for _ in range(15)]
        yield Case("letters to search", as_lines(words), sheet(seed, 20).table(words, ruled=False))


def answer_sheets() -> Iterator[Case]:
    for seed in range(5):
        lines = [f"{n}. A B C D E" for n in range(1, 51)]
        yield Case("answer sheet", "\n".join(lines), sheet(seed, 18).lines(lines, 2))
        lines = [f"{n}. {prose(4, 3300 + seed * 60 + n)[:44]} True / False" for n in range(1, 33)]
        yield Case("true or false", "\n".join(lines), sheet(seed, 17).lines(lines))
        rows = [[str(n), "A. 正确", "B. 错误"] for n in range(1, 31)]
        yield Case("Chinese choices", as_html(rows), sheet(seed, 18).table(rows, seed % 2 == 0))


def contracts() -> Iterator[Case]:
    for seed in range(5):
        block = ["Name: ____________", "Title: ____________", "Date: ____________", ""]
        lines = [line for _ in range(9) for line in block]
        yield Case("signature blocks", "\n".join(lines), sheet(seed, 20).lines(lines))
        claims = [
            f"{n}. The method of claim {max(1, n - 1)}, wherein the {NOUNS[(n * 7 + seed) % len(NOUNS)]} "
            f"is {('warm', 'cold', 'new', 'old')[n % 4]}."
            for n in range(2, 30)
        ]
        yield Case("claims", "\n\n".join(claims), sheet(seed, 17).lines(claims))
        blocks = [("text", claim) for claim in claims]
        yield Case("claims in places", grounded(blocks), sheet(seed, 17).lines(claims))


def begettings() -> Iterator[Case]:
    for seed in range(4):
        names = [NAMES[(n * 11 + seed) % len(NAMES)] for n in range(34)]
        text = " ".join(f"And {a} begat {b}." for a, b in pairwise(names))
        yield Case("begettings", text, sheet(seed, 20).paragraph(text))
        verses = [
            f"{n} And the captain said unto {names[n]}, {prose(5, 3400 + n + seed)[:40]}"
            for n in range(1, 26)
        ]
        yield Case("verses", "\n".join(verses), sheet(seed, 17).lines(verses))


def tables_of_numbers() -> Iterator[Case]:
    for seed, write in enumerate(TABLES):
        logs = [[f"{n}", *(f"{n * 43 + d * 4:04}" for d in range(10))] for n in range(10, 50)]
        yield Case("logarithms", write(logs), sheet(seed, 15).table(logs, ruled=False))
        rows = [[NAMES[n], *"00000", "0:0", "0"] for n in range(20)]
        yield Case("standings before the first game", write(rows), sheet(seed, 18).table(rows))
        rows = [["07:00", "and", "every", "10", "min.", "until", "19:00"] for _ in range(24)]
        yield Case("every ten minutes", write(rows), sheet(seed, 18).table(rows, ruled=False))
        codes = [[str(n), f"{n:02X}", chr(n)] for n in range(48, 91)]
        yield Case("codes of letters", as_pipes(codes), sheet(seed, 16).table(codes))


def lists_alike() -> Iterator[Case]:
    for seed in range(5):
        dice = random.Random(3500 + seed)
        streets = [
            f"{dice.choice(NAMES)} {dice.choice('ABCJM')}., Main St {n * 2}, 555 01{n:02}" for n in range(40)
        ]
        yield Case("directory", "\n".join(streets), sheet(seed, 16).lines(streets))
        menu = [f"{dice.choice(NOUNS)} soup {'.' * 40} 4.50" for _ in range(28)]
        yield Case("menu", "\n".join(menu), sheet(seed, 18).lines(menu))
        accounts = [f"DE89 3704 0044 0532 0{dice.randint(100, 999)} 00" for _ in range(34)]
        yield Case("accounts", "\n".join(accounts), sheet(seed, 19).lines(accounts))
        dotted = ["Notes", *["." * 70] * 24, SIGNED]
        yield Case("dotted lines", "\n".join(dotted), sheet(seed, 20).lines(dotted))


def games() -> Iterator[Case]:
    for seed in range(4):
        dice = random.Random(3600 + seed)
        squares = [
            f"{dice.choice(('', 'N', 'B', 'R', 'Q'))}{dice.choice('abcdefgh')}{dice.randint(1, 8)}"
            for _ in range(120)
        ]
        moves = [f"{n + 1}. {squares[2 * n]} {squares[2 * n + 1]}" for n in range(60)]
        yield Case("a game of chess", " ".join(moves), sheet(seed, 20).paragraph(" ".join(moves)))
        cards = [[dice.choice(("", f"{dice.randint(1, 90)}")) for _ in range(9)] for _ in range(18)]
        yield Case("bingo", as_html(cards), sheet(seed, 20).table(cards))
        items = [("List-item", f"☐ {NAMES[(seed * 5 + n) % len(NAMES)]}, member") for n in range(28)]
        yield Case("ballot", as_layout(items), sheet(seed, 18).lines([text for _, text in items]))


FAMILIES = (
    songs,
    dumps,
    grids,
    answer_sheets,
    contracts,
    begettings,
    tables_of_numbers,
    lists_alike,
    games,
)


def pages() -> Iterator[Case]:
    for family in FAMILIES:
        yield from family()
