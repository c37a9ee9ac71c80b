"""Numbers in an answer that grow by equal steps, with the same text between them.

"1. 2. 3. …", "10 11 12 …" and numbered rows, with up to `MOST_NUMBERS` numbers in a step.
"""

import re
from collections import deque
from dataclasses import dataclass, field

MOST_NUMBERS = 8
"""Numbers in one growing step, such as the cells of a row."""

LONGEST_NUMBER = 18
TABLE_ROW = re.compile(r"<tr|<nl>|\|\s*\n")
TAG = re.compile(r"<[^<>]*>")
DIGIT = re.compile(r"[0-9]")
WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class GrowingRun:
    """So many steps, the second begun in the token `second`.

    `worded`: there are words between the numbers; `rows`: each begins a row of a table.
    """

    steps: int
    second: int
    worded: bool
    rows: bool


@dataclass(slots=True)
class _Number:
    """One number of the answer: the text before it, and the token it begins in."""

    before: str
    value: int | None
    token: int


@dataclass(slots=True)
class _Steps:
    """How long the numbers, compared with those `lag` before, have grown by equal steps."""

    lag: int
    numbers: int = 0
    second: int = 0
    still: int = 0

    def add(self, now: _Number, before: _Number, earlier: _Number) -> None:
        if None in (now.value, before.value, earlier.value) or now.before != before.before:
            self.numbers = 0
            return
        step = now.value - before.value  # type: ignore[operator]
        self.still = 0 if step else self.still + 1
        if step != before.value - earlier.value or self.still >= self.lag:  # type: ignore[operator]
            self.numbers = 0
            return
        if not self.numbers:
            self.second = before.token
        self.numbers += 1


@dataclass(slots=True)
class Growth:
    """Pieces of text go in; out comes the run that grows now, if one does."""

    digits: str = ""
    text: str = ""
    token: int = 0
    numbers: deque[_Number] = field(default_factory=lambda: deque(maxlen=2 * MOST_NUMBERS + 1))
    steps: tuple[_Steps, ...] = field(
        default_factory=lambda: tuple(_Steps(lag) for lag in range(1, MOST_NUMBERS + 1))
    )

    def add(self, piece: str, token: int) -> GrowingRun | None:
        """The run that a number in this piece makes longer."""
        if not self.digits and not DIGIT.search(piece):
            self.text += piece
            return None
        run = None
        for part in re.findall(r"[0-9]+|[^0-9]+", piece):
            if part[0] in "0123456789":
                self.token = self.token if self.digits else token
                self.digits += part
                continue
            run = self._close() if self.digits else run
            self.text += part
        return run

    def _close(self) -> GrowingRun | None:
        value = int(self.digits) if len(self.digits) <= LONGEST_NUMBER else None
        self.numbers.append(_Number(self.text, value, self.token))
        self.digits = self.text = ""
        for steps in self.steps:
            if len(self.numbers) <= 2 * steps.lag:
                break
            steps.add(self.numbers[-1], self.numbers[-1 - steps.lag], self.numbers[-1 - 2 * steps.lag])
        longest = max(self.steps, key=lambda steps: steps.numbers // steps.lag)
        count = longest.numbers // longest.lag
        between = "".join(number.before for number in list(self.numbers)[-longest.lag :])
        worded = bool(WORD.search(TAG.sub("", between)))
        return GrowingRun(count, longest.second, worded, bool(TABLE_ROW.search(between))) if count else None
