"""Loops that models fall into, the first half: those by which the guard was made.

Each begins somewhere on a page that says something else, or says the same a few times.
"""

import random
from collections.abc import Callable, Iterator

from tests.engine.inference.loop_suite.pages_first import SIGNED, sheet
from tests.engine.inference.loop_suite.prose import NAMES, prose
from tests.engine.inference.loop_suite.sheets import Case, Sheet
from tests.engine.inference.loop_suite.written import as_html, as_pipes

LENGTH = 9000  # letters of a loop: more than anybody waits for


def dense(seed: int) -> tuple[str, Sheet]:
    text = prose(620, seed)
    return text, sheet(seed, 17).paragraph(text, 1 + seed % 2)


def sparse(seed: int) -> tuple[str, Sheet]:
    text = prose(120, seed)
    return text, sheet(seed, 26).paragraph(text)


def tabled(seed: int) -> tuple[str, Sheet]:
    dice = random.Random(seed)
    rows = [
        [NAMES[(n * 7 + seed) % len(NAMES)], str(dice.randint(100, 9999)), prose(2, n)] for n in range(30)
    ]
    return as_html(rows).removesuffix("</table>"), sheet(seed).table(rows, ruled=seed % 2 == 0).lines(
        [SIGNED]
    )


def loop(name: str, page: tuple[str, Sheet], turns: Callable[[int], str], share: float = 0.4) -> Case:
    """The page is read up to a share of it; then turn after turn."""
    text, drawn = page
    before = text[: text.rfind(" ", 0, int(len(text) * share)) + 1]
    parts, length, turn = list[str](), 0, 0
    while length < LENGTH:
        parts.append(turns(turn))
        length += len(parts[-1])
        turn += 1
    return Case(name, before + "".join(parts), drawn, len(before))


def _loops_on(seed: int) -> Iterator[Case]:
    page = (dense, sparse, dense)[seed](seed)
    table = tabled(seed)
    dice = random.Random(seed)
    yield loop("a word", page, lambda _: "the ")
    yield loop("a rare word", page, lambda _: "background, ")
    yield loop("a sentence", page, lambda _: "The captain kept a careful journal of every vessel. ")
    yield loop("a sentence on lines", page, lambda _: "The captain kept a careful journal of every vessel.\n")
    yield loop(
        "the same block", page, lambda _: "Harbour Office\n12 Quay Road\nBayside 4312\nTel. 555 0199\n\n"
    )
    yield loop("a row with words", table, lambda _: "<tr><td>Total</td><td>12</td><td>paid</td></tr>")
    yield loop("an empty row", table, lambda _: "<tr><td></td><td></td><td></td></tr>")
    yield loop("empty cells", table, lambda _: "<td></td>")
    yield loop("a row of numbers", table, lambda _: "<tr><td>0.00</td><td>0.00</td><td>0.00</td></tr>")
    yield loop("counting up", page, lambda n: f"{n + 1}. ")
    yield loop("counting rows", table, lambda n: f"<tr><td>{n + 31}</td><td></td><td></td></tr>")
    yield loop("numbered lines", page, lambda n: f"Figure {n + 1}: see text\n")
    yield loop(
        "a block that drifts",
        page,
        lambda n: (
            f"<|ref|>text<|/ref|><|det|>[[80, {20 + 7 * n}, 900, {26 + 7 * n}]]<|/det|>\nSee below.\n\n"
        ),
    )
    yield loop("two variants", page, lambda _: dice.choice(("Hakate Toolbox\n\n", "Hekate Toolbox\n\n")))
    yield loop("two signs", page, lambda _: "上海世博" + dice.choice("局局局城") + "\n")
    yield loop("-3 -33", page, lambda _: dice.choice(("-3 ", "-33 ", "-3 ", "-33 ", "3-3 ", "-333 ")))
    yield loop(
        "pipes with places that drift",
        (as_pipes([["Place", "x", "y"]]) + "\n", sheet(seed).table([["Place", "x", "y"]] * 12)),
        lambda n: f"| Place {n} | {0.5 + n * 0.01:.2f} | {dice.random():.2f} |\n",
    )
    yield loop("a formula", page, lambda _: r"\quad \frac{a}{b} ")


def loops() -> Iterator[Case]:
    for seed in range(3):
        yield from _loops_on(seed)
