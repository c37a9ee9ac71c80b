"""Let a loaded model speak: greedy, of one page or of several in turn.

Takes the inputs of an answer's first step (token ids, or embeddings with the page already in them); gives the
tokens and why they ended. Here alone scores become tokens. What comes next may be drafted: then one step
judges all of it, and what the model says otherwise is dropped. Knows nothing of pages, prompts or text.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from inspect import signature
from time import perf_counter
from typing import Any, Protocol

import torch
from torch import Tensor

from papertray.engine.inference.drafts.drafter import Draft, Drafter
from papertray.engine.inference.drafts.lengths import StepCosts, choose_lengths
from papertray.engine.inference.finite import TokenReading, best_tokens, read_tokens
from papertray.engine.inference.loops import LoopGuard
from papertray.engine.inference.open_answer import AnswerRules, DecodedTokens, OpenAnswer
from papertray.engine.pages import Watch

Inputs = Mapping[str, Any]


class Decoder(Protocol):
    """`begin` takes in a prompt and gives what is kept of it, and the scores [1, vocabulary] of a token.

    `step` takes one or more tokens into each of several contexts, and gives the scores of what comes after
    each [tokens of all, vocabulary]. `forget` takes the last of a context's tokens out again. `longest_draft`
    is how many tokens are worth a step at most: none, where a decoder cannot forget. `foresee` may begin what
    the next step will ask for if nothing changes.
    """

    @property
    def longest_draft(self) -> int: ...
    def begin(self, inputs: Inputs) -> tuple[Any, Tensor]: ...
    def step(self, contexts: Sequence[Any], tokens: Sequence[Sequence[int]]) -> Tensor: ...
    def forget(self, context: Any, tokens: int) -> None: ...
    def foresee(self, contexts: Sequence[Any], said: TokenReading) -> None: ...


@dataclass(frozen=True, slots=True)
class LibraryDecoder:
    """Any causal model of transformers, in the library's own way: one context after the other."""

    model: Any
    longest_draft: int = 0

    def begin(self, inputs: Inputs) -> tuple[Any, Tensor]:
        return self._forward(inputs, None, 1)

    def step(self, contexts: Sequence[Any], tokens: Sequence[Sequence[int]]) -> Tensor:
        scores = [
            self._forward({"input_ids": torch.tensor([mine], device=context.device)}, context, len(mine))[1]
            for context, mine in zip(contexts, tokens, strict=True)
        ]
        return torch.cat(scores) if len(scores) > 1 else scores[0]

    def forget(self, context: Any, tokens: int) -> None:
        """Nothing is drafted."""

    def foresee(self, contexts: Sequence[Any], said: TokenReading) -> None:
        """Nothing is begun that was not asked for."""

    def _forward(self, inputs: Inputs, context: Any, scores: int) -> tuple[Any, Tensor]:
        kind: object = type(self.model)
        name, kept = _name_of_cache(kind), None if context is None else context.cache
        output = self.model(**inputs, **{name: kept}, use_cache=True, logits_to_keep=scores)
        return _LibraryContext(getattr(output, name), output.logits.device), output.logits[0, -scores:]


@cache
def _name_of_cache(kind: object) -> str:
    """transformers has had another one since its version 5.24."""
    forward = getattr(kind, "forward", None)
    return "cache" if forward and "cache" in signature(forward).parameters else "past_key_values"


@dataclass(frozen=True, slots=True)
class _LibraryContext:
    """The cache is the library's, and the same one from step to step."""

    cache: Any
    device: Any


class DecodingPage:
    """An answer, and what its decoder keeps of it. `inputs` are dropped when they were taken in."""

    def __init__(self, inputs: Inputs, answer: OpenAnswer, drafter: Drafter | None = None) -> None:
        self.answer = answer
        self._inputs = inputs
        self._drafter = drafter
        self._context: Any = None

    @property
    def begun(self) -> bool:
        return self._context is not None

    @property
    def context(self) -> Any:
        return self._context

    def begin(self, decoder: Decoder) -> Tensor:
        self._context, scores = decoder.begin(self._inputs)
        self._inputs = {}
        return scores

    def draft(self, most: int) -> Draft:
        return self._drafter.draft(most) if self._drafter and most else Draft()

    def take(self, tokens: Sequence[int], scores: Tensor, draft: Sequence[int]) -> int:
        """The best tokens after the last one and after each of a draft, as far as it holds; gives how far."""
        for number, best in enumerate(tokens):
            token = _allowed(best, scores[number : number + 1], self.answer.banned_tokens())
            self.answer.take(token)
            if self._drafter:
                self._drafter.take(token)
            if tuple(draft[number : number + 1]) != (token,) or not self.answer.wants_token():
                return number
        return len(draft)


@torch.inference_mode()
def say_next_tokens(decoder: Decoder, pages: Sequence[DecodingPage], costs: StepCosts) -> None:
    """At least one more token of every page that wants one.

    Raises `NumbersOverflowed` where scores are no numbers.
    """
    wanting = [page for page in pages if page.answer.wants_token()]
    begun = [page for page in wanting if page.begun]
    for page in wanting:
        if not page.begun:
            scores = page.begin(decoder)
            page.take(read_tokens(best_tokens(scores)), scores, ())
    if begun:
        _step(decoder, begun, costs)


def _step(decoder: Decoder, pages: Sequence[DecodingPage], costs: StepCosts) -> None:
    drafts = [page.draft(decoder.longest_draft) for page in pages]
    lengths = choose_lengths([draft.chances for draft in drafts], costs.of)
    drafted = [draft.tokens[:length] for draft, length in zip(drafts, lengths, strict=True)]
    given = [(page.answer.last_token, *draft) for page, draft in zip(pages, drafted, strict=True)]
    started = perf_counter()
    scores = decoder.step([page.context for page in pages], given)
    said = TokenReading(best_tokens(scores))
    if not any(drafted):
        decoder.foresee([page.context for page in pages], said)
    best = said.numbers
    costs.learn(len(best), perf_counter() - started)
    start = 0
    for page, draft in zip(pages, drafted, strict=True):
        end = start + 1 + len(draft)
        held = page.take(best[start:end], scores[start:end], draft)
        decoder.forget(page.context, len(draft) - held)
        start = end


def decode(
    model: Any,
    inputs: Inputs,
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
    """One answer to its end. `model` is a decoder, or any causal model of transformers."""
    decoder: Decoder = model if hasattr(model, "begin") else LibraryDecoder(model)
    rules = AnswerRules(
        prompt_ids=tuple(prompt_ids),
        eos=eos,
        max_tokens=max_tokens,
        no_repeat_ngram=no_repeat_ngram,
        ngram_window=ngram_window,
        whitelist=whitelist,
    )
    return decode_page(decoder, DecodingPage(inputs, OpenAnswer(rules, watch, guard)), StepCosts())


def decode_page(decoder: Decoder, page: DecodingPage, costs: StepCosts) -> DecodedTokens:
    while page.answer.wants_token():
        say_next_tokens(decoder, [page], costs)
    return ended_answer(page)


def ended_answer(page: DecodingPage) -> DecodedTokens:
    assert page.answer.ended is not None
    return page.answer.ended


def _allowed(best: int, scores: Tensor, banned: Sequence[int]) -> int:
    """The best token but for the banned ones; `scores` are a single row."""
    if best not in banned:
        return best
    others = scores.index_fill(1, torch.tensor(banned, device=scores.device), float("-inf"))
    return read_tokens(best_tokens(scores, others))[0]
