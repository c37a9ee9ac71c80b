"""Notice that a model repeats itself, without mistaking a page that repeats itself for one.

Tokens go in one at a time; out comes the place where a loop began. What was said before is no proof: a list
may say "Present" a hundred times. So an answer that brings nothing new is only suspected, and then held
against the page: a word that was written far more often than anything there comes again is no longer read
from it. The page is looked at once, and only on a suspicion. Knows no model; costs microseconds a token.
"""

import re
from collections import Counter, deque
from collections.abc import Callable, Sequence

from papertray.engine.inference.growth import GrowingRun, Growth
from papertray.engine.inference.marks import BOX, CELL, ROW, WORD, Mark, MarkReader
from papertray.engine.layout.recurrence import LikeWords, PageLooks

WINDOW, NOTHING_NEW, EVERY = 32, 28, 4
"""So many of the last marks, in threes, came before; asked after every fourth mark."""

TURNS, CLOSE_TURNS, MORE_TURNS = 1.7, 1.25, 4
"""A word may be written this many times as often as the page shows alike words, or words of one size in
columns; and a few times more."""

EMPTY_ROWS, EMPTY_CELLS, IDLE_BOXES, QUIET_TOKENS = 30, 60, 10, 350
"""Without a word: rows in all, cells of one row, places in a row that were named before, tokens in a row."""

GROWING_STEPS = 40
UNBROKEN, PART, FEW = 200, 5, 0.1
"""Letters without a blank are a loop if their parts are so few."""

NARROW, FIRST_WIDE, FEWER_TURNS, REPEATING_TURNS = 0.5, 0x2E80, 2.5, 3.0
SHORT, SHORT_TURNS, LEAST_TURNS, LONG_TURNS, FEW_MORE = 4, 48, 24, 13, 6
"""A run of so few words may turn more often, on a page that has room for them."""

BACKWARDS, MOST_MISSING = 0.04, 2

UNSEEN = PageLooks(words=1500, numbers=60, alike=(LikeWords(24, 99),) * 40, ruled=60)
"""What is thought of a page that cannot be looked at."""


