"""Notice that a model repeats itself, without mistaking a page that repeats itself for one.

Tokens go in one at a time; out comes the place where a loop began, once it is longer than a real page can
be. Pure: knows neither models nor pages, and costs microseconds a token.

Two things are watched: the same stretch of tokens again and again (`LIMITS` says how often each sort of
stretch may come: a form really has 40 empty rows, but nobody writes a word 24 times in a row), and numbers
that grow by equal steps with the same text between them ("1. 2. 3. …").
"""

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

LONGEST_STRETCH = 384
"""Tokens. What is longer fills the token budget in a few repeats."""
MOST_NUMBERS = 8
"""Numbers in one growing step, such as the cells of a row."""
GROWING_STEPS = 150
"""A chart counts to 100, a page has some 60 numbered lines."""
GROWING_STEPS_WITH_WORDS = 80
LONGEST_NUMBER = 18

WORD = re.compile(r"[^\W\d_]{2,}")
TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class RepeatLimit:
    """How often a stretch of some look may come: with words in it, and without."""

    look: re.Pattern[str]
    with_words: int
    without_words: int


LIMITS = (  # the first that fits counts
    RepeatLimit(re.compile(r'<\|det\|>|"bbox"'), 8, 8),  # the same text in the same place of the page
    RepeatLimit(re.compile(r"<tr|</tr|\n|\\\\"), 60, 120),  # rows and lines: a page has about 60
    RepeatLimit(re.compile(r"</?td|(?<!<)\|(?!>)|&"), 40, 80),  # the cells of one row
    RepeatLimit(re.compile(r"^[\W_]*$"), 400, 400),  # dots and dashes drawn across the page
    RepeatLimit(re.compile(""), 24, 80),  # words and sentences; digits
)
FEWEST_REPEATS = min(limit.with_words for limit in LIMITS)


def allowed_repeats(stretch: str) -> int:
    """How often this text may come without a break before it is a loop."""
    limit = next(limit for limit in LIMITS if limit.look.search(stretch))
    return limit.with_words if WORD.search(TAG.sub("", stretch)) else limit.without_words


class LoopGuard:
    """Watches one answer. `piece` gives the text of a token."""

    def __init__(self, piece: Callable[[int], str]) -> None:
        self._piece = piece
        self._pieces: deque[str] = deque(maxlen=LONGEST_STRETCH)
        self._recent = np.full(LONGEST_STRETCH, -1, dtype=np.int64)  # the last token first
        self._equal = np.zeros(LONGEST_STRETCH, dtype=np.int64)  # [p-1]: tokens equal to the one p before
        self._lengths = np.arange(1, LONGEST_STRETCH + 1)
        self._growth = _Growth()
        self._count = 0

    def add(self, token: int) -> int | None:
        """Take the next token; give how many tokens to keep when it closes a loop, None otherwise.

        The first turn of the loop is kept: it may well stand on the page.
        """
        text = self._piece(token)
        self._pieces.append(text)
        self._equal = (self._equal + 1) * (self._recent == token)
        self._recent[1:] = self._recent[:-1]
        self._recent[0] = token
        self._count += 1
        begin = self._loop_start()
        return begin if begin is not None else self._growth.add(text, self._count - 1)

    def _loop_start(self) -> int | None:
        turns = self._equal // self._lengths + 1
        complete = (turns >= FEWEST_REPEATS) & (self._equal % self._lengths == 0)
        for length in self._lengths[complete]:
            stretch = "".join(list(self._pieces)[-length:])
            if turns[length - 1] >= allowed_repeats(stretch):
                return int(self._count - self._equal[length - 1])
        return None


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
    begin: int = 0
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
            self.begin = now.token
        self.numbers += 1


@dataclass(slots=True)
class _Growth:
    """Finds "1. 2. 3. …", "10 11 12 …" and numbered rows, with up to `MOST_NUMBERS` numbers in a step."""

    digits: str = ""
    text: str = ""
    token: int = 0
    numbers: deque[_Number] = field(default_factory=lambda: deque(maxlen=2 * MOST_NUMBERS + 1))
    steps: tuple[_Steps, ...] = field(
        default_factory=lambda: tuple(_Steps(lag) for lag in range(1, MOST_NUMBERS + 1))
    )

    def add(self, piece: str, token: int) -> int | None:
        for run in re.findall(r"[0-9]+|[^0-9]+", piece):
            if run[0] in "0123456789":
                self.token = self.token if self.digits else token
                self.digits += run
                continue
            begin = self._close() if self.digits else None
            if begin is not None:
                return begin
            self.text += run
        return None

    def _close(self) -> int | None:
        value = int(self.digits) if len(self.digits) <= LONGEST_NUMBER else None
        self.numbers.append(_Number(self.text, value, self.token))
        self.digits = self.text = ""
        for steps in self.steps:
            if len(self.numbers) <= 2 * steps.lag:
                break
            steps.add(self.numbers[-1], self.numbers[-1 - steps.lag], self.numbers[-1 - 2 * steps.lag])
            if steps.numbers >= steps.lag * self._steps_allowed(steps.lag):
                return steps.begin
        return None

    def _steps_allowed(self, lag: int) -> int:
        words = "".join(TAG.sub("", number.before) for number in list(self.numbers)[-lag:])
        return GROWING_STEPS_WITH_WORDS if WORD.search(words) else GROWING_STEPS
