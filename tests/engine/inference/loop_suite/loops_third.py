"""Loops that models fall into, the third part: other shapes, languages and pages."""

import random
from collections.abc import Iterator

from tests.engine.inference.loop_suite.loops_first import dense, loop, sparse, tabled
from tests.engine.inference.loop_suite.prose import NAMES
from tests.engine.inference.loop_suite.sheets import Case


def _loops_on(seed: int) -> Iterator[Case]:
    page = (dense, sparse, dense)[seed](seed + 60)
    thin = sparse(seed + 70)
    table = tabled(seed + 81)
    dice = random.Random(990 + seed)
    yield loop("a German line", page, lambda _: "Die Rechnung ist innerhalb von 14 Tagen zu begleichen.\n")
    yield loop("Russian words", page, lambda _: dice.choice(("и ", "не ", "и ", "что ")))
    yield loop("two lines in turn", page, lambda n: ("Yours faithfully,\n", "Page 2 of 3\n")[n % 2])
    yield loop("a heading", thin, lambda _: "## Anlage\n\n")
    yield loop("items of a list", page, lambda _: "- item\n")
    yield loop("letters in turn", page, lambda n: f"({chr(97 + n % 26)}) see above\n")
    yield loop("years", thin, lambda n: f"{1900 + n}, ")
    yield loop("rows by number", table, lambda n: f"<tr><td>{n + 1}</td><td>item</td><td>0</td></tr>")
    yield loop("rows of names", table, lambda n: f"<tr><td>{NAMES[n % 5]}</td><td>{n % 3}</td></tr>")
    yield loop("pipes without words", table, lambda _: "| | | |\n")
    yield loop("cells that grow", table, lambda n: f"<td>{n}</td>")
    yield loop("a sum in a formula", thin, lambda n: f"x_{{{n}}} + ")
    yield loop("phone numbers", page, lambda _: f"Tel. 0{dice.randint(30, 33)} 555 01\n")
    yield loop(
        "an address in places",
        page,
        lambda n: f"<|ref|>text<|/ref|><|det|>[[80, 900, 400, 930]]<|/det|>\nHarbour Road {n % 3}\n\n",
    )
    yield loop(
        "places to the right",
        thin,
        lambda n: f'{{"bbox": [{90 + 9 * n}, 100, {97 + 9 * n}, 130], "category": "Text", "text": "a"}}, ',
    )
    yield loop("Chinese words", page, lambda _: dice.choice(("中国", "中华", "中国")))
    yield loop("quotes", thin, lambda _: '" "')
    yield loop("spaces of HTML", page, lambda _: "&nbsp;")
    yield loop("underscores", thin, lambda _: "_ ")
    yield loop("a rule of dashes", page, lambda _: "---\n")


def loops() -> Iterator[Case]:
    for seed in range(3):
        yield from _loops_on(seed)
