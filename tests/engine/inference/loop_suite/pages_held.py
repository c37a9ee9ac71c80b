"""Real pages that repeat themselves, the second part: written when the guard was first done."""

import random
from collections.abc import Iterator

from tests.engine.inference.loop_suite.pages_first import SIGNED, sheet
from tests.engine.inference.loop_suite.prose import NAMES, NOUNS, prose
from tests.engine.inference.loop_suite.sheets import Case
from tests.engine.inference.loop_suite.written import TABLES, as_html, as_layout, as_lines, as_pipes, grounded

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
DAYS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]


def indexes() -> Iterator[Case]:
    for seed in range(8):
        dice = random.Random(seed)
        entries = [
            f"{dice.choice(NOUNS)}, {', '.join(str(dice.randint(1, 400)) for _ in range(dice.randint(1, 4)))}"
            for _ in range(90)
        ]
        yield Case("index", "\n".join(sorted(entries)), sheet(seed, 16).lines(sorted(entries), 2))


def contents() -> Iterator[Case]:
    for seed in range(6):
        lines = [f"{n}. {prose(3, seed + n)[:34]} {'.' * 50} {n * 3 + seed}" for n in range(1, 31)]
        yield Case("contents", "\n".join(lines), sheet(seed, 17).lines(lines))
        spaced = [f"Chapter {n} {'. ' * 30}{n * 7}" for n in range(1, 31)]
        yield Case("contents with dots apart", "\n".join(spaced), sheet(seed, 17).lines(spaced))


def calendars() -> Iterator[Case]:
    for seed in range(4):
        lines = ["2025"]
        for month in MONTHS[: 4 + 2 * seed]:
            lines += [month, " ".join(DAYS), " ".join(str(day) for day in range(1, 31))]
        yield Case("calendar", "\n".join(lines), sheet(seed, 18).lines(lines))
        weeks = [DAYS, *([str(n + d) for d in range(1, 8)] for n in range(0, 28, 7))]
        yield Case("calendar table", as_html(weeks * 4), sheet(seed, 18).table(weeks * 4))


def code() -> Iterator[Case]:
    for seed in range(6):
        lines = []
        for n in range(18):
            name = NOUNS[(n * 5 + seed) % len(NOUNS)]
            lines += [
                f"def {name}(self):",
                "    if self.value is None:",
                "        return None",
                f"    return {name}",
            ]
        yield Case("code", "```\n" + "\n".join(lines) + "\n```", sheet(seed, 15).lines(lines))


def matrices() -> Iterator[Case]:
    for seed in range(6):
        size = 8 + seed
        rows = [[("1" if row == column else "0") for column in range(size)] for row in range(size)]
        latex = r"\[ \begin{pmatrix} " + r" \\ ".join(" & ".join(row) for row in rows) + r" \end{pmatrix} \]"
        yield Case("matrix", latex, sheet(seed).table(rows, ruled=False))
        yield Case(
            "matrix of nothing", as_pipes([["0"] * size] * size), sheet(seed).table([["0"] * size] * size)
        )


def labels() -> Iterator[Case]:
    for seed in range(5):
        label = ["A. Miller", "12 Harbour Road", "Bayside 4312"]
        lines = [line for _ in range(8) for line in [*label, ""]] * 2
        yield Case("labels", "\n".join(lines), sheet(seed).lines(lines, 2))
        blocks = [("text", "\n".join(label))] * 12
        yield Case("grounded labels", grounded(blocks), sheet(seed).lines([*label, ""] * 12))


def questionnaires() -> Iterator[Case]:
    for seed in range(5):
        lines = [f"{n}. {prose(4, seed * 50 + n)[:50]} ☐ yes ☐ no" for n in range(1, 31)]
        yield Case("questionnaire", "\n".join(lines), sheet(seed, 17).lines(lines))
        boxes = ["☐ yes ☐ no ☐ unknown"] * 35
        yield Case("tick boxes", "\n".join(boxes), sheet(seed, 18).lines(boxes))


def timetables() -> Iterator[Case]:
    for seed, write in enumerate((*TABLES, as_lines)):
        rows = [[f"{hour}:{minute:02}" for hour in range(6, 14)] for minute in range(0, 60, 2)]
        yield Case("timetable", write(rows), sheet(seed, 16).table(rows, ruled=seed % 2 == 0))
        rows = [["closed", "closed", f"{8 + n % 3}:00", "closed"] for n in range(30)]
        yield Case("opening hours", write(rows), sheet(seed, 16).table(rows, ruled=seed % 2 == 0))


def layouts() -> Iterator[Case]:
    for seed in range(5):
        blocks = [("List-item", f"{n}. {prose(5, seed * 40 + n)}"[:70]) for n in range(1, 26)]
        yield Case("layout of a list", as_layout(blocks), sheet(seed, 17).lines([text for _, text in blocks]))
        rows = [[NAMES[(n + seed) % len(NAMES)], "EUR", "0.00", "paid"] for n in range(32)]
        page = sheet(seed, 17).table(rows)
        yield Case(
            "layout of a table", as_layout([("Table", as_html(rows)), ("Text", SIGNED)]), page.lines([SIGNED])
        )


def litanies() -> Iterator[Case]:
    for seed, response in enumerate(
        ("pray for us", "ora pro nobis", "erhöre uns", "молись о нас", "priez pour nous")
    ):
        lines = [f"{NAMES[(n * 3 + seed) % len(NAMES)]}, {response}." for n in range(36)]
        yield Case("litany", "\n".join(lines), sheet(seed, 18).lines(lines))


def signs() -> Iterator[Case]:
    for seed in range(4):
        lines = ["已通过"] * (30 + 5 * seed)
        yield Case("Chinese answers", "\n".join(lines), sheet(seed).lines(lines, 2))
        rows = [[f"第{n}项", "合格", "无"] for n in range(1, 31)]
        yield Case("Chinese table", as_html(rows), sheet(seed).table(rows))


def handwritten() -> Iterator[Case]:
    for seed, word in enumerate(("ok", "seen", "rain", "12.50", "no change", "none")):
        rows = [[f"{n}.", NAMES[(n * 7 + seed) % len(NAMES)], word] for n in range(1, 31)]
        yield Case(
            "log by hand", as_html(rows) + SIGNED, sheet(seed, 19, hand=True).table(rows).lines([SIGNED])
        )
        lines = [word] * 32
        yield Case(
            "words by hand",
            "\n".join(lines) + "\n" + SIGNED,
            sheet(seed, 19, hand=True).lines(lines).lines([SIGNED]),
        )


FAMILIES = (
    indexes,
    contents,
    calendars,
    code,
    matrices,
    labels,
    questionnaires,
    timetables,
    layouts,
    litanies,
    signs,
    handwritten,
)


def pages() -> Iterator[Case]:
    for family in FAMILIES:
        yield from family()
