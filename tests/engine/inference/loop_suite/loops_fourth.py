"""Loops that models fall into, the fourth part: shapes of public reports, described anew.

Whole pages said again, several rows in turn, digits and signs without an end, marks of newer models.
"""

import random
from collections.abc import Callable, Iterator

from tests.engine.inference.loop_suite.loops_first import dense, loop, sparse, tabled
from tests.engine.inference.loop_suite.pages_first import sheet
from tests.engine.inference.loop_suite.prose import NAMES, NOUNS, prose
from tests.engine.inference.loop_suite.sheets import Case, Sheet
from tests.engine.inference.loop_suite.written import as_html


def again(name: str, page: tuple[str, Sheet], between: str) -> Case:
    """All of the page, and then all of it once more, and so on."""
    text, drawn = page
    return Case(name, text + f"{between}{text}" * 30, drawn, len(text))


def small(seed: int, words: int) -> tuple[str, Sheet]:
    text = prose(words, seed)
    return text, sheet(seed, 26).paragraph(text)


def little_table(seed: int) -> tuple[str, Sheet]:
    dice = random.Random(seed)
    rows = [[f"{dice.choice(NOUNS)} {n}", str(dice.randint(10, 99)), dice.choice(NAMES)] for n in range(6)]
    return as_html(rows), sheet(seed, 22).table(rows)


def rows_in_turn(seed: int, count: int) -> Callable[[int], str]:
    dice = random.Random(seed)
    rows = [
        [f"{dice.choice(NOUNS)} {dice.choice(NOUNS)}", f"{dice.randint(50, 99)}-{dice.randint(10, 99)}-1"]
        for _ in range(count)
    ]
    return lambda n: "<tr>" + "".join(f"<td>{cell}</td>" for cell in (*rows[n % count], "0")) + "</tr>"


def _loops_on(seed: int) -> Iterator[Case]:
    page = (dense, sparse, dense)[seed](seed + 120)
    thin = sparse(seed + 130)
    table = tabled(seed + 140)
    dice = random.Random(1200 + seed)
    yield again("a short page again", small(seed + 150, 45), "\n```\n```\n")
    yield again("a longer page again", small(seed + 160, 100), "\n\nOutput:\n\n")
    yield again("a table again", little_table(seed + 170), "\n```\n")
    yield loop("three rows in turn", table, rows_in_turn(seed, 3))
    yield loop("seven rows in turn", table, rows_in_turn(seed + 9, 7))
    yield loop("digits without an end", table, lambda n: "<td>1." + "0" * 40 if not n else "0" * 40)
    yield loop("a letter without an end", thin, lambda _: "a" * 40)
    yield loop("blanks in a formula", page, lambda _: r"\\ \text {   } ")
    yield loop("rows of LaTeX", page, lambda _: "& & & \\\\ \\hline\n")
    yield loop("fences", thin, lambda _: "```\n\n")
    yield loop("breaks of lines", table, lambda _: "<br>")
    yield loop("a Thai syllable", page, lambda _: "กา")
    yield loop("first one, then another", page, lambda n: ("nam, ", "ora, ", "rex, ")[n // 40 % 3])
    yield loop("a head of a table", thin, lambda _: "--- | ")
    yield loop("names in one cell", table, lambda n: ("Smith, ", "Jones, ", "Baker, ")[n % 3])
    yield loop("cells that span", table, lambda _: '<td colspan="2"></td>')
    yield loop("a chat", page, lambda n: f"Anna 10:{n % 60:02}\nok\n")
    yield loop(
        "places with labels", page, lambda n: f"<|det|>text [80, {20 + n}, 900, {29 + n}]<|/det|>See.\n"
    )
    yield loop("the same picture", thin, lambda _: "<|det|>image [80, 20, 900, 400]<|/det|>\n")
    yield loop("pictures that drift", thin, lambda n: f"![image](80,{20 + n},900,{400 + n})\n\n")
    yield loop("a page to see", page, lambda n: f"see page {n + 12}. ")
    yield loop("signs that are none", thin, lambda _: "\ufffd")
    yield loop("a path", thin, lambda n: "http://harbour.example/a" if not n else "/a/b")
    yield loop("a line cut short", page, lambda _: 'life? He had written: "Two co\n')
    yield loop("rows made up", table, lambda n: _transaction(n, dice))


def _transaction(number: int, dice: random.Random) -> str:
    amount, rest = dice.uniform(1, 99), dice.uniform(100, 999)
    return (
        f"<tr><td>{number % 28 + 1}.04.2024</td><td>card payment</td><td>{amount:.2f}</td>"
        f"<td>{rest:.2f}</td></tr>"
    )


def loops() -> Iterator[Case]:
    for seed in range(3):
        yield from _loops_on(seed)
