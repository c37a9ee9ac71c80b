"""Notice that a model repeats itself, without mistaking a page that repeats itself for one.

Tokens go in one at a time; out comes the place where a loop began. What was said before is no proof: a list
may say "Present" a hundred times. So an answer that brings nothing new is only suspected, and then held
against the page: what was written far more often than anything there comes again, or than another reader has
made it out, is no longer read from it. The page is looked at once, and only on a suspicion. Knows no model;
costs microseconds a token.
"""

import re
from collections.abc import Callable

from papertray.engine.inference.growth import GrowingRun, Growth
from papertray.engine.inference.loop_start import find_loop_start
from papertray.engine.inference.marks import CELL, ROW, WORD, Mark, MarkReader
from papertray.engine.inference.page_limits import UNSEEN, PageLimits
from papertray.engine.inference.repeated_words import RepeatedWords
from papertray.engine.inference.second_opinion import SecondOpinion
from papertray.engine.inference.tally import Tally
from papertray.engine.layout.recurrence import PageLooks

QUIET_TOKENS = 300
"""No page has so many tokens in a row without a word, a cell or a place."""

LINE_OF_DOTS, MOST_LINES = 8, 38
"""But for so many lines of so many tokens, in which somebody is to write."""

GROWING_STEPS = 40
IN_NO_ORDER = 1.25
"""A few words that come in no order must be so many times as many as the page has room for."""

FUSED = 0.3
"""A page on which so much has run together is as good as not seen."""

UNBROKEN, PART, FEW = 200, 5, 0.18
"""Letters without a blank are a loop if their parts are so few."""


class LoopGuard:
    """Watches one answer.

    `piece` gives the text of a token, `look` how the page looks, and `seen` the words that another reader has
    made out on it, once it has.
    """

    def __init__(
        self,
        piece: Callable[[int], str],
        look: Callable[[], PageLooks] = lambda: UNSEEN,
        seen: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._piece = piece
        self._texts: dict[int, str] = {}
        self._look = look
        self._seen = seen
        self._opinion: SecondOpinion | None = None
        self._limits: PageLimits | None = None
        self._count = 0
        self._growth = Growth()
        self._reader = MarkReader()
        self._tally = Tally()
        self._said = 0  # the token with which the last mark that says anything is complete

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
            self._said = self._said if mark.kind == ROW else number
            if self._is_too_much(mark):
                shown = 0 if self._page.looks is UNSEEN else self._page.most_beside
                return find_loop_start(self._tally.marks, self._tally.last_turns(), shown)
        said = self._tally.said
        if number - self._tally.line > QUIET_TOKENS:
            return self._said + 1
        if number - said > QUIET_TOKENS and not self._draws_lines(number - said):
            return self._said + 1
        return self._unbroken(self._said) if len(self._reader.unfinished) >= UNBROKEN else None

    @property
    def _page(self) -> PageLimits:
        if self._limits is None:
            looks = self._look()
            self._limits = PageLimits(looks if looks.fused < FUSED else UNSEEN)
        return self._limits

    def _draws_lines(self, quiet: int) -> bool:
        """Lines of dots to write on, as forms have them."""
        return LINE_OF_DOTS * self._tally.quiet_rows <= quiet and 0 < self._tally.quiet_rows <= MOST_LINES

    def _grows_too_far(self, run: GrowingRun) -> bool:
        """Words between the numbers are counted as all words are."""
        if run.worded:
            return False
        return run.steps > (self._page.most_rows if run.rows else self._page.most_numbers)

    def _is_too_much(self, mark: Mark) -> bool:
        tally = self._tally
        tally.add(mark)
        if tally.says_nothing:
            return True
        if tally.has_empty_rows and tally.rows > self._page.most_rows:
            return True
        if tally.is_suspect():
            said = self._said_again()
            return self._page.are_exceeded_by(said) or self._is_not_made_out(said)
        return tally.says_little and self._page.has_no_room_for(self._said_again(), IN_NO_ORDER)

    def _is_not_made_out(self, said: RepeatedWords) -> bool:
        """Where another reader has made out the page, but not these words so often."""
        if self._opinion is None and (words := self._seen()):
            self._opinion = SecondOpinion(words)
        if self._opinion is None or self._page.may_have_in_columns(said):
            return False
        return self._opinion.denies(said, self._tally.words)

    def _said_again(self) -> RepeatedWords:
        tally = self._tally
        late = tally.late()
        words = tuple({mark.text: None for mark in late if mark.kind == WORD})
        return RepeatedWords(
            counts={word: tally.words[word] for word in words},
            numbers={form: tally.numbers[form] for form in {mark.form for mark in late}},
            written=tally.written,
            turn=tally.tokens_a_turn(),
            stretch=tally.stretch(),
            rows=tally.rows,
            lines=tally.passages.lines,
            cells=tally.passages.cells,
            pairs=tally.passages.again,
            late_pairs=tally.passages.again_among(late),
            in_rows=any(mark.kind == CELL for mark in late),
            in_lines=any(mark.kind in (ROW, CELL) for mark in late),
            placed=sum(bool(mark.box) for mark in late) > 1,
            hollow=tally.is_hollow,
        )

    def _unbroken(self, last: int) -> int | None:
        letters = self._reader.unfinished[-UNBROKEN:]
        parts = {letters[at : at + PART] for at in range(UNBROKEN - PART + 1)}
        few = len(parts) <= FEW * UNBROKEN and re.search(r"\w", letters.replace("_", ""))
        return last + 1 + 2 * PART if few else None
