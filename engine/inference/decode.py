"""Let a loaded model speak: greedy, token by token, of one page or of several in turn.

Takes the inputs of an answer's first step (token ids, or embeddings with the page already in them); gives the
tokens and why they ended. Here alone scores become tokens. Knows nothing of pages, prompts or text.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import Tensor

from papertray.engine.inference.finite import best_tokens, read_tokens
from papertray.engine.inference.loops import LoopGuard
from papertray.engine.inference.open_answer import AnswerRules, DecodedTokens, OpenAnswer
from papertray.engine.pages import Watch

Inputs = Mapping[str, Any]


class Decoder(Protocol):
    """`begin` takes in a prompt and gives what is kept of it, and the scores [1, vocabulary] of a token.

    `step` takes one more token into each of several contexts, and gives the scores of the next ones.
    """

    def begin(self, inputs: Inputs) -> tuple[Any, Tensor]: ...
    def step(self, contexts: Sequence[Any], tokens: Sequence[int]) -> Tensor: ...


@dataclass(frozen=True, slots=True)
class LibraryDecoder:
    """Any causal model of transformers, in the library's own way: one context after the other."""

    model: Any

    def begin(self, inputs: Inputs) -> tuple[Any, Tensor]:
        return self._forward(inputs, None)

    def step(self, contexts: Sequence[Any], tokens: Sequence[int]) -> Tensor:
        scores = [
            self._forward({"input_ids": torch.tensor([[token]], device=context.device)}, context)[1]
            for context, token in zip(contexts, tokens, strict=True)
        ]
        return torch.cat(scores) if len(scores) > 1 else scores[0]

    def _forward(self, inputs: Inputs, context: Any) -> tuple[Any, Tensor]:
        cache = None if context is None else context.cache
        output = self.model(**inputs, past_key_values=cache, use_cache=True, logits_to_keep=1)
        return _LibraryContext(output.past_key_values, output.logits.device), output.logits[:1, -1]


@dataclass(frozen=True, slots=True)
class _LibraryContext:
    """The cache is the library's, and the same one from step to step."""

    cache: Any
    device: Any


class DecodingPage:
    """An answer, and what its decoder keeps of it. `inputs` are dropped when they were taken in."""

    def __init__(self, inputs: Inputs, answer: OpenAnswer) -> None:
        self.answer = answer
        self._inputs = inputs
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


@torch.inference_mode()
def say_next_tokens(decoder: Decoder, pages: Sequence[DecodingPage]) -> None:
    """One more token of every page that wants one. Raises `NumbersOverflowed` where scores are no numbers."""
    wanting = [page for page in pages if page.answer.wants_token()]
    begun = [page for page in wanting if page.begun]
    others = [page for page in wanting if not page.begun]
    scores = [page.begin(decoder) for page in others]
    if begun:
        tokens = [page.answer.last_token for page in begun]
        scores.insert(0, decoder.step([page.context for page in begun], tokens))
    if wanting:
        answers = [page.answer for page in (*begun, *others)]
        for answer, token in zip(answers, _best(torch.cat(scores), answers), strict=True):
            answer.take(token)


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
    return decode_page(decoder, DecodingPage(inputs, OpenAnswer(rules, watch, guard)))


def decode_page(decoder: Decoder, page: DecodingPage) -> DecodedTokens:
    while page.answer.wants_token():
        say_next_tokens(decoder, [page])
    return ended_answer(page)


def ended_answer(page: DecodingPage) -> DecodedTokens:
    assert page.answer.ended is not None
    return page.answer.ended


def _best(scores: Tensor, answers: Sequence[OpenAnswer]) -> list[int]:
    banned = [(row, token) for row, answer in enumerate(answers) for token in answer.banned_tokens()]
    if not banned:
        return read_tokens(best_tokens(scores))
    rows, tokens = torch.tensor(banned, device=scores.device).T
    forbidden = torch.tensor(float("-inf"), dtype=scores.dtype, device=scores.device)
    return read_tokens(best_tokens(scores, scores.index_put((rows, tokens), forbidden)))
