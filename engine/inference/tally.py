"""What one answer has said so far: how often each word, how many rows, and whether it brings anything new.

Marks go in; counts come out. The page is not looked at here.
"""

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from papertray.engine.inference.marks import BOX, CELL, ROW, WORD, Mark
from papertray.engine.inference.passages import Passages

WINDOW, FEWEST, REACH = 32, 12, 160
"""So many of the last marks are asked, or as many of them as came in so many tokens."""

NOTHING_NEW, EVERY, LEAST_OFTEN = 0.87, 4, 24
"""Such a share of them, in threes, came before; asked after so many marks, in a long
answer less often."""

EMPTY_ROWS, EMPTY_CELLS, IDLE_BOXES = 12, 60, 7
HOLLOW_BOXES, FILLED = 5, 0.2
"""Places in a row whose letters, each as wide as the place is high, fill so little of its width."""
"""Without a word: rows, cells of one row, places in a row that were named before."""
LONG_CELLS, THEIR_TOKENS = 20, 250
"""Fewer empty cells will do where each takes long to write, as those do that span others."""

LAST_TURNS, LEAST_LATE = 3, 24
SIGN = 0.8
"""A word of one sign counts less: two of them look like one now and then."""

FEW_WORDS, STRANGE = 10, 2
"""A stretch is what was said of late with so few words, but for so many others."""


@dataclass(slots=True)
class Tally:
    """`said` is the last token that said anything; `rows` are those of tables, all that were written.

    `quiet_rows` are lines since then, the last ended in the token `line`. `numbers` are words with digits
    in them, any number like any other.
    """

    words: Counter[str] = field(default_factory=Counter)
    numbers: Counter[str] = field(default_factory=Counter)
    marks: list[Mark] = field(default_factory=list)
    passages: Passages = field(default_factory=Passages)
    said: int = 0
    written: float = 0
    rows: int = 0
    quiet_rows: int = 0
    line: int = 0
    _forms: dict[tuple[str, ...], int] = field(default_factory=dict)
    _known: deque[tuple[int, int]] = field(default_factory=deque)
    _cells: int = 0
    _filled: bool = False
    _empty_rows: int = 0
    _empty_cells: int = 0
    _empty_since: int = 0
    _idle: int = 0
    _hollow: int = 0
    _letters: int = 0
    _last_forms: tuple[str, ...] = ()
    _ask_at: int = 0
    _boxes: deque[tuple[float, ...]] = field(default_factory=lambda: deque(maxlen=12))

    def add(self, mark: Mark) -> None:
        self.said = self.said if mark.kind == ROW else mark.token
        self.quiet_rows = self.quiet_rows + 1 if mark.kind == ROW else 0
        self.line = mark.token
        self.passages.add(mark)
        if mark.kind == WORD:
            self.words[mark.text] += 1
            if mark.form != mark.text:
                self.numbers[mark.form] += 1
            self._letters += len(mark.text)
            self.written += 0 if "\\" in mark.text else SIGN if len(mark.text) == 1 else 1
            self._filled, self._empty_rows, self._empty_cells = True, 0, 0
        elif mark.kind == ROW:
            self._end_row()
        elif mark.kind == CELL:
            self._cells += 1
            self._empty_since = self._empty_since if self._empty_cells else mark.token
            self._empty_cells += 1
        elif mark.kind == BOX:
            self._idle = self._idle + 1 if _is_idle(mark.box, self._boxes) else 0
            self._boxes.append(mark.box)
            self._hollow = self._hollow + 1 if self._is_hollow() else 0
            self._letters = 0
        self.marks.append(mark)
        form = self._last_forms = (*self._last_forms[-2:], mark.form)
        self._known.append((mark.token, mark.token - self._forms.get(form, mark.token)))
        self._forms[form] = mark.token
        while len(self._known) > WINDOW or (
            len(self._known) > FEWEST and self._known[0][0] < mark.token - REACH
        ):
            self._known.popleft()

    def _is_hollow(self) -> bool:
        box = self._boxes[-2] if len(self._boxes) > 1 else ()
        if len(box) != 4 or box[2] <= box[0]:
            return False
        return 0 < self._letters * (box[3] - box[1]) / (box[2] - box[0]) < FILLED

    def _end_row(self) -> None:
        if self._cells:
            self.rows += 1
            self._empty_rows += not self._filled
        self._cells, self._empty_cells, self._filled = 0, 0, False

    @property
    def says_nothing(self) -> bool:
        long = self._empty_cells > LONG_CELLS and self.said - self._empty_since > THEIR_TOKENS
        return self._empty_cells > EMPTY_CELLS or long or self._idle >= IDLE_BOXES

    @property
    def has_empty_rows(self) -> bool:
        return self._empty_rows > EMPTY_ROWS

    def is_suspect(self) -> bool:
        if len(self.marks) < self._ask_at or len(self._known) < FEWEST:
            return False
        self._ask_at = len(self.marks) + EVERY + min(LEAST_OFTEN, len(self.marks) // 100)
        return sum(gap > 0 for _, gap in self._known) >= NOTHING_NEW * len(self._known)

    @property
    def says_little(self) -> bool:
        """A few words in no order."""
        late = [mark.text for mark in self.marks[-WINDOW:] if mark.kind == WORD]
        return len(late) >= LEAST_LATE and len(set(late)) <= FEW_WORDS

    @property
    def is_hollow(self) -> bool:
        """Places of late are far larger than their words need, or far too flat."""
        return self._hollow >= HOLLOW_BOXES

    def late(self) -> Sequence[Mark]:
        """The last marks; where nothing is said any more, those since the last word."""
        last = next((at for at, mark in enumerate(reversed(self.marks)) if mark.kind == WORD), 0)
        wordless = self.says_nothing and last >= IDLE_BOXES
        return self.marks[-(last if wordless else len(self._known)) :]

    def last_turns(self) -> Sequence[Mark]:
        """Of the last marks, those of some turns: what stands before may be no loop yet."""
        late = self.late()
        first = late[-1].token - max(LEAST_LATE, LAST_TURNS * self.tokens_a_turn())
        return late if self.says_nothing else [mark for mark in late if mark.token >= first]

    def tokens_a_turn(self) -> int:
        """After how many tokens the same comes again."""
        gaps = sorted(gap for _, gap in self._known if gap)
        return gaps[len(gaps) // 2] if gaps else 1

    def stretch(self) -> int:
        """How many words were said since there were more than a few different ones."""
        late = Counter(mark.text for mark in self.late() if mark.kind == WORD)
        if len(late) > FEW_WORDS:
            return 0
        count = strange = 0
        for mark in islice(reversed(self.marks), 3000):
            if mark.kind != WORD:
                continue
            strange += mark.text not in late
            if strange > STRANGE:
                break
            count += 1
        return count


def _is_idle(box: Sequence[float], before: Sequence[Sequence[float]]) -> bool:
    """A place that was named already, or none."""
    return len(box) != 4 or any(len(other) == 4 and _overlap(box, other) > 0.5 for other in before)


def _overlap(one: Sequence[float], other: Sequence[float]) -> float:
    """What two places have in common, as a share of what both cover."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    common = max(0.0, width) * max(0.0, height)
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return common / (areas - common) if areas > common else 1.0
