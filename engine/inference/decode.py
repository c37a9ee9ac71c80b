"""Let a loaded model speak: greedy, token by token, until it ends or has to be stopped.

Takes any causal model of transformers and the inputs of its first step (token ids, or embeddings with the
page already in them); gives the tokens and why they ended. Knows nothing of pages, prompts or text.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import torch

from papertray.engine.inference.finite import best_tokens, read_tokens
from papertray.engine.inference.loops import LoopGuard
from papertray.engine.pages import Ending, Watch


@dataclass(frozen=True, slots=True)
class DecodedTokens:
    """`ids` is what is worth keeping, without end token and loop; `generated_ids` is every token."""

    ids: tuple[int, ...]
    ending: Ending
    generated_ids: tuple[int, ...]


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


@torch.inference_mode()
def decode(
    model: Any,
    inputs: Mapping[str, Any],
    *,
    prompt_ids: Iterable[int] = (),
    eos: frozenset[int],
    max_tokens: int,
    no_repeat_ngram: int | None = None,
    ngram_window: int | None = None,
    whitelist: frozenset[int] = frozenset(),
    watch: Watch,
    guard: LoopGuard | None = None,
) -> DecodedTokens:
    """Read on until an `eos` token, the budget, a cancel or a loop. `inputs` are for the first step.

    `prompt_ids` count as said before for `no_repeat_ngram`, as they do in transformers. Tokens of `whitelist`
    may always come again, and with an `ngram_window` all that was said so many tokens ago. The watch is asked
    before every token and told the count after it. Raises `NumbersOverflowed` at the first step whose scores
    are no numbers.
    """
    ngrams = _Ngrams(no_repeat_ngram, whitelist, prompt_ids, ngram_window)
    generated_ids: list[int] = []
    step: Mapping[str, Any] = inputs
    cache: Any = None
    while len(generated_ids) < max_tokens:
        if watch.cancelled:
            return DecodedTokens(tuple(generated_ids), Ending.CANCELLED, tuple(generated_ids))
        output = model(**step, past_key_values=cache, use_cache=True, logits_to_keep=1)
        cache = output.past_key_values
        (token,) = _best(output.logits[:1, -1], ngrams.banned_tokens())
        generated_ids.append(token)
        watch.progress(len(generated_ids))
        if token in eos:
            return DecodedTokens(tuple(generated_ids[:-1]), Ending.FINISHED, tuple(generated_ids))
        loop_start = guard.add(token) if guard else None
        if loop_start is not None:
            return DecodedTokens(tuple(generated_ids[:loop_start]), Ending.LOOP_CUT, tuple(generated_ids))
        ngrams.add(token)
        step = {"input_ids": torch.tensor([[token]], device=output.logits.device)}
    return DecodedTokens(tuple(generated_ids), Ending.TOKEN_LIMIT, tuple(generated_ids))


def _best(scores: torch.Tensor, banned_tokens: list[int]) -> list[int]:
    if not banned_tokens:
        return read_tokens(best_tokens(scores))
    places = torch.tensor(banned_tokens, device=scores.device)
    return read_tokens(best_tokens(scores, scores.index_fill(1, places, float("-inf"))))
