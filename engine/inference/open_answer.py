"""One answer while it is given: which tokens it may not say, what it has said, and why it ended.

Tokens go in, one at a time. Knows no model and no tensor.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from papertray.engine.inference.loops import LoopGuard
from papertray.engine.pages import Ending, Watch


@dataclass(frozen=True, slots=True)
class DecodedTokens:
    """`ids` is what is worth keeping, without end token and loop; `generated_ids` is every token."""

    ids: tuple[int, ...]
    ending: Ending
    generated_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRules:
    """`prompt_ids` count as said before for `no_repeat_ngram`, as they do in transformers.

    An answer ends with a token of `eos`. Those of `whitelist` may always come again, and with an
    `ngram_window` all that was said so many tokens ago.
    """

    prompt_ids: tuple[int, ...] = ()
    eos: frozenset[int]
    max_tokens: int
    no_repeat_ngram: int | None = None
    ngram_window: int | None = None
    whitelist: frozenset[int] = frozenset()


class OpenAnswer:
    """`ended` is None until it has. The watch is asked before every token and told the count after it."""

    def __init__(self, rules: AnswerRules, watch: Watch, guard: LoopGuard | None = None) -> None:
        self._rules = rules
        self._watch = watch
        self._guard = guard
        self._ngrams = _Ngrams(rules.no_repeat_ngram, rules.whitelist, rules.prompt_ids, rules.ngram_window)
        self._ids: list[int] = []
        self.ended: DecodedTokens | None = None

    @property
    def last_token(self) -> int:
        return self._ids[-1]

    def wants_token(self) -> bool:
        if self.ended is None and len(self._ids) >= self._rules.max_tokens:
            self._end(len(self._ids), Ending.TOKEN_LIMIT)
        if self.ended is None and self._watch.cancelled:
            self._end(len(self._ids), Ending.CANCELLED)
        return self.ended is None

    def banned_tokens(self) -> list[int]:
        return self._ngrams.banned_tokens()

    def take(self, token: int) -> None:
        self._ids.append(token)
        self._watch.progress(len(self._ids))
        if token in self._rules.eos:
            self._end(len(self._ids) - 1, Ending.FINISHED)
            return
        loop_start = self._guard.add(token) if self._guard else None
        if loop_start is not None:
            self._end(loop_start, Ending.LOOP_CUT)
            return
        self._ngrams.add(token)

    def _end(self, kept: int, ending: Ending) -> None:
        self.ended = DecodedTokens(tuple(self._ids[:kept]), ending, tuple(self._ids))


class _Ngrams:
    """Which tokens would say, a second time, `size` tokens that were said before: ever, or in a window."""

    def __init__(
        self, size: int | None, whitelist: frozenset[int], prompt: Iterable[int], window: int | None
    ) -> None:
        self._active = bool(size)  # transformers, too, takes 0 for none
        self._reach = window - size if window and size else None  # from the end of an n-gram to now
        self._count = 0
        self._prefix_length = (size or 1) - 1
        self._whitelist = whitelist
        self._followers: dict[tuple[int, ...], dict[int, int]] = {}  # and where they stood last
        self._recent: tuple[int, ...] = ()
        for token in prompt:
            self.add(token)

    def add(self, token: int) -> None:
        if not self._active:
            return
        self._count += 1
        if len(self._recent) == self._prefix_length:
            self._followers.setdefault(self._recent, {})[token] = self._count
        self._recent = (*self._recent, token)[-self._prefix_length :] if self._prefix_length else ()

    def banned_tokens(self) -> list[int]:
        if not self._active or len(self._recent) < self._prefix_length:
            return []
        first = 0 if self._reach is None else self._count - self._reach - 1
        followers = self._followers.get(self._recent, {}).items()
        return [token for token, place in followers if place > first and token not in self._whitelist]