class LoopGuard:
    """Watches one answer. `piece` gives the text of a token, `look` how the page looks."""

    def __init__(self, piece: Callable[[int], str], look: Callable[[], PageLooks] = lambda: UNSEEN) -> None:
        self._piece = piece
        self._texts: dict[int, str] = {}
        self._look = look
        self._looks: PageLooks | None = None
        self._count = 0
        self._growth = Growth()
        self._reader = MarkReader()
        self._marks: list[Mark] = []
        self._words: Counter[str] = Counter()
        self._forms: set[tuple[str, ...]] = set()
        self._known: deque[bool] = deque(maxlen=WINDOW)
        self._cells = self._rows = self._idle = self._said = 0

    def add(self, token: int) -> int | None:
        """Take the next token; give how many tokens to keep when it closes a loop, None otherwise.

        What the page shows so often is kept, and at least the first turn: it may well stand there.
        """
        number, text = self._count, self._texts.get(token)
        if text is None:
            text = self._texts[token] = self._piece(token)
        self._count += 1
        run = self._growth.add(text, number)
        if run and run.steps >= GROWING_STEPS and self._grows_too_far(run):
            return run.second
        for mark in self._reader.add(text, number):
            if self._is_too_much(mark):
                return self._loop_start()
        if number - self._said > QUIET_TOKENS:
            return self._said + 1
        return self._unbroken(self._said) if len(self._reader.unfinished) >= UNBROKEN else None

    @property
    def _page(self) -> PageLooks:
        if self._looks is None:
            self._looks = self._look()
        return self._looks

    def _grows_too_far(self, run: GrowingRun) -> bool:
        """Words between the numbers are counted as all words are."""
        if run.worded:
            return False
        if not run.rows:
            return run.steps > self._page.numbers * TURNS + MORE_TURNS
        rows = max([self._page.ruled, *self._page.repeated, *(like.count for like in self._page.columns)])
        return run.steps > rows * CLOSE_TURNS + MORE_TURNS

    def _is_too_much(self, mark: Mark) -> bool:
        self._count_mark(mark)
        self._marks.append(mark)
        form = tuple(each.form for each in self._marks[-3:])
        self._known.append(form in self._forms)
        self._forms.add(form)
        if self._cells > EMPTY_CELLS or self._idle >= IDLE_BOXES:
            return True
        if self._rows > EMPTY_ROWS and self._rows > self._page.ruled * 1.3 + MORE_TURNS:
            return True
        if len(self._marks) % EVERY or sum(self._known) < NOTHING_NEW:
            return False
        return self._says_more_than_the_page()

    def _count_mark(self, mark: Mark) -> None:
        self._said = self._said if mark.kind == ROW else mark.token
        if mark.kind == WORD:
            self._words[mark.text] += 1
            self._cells = self._rows = 0
        elif mark.kind == ROW:
            self._rows += self._cells > 0
            self._cells = 0
        elif mark.kind == CELL:
            self._cells += 1
        elif mark.kind == BOX:
            boxes = [each.box for each in self._marks[-40:] if each.kind == BOX]
            self._idle = self._idle + 1 if _is_idle(mark.box, boxes) else 0

    def _says_more_than_the_page(self) -> bool:
        """The words of late, the most frequent first, against the words that come again on the page."""
        late = {mark.text for mark in self._marks[-WINDOW:] if mark.kind == WORD}
        late = {text for text in late if self._words[text] > MORE_TURNS + TURNS}
        said = sorted(late, key=lambda text: self._words[text], reverse=True)
        least = [_least_width(text) for text in said]
        at_least, turns = self._turns_of_a_run(said)
        for rank, text in enumerate(said):
            before = sum(width >= least[rank] for width in least[:rank])
            shown = max(
                turns * self._alike(least[rank], before), CLOSE_TURNS * self._together(rank) + FEW_MORE
            )
            if len(said) > SHORT:  # of many words all come again, whole or in pieces
                shown = max(shown, CLOSE_TURNS * self._alike(0, rank))
            if self._words[text] > max(at_least, shown + MORE_TURNS):
                return True
        return False

    def _turns_of_a_run(self, said: Sequence[str]) -> tuple[float, float]:
        """How often each of these words may come on any page, and how much more often than it shows.

        The same few words in one place after the other are believed only where they stand together.
        """
        late = self._marks[-WINDOW:]
        if len(said) <= SHORT and any(mark.kind == BOX for mark in late):
            return LONG_TURNS, 0
        if len(said) > SHORT or any("\\" in text for text in said):
            return LONG_TURNS, TURNS
        room = min(SHORT_TURNS, max(LEAST_TURNS, 0.7 * self._page.words))
        if self._page.repeated:
            return room, REPEATING_TURNS
        return room, TURNS if len(said) > 2 else FEWER_TURNS

    def _alike(self, width: float, before: int) -> int:
        """How many words look alike that are at least so wide, when so many groups are others."""
        wide = [group.count for group in self._page.alike if group.width >= width]
        return wide[before] if before < len(wide) else 1

    def _together(self, rank: int) -> int:
        """How many stand together; of two groups, the words of one may be cut in two."""
        columns, repeated = self._page.columns, self._page.repeated
        found = [like.count for like in columns[rank // 2 : rank // 2 + 1]]
        return max([*found, *repeated[rank // 2 : rank // 2 + 1], 0])

    def _loop_start(self) -> int:
        start = self._first_of_the_loop()
        marks = self._marks[start:]
        second = start + _second_turn([mark.form for mark in marks])
        if self._page.repeated:
            shown = max(self._page.repeated)
            second = max(second, start + _turn_after([mark.text for mark in marks], shown))
        return self._marks[min(second, len(self._marks) - 1)].token

    def _first_of_the_loop(self) -> int:
        """How far back nearly everything is what was written of late."""
        late = self._marks[-WINDOW:]
        exact = _backwards([mark.text for mark in self._marks], {mark.text for mark in late})
        if len(self._marks) - exact > 2 * WINDOW or not any(mark.form.strip("0.,-") for mark in late):
            return exact
        return _backwards([mark.form for mark in self._marks], {mark.form for mark in late})

    def _unbroken(self, last: int) -> int | None:
        letters = self._reader.unfinished[-UNBROKEN:]
        parts = {letters[at : at + PART] for at in range(UNBROKEN - PART + 1)}
        few = len(parts) <= FEW * UNBROKEN and re.search(r"\w", letters.replace("_", ""))
        return last + 1 + 2 * PART if few else None


def _least_width(word: str) -> float:
    """In heights of small letters; half of what a word has, for it may have come apart."""
    return NARROW * sum(2 if ord(sign) > FIRST_WIDE else 1 for sign in word)


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


def _backwards(texts: Sequence[str], late: set[str]) -> int:
    """Where the end begins that has only these texts in it, but for a few."""
    start, missing = len(texts), 0
    for at in range(len(texts) - 1, -1, -1):
        missing += texts[at] not in late
        if missing > min(MOST_MISSING, BACKWARDS * (len(texts) - at)):
            break
        start = at if texts[at] in late else start
    return start


def _second_turn(forms: Sequence[str]) -> int:
    """Where three marks in a row come again for the first time."""
    first: dict[tuple[str, ...], int] = {}
    for at in range(len(forms) - 2):
        if first.setdefault(tuple(forms[at : at + 3]), at) != at:
            return at
    return min(1, len(forms))


def _turn_after(texts: Sequence[str], turns: int) -> int:
    """Where the most frequent word comes once more than so many times."""
    words = Counter(text for text in texts if text not in (ROW, CELL, BOX))
    if not words:
        return 0
    most, _ = words.most_common(1)[0]
    places = [at for at, text in enumerate(texts) if text == most]
    return places[turns] if len(places) > turns else len(texts) - 1
