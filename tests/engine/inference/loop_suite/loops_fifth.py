"""Loops that models fall into, the fifth part: what the guard once let pass, most of all inside of tables,
where nothing is said at all, and where each turn has a number of its own."""

import random
from collections.abc import Iterator

from tests.engine.inference.loop_suite.loops_first import dense, loop, sparse, tabled
from tests.engine.inference.loop_suite.prose import NOUNS, prose
from tests.engine.inference.loop_suite.sheets import Case


def _loops_on(seed: int) -> Iterator[Case]:
    page, table, thin = dense(seed + 120), tabled(seed + 131), sparse(seed + 140)
    dice = random.Random(1990 + seed)
    words = [NOUNS[(seed * 9 + n) % len(NOUNS)] for n in range(7)]
    yield loop("few words in no order", page, lambda _: dice.choice(words[:5]) + " ")
    yield loop("pictures by number", page, lambda n: f"![](images/{n}.png)\n\n")
    yield loop(
        "pictures in one place", page, lambda _: "<|ref|>image<|/ref|><|det|>[[9, 9, 50, 50]]<|/det|>\n"
    )
    yield loop("dates of a year", thin, lambda n: f"{n % 28 + 1:02}.{n // 28 % 12 + 1:02}.2023\n")
    yield loop("nothing but blanks", page, lambda _: " ")
    yield loop("hard blanks", page, lambda _: "&nbsp;")
    yield loop("rows of hard blanks", table, lambda _: "<tr><td>&nbsp;</td><td>&nbsp;</td></tr>")
    yield loop("cells of hard blanks", table, lambda _: "<td>&nbsp;</td>")
    yield loop("ones and zeros", page, lambda _: dice.choice("01"))
    yield loop("cells that span", table, lambda _: '<td colspan="2" rowspan="1"></td>')
    yield loop("rows that span", table, lambda _: '<tr><td colspan="3"></td></tr>')
    yield loop("numbered empty rows", table, lambda n: f"<tr><td>{n + 31}</td><td></td><td></td></tr>")
    yield loop("merged cells", table, lambda _: "<lcel>")
    yield loop("wide blanks", page, lambda _: "\\quad ")
    yield loop("escaped lines", page, lambda _: "\\_")
    yield loop("boxes to tick", page, lambda _: "☐ ")
    yield loop("a line and its number", page, lambda n: f"{n + 3}. {words[0]} {words[1]} {words[2]}\n")
    yield loop("two lines at random", page, lambda _: dice.choice(("The end.\n", "The end of it.\n")))
    yield loop("a growing line", thin, lambda n: f"{words[0]} " * (n + 1) + "\n")
    yield loop("steps", page, lambda n: f"Step {n + 1}: press the button.\n")
    yield loop("open brackets", page, lambda _: "\\left(")
    yield loop("lines of hyphens", page, lambda _: "- - - - -\n")
    yield loop("a paragraph", page, lambda _: prose(45, seed) + "\n\n")


def loops() -> Iterator[Case]:
    for seed in range(3):
        yield from _loops_on(seed)
