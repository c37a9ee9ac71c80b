"""What drafts give on this processor: answers of one page or several, drafted from themselves with errors.

    python -m tests.bench.draft_speed deepseek-ocr bfloat16 --threads 1
    python -m tests.bench.draft_speed dots-ocr bfloat16 --layers 8 --errors 0.05 0.2 --pages 8

The language model in its full width with random weights. It is made to say a text that never repeats itself,
so that nothing but the draft helps and rounding changes no token: scores are computed, and bent at the end.
Every answer is given in turns without a draft and with one. Prints JSON: how many times as fast it was in the
same turn, on the clock and of the processor, how many tokens a step gave, and how many times as dear as one
row steps of more rows are.
"""

import argparse
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median
from time import perf_counter, process_time
from typing import Any

import torch

from papertray.engine.inference.decode import Decoder, DecodingPage, ended_answer, say_next_tokens
from papertray.engine.inference.decoder.describe import describe_decoder
from papertray.engine.inference.drafts.drafter import Drafter
from papertray.engine.inference.drafts.lengths import StepCosts
from papertray.engine.inference.open_answer import AnswerRules, OpenAnswer
from papertray.engine.pages import Watch
from tests.bench.decode_speed import language_model, rounded_model

ROWS = (1, 2, 4, 8, 16, 32)


def main() -> None:
    asked = _arguments()
    if asked.threads:
        torch.set_num_threads(asked.threads)
    dtype = getattr(torch, asked.dtype)
    model: Any = language_model(asked.model, asked.layers, dtype)
    torch.manual_seed(1)
    width = model.get_input_embeddings().embedding_dim
    prompt = {"inputs_embeds": torch.randn(1, asked.context, width).to(dtype)}
    ways = {"own loop": describe_decoder(model), "own loop, 8 bits": describe_decoder(rounded_model(model))}
    measured = {
        name: {"rows": _step_costs(way, prompt), "errors": _gains(way, prompt, asked)}
        for name, way in ways.items()
    }
    print(json.dumps({"bench": "draft_speed", **vars(asked), **measured}, indent=2))


@dataclass(frozen=True, slots=True)
class _Answer:
    ids: tuple[int, ...]
    steps: int
    clock: float
    processor: float


class _Scripted:
    """A decoder that says what is written on every page, at its usual cost; its steps are counted."""

    def __init__(self, decoder: Any, script: Sequence[int], prompt: int) -> None:
        self.forget, self.longest_draft = decoder.forget, decoder.longest_draft
        self.foresee = decoder.foresee
        self._decoder = decoder
        self._script = (*script, 0)
        self._prompt = prompt
        self.steps = 0

    def begin(self, inputs: Any) -> Any:
        context, scores = self._decoder.begin(inputs)
        return context, self._bend(scores, 0)

    def step(self, contexts: Sequence[Any], tokens: Sequence[Sequence[int]]) -> Any:
        self.steps += 1
        scores = self._decoder.step(contexts, tokens)
        by_page = scores.split([len(mine) for mine in tokens])
        for context, mine in zip(contexts, by_page, strict=True):
            self._bend(mine, context.length - len(mine) - self._prompt + 1)
        return scores

    def _bend(self, scores: torch.Tensor, first: int) -> torch.Tensor:
        for row, token in enumerate(self._script[first : first + len(scores)]):
            scores[row, token] = 1e4
        return scores


def _gains(decoder: Decoder, prompt: dict[str, torch.Tensor], asked: argparse.Namespace) -> dict[str, Any]:
    costs = StepCosts()
    script = random.Random(3).sample(range(90_000), asked.tokens)
    turns: list[dict[str, _Answer]] = []
    for _ in range(asked.turns):
        turn = {"plain": _answers(decoder, prompt, [None] * asked.pages, script, costs)}
        for share in asked.errors:
            drafters = [Drafter(partial(with_errors, script, share, page)) for page in range(asked.pages)]
            turn[str(share)] = _answers(decoder, prompt, drafters, script, costs)
        turns.append(turn)
    return {str(share): _summary(turns, str(share)) for share in asked.errors}


def _summary(turns: list[dict[str, _Answer]], name: str) -> dict[str, float]:
    ratios = {
        "tokens_a_step": [len(turn[name].ids) / turn[name].steps for turn in turns],
        "clock_times_as_fast": [turn["plain"].clock / turn[name].clock for turn in turns],
        "processor_times_as_fast": [turn["plain"].processor / turn[name].processor for turn in turns],
    }
    return {ratio: round(median(each), 2) for ratio, each in ratios.items()}


def _answers(
    decoder: Decoder,
    prompt: dict[str, torch.Tensor],
    drafters: Sequence[Drafter | None],
    script: Sequence[int],
    costs: StepCosts,
) -> _Answer:
    """Of all pages together; their prompts are no part of what is measured."""
    scripted = _Scripted(decoder, script, prompt["inputs_embeds"].shape[1])
    rules = AnswerRules(eos=frozenset(), max_tokens=len(script))
    pages = [DecodingPage(prompt, OpenAnswer(rules, Watch()), drafter) for drafter in drafters]
    say_next_tokens(scripted, pages, costs)
    began, spent = perf_counter(), process_time()
    while any(page.answer.wants_token() for page in pages):
        say_next_tokens(scripted, pages, costs)
    taken = perf_counter() - began, process_time() - spent
    assert all(ended_answer(page).ids == tuple(script) for page in pages)
    return _Answer(tuple(script), scripted.steps, *taken)


def with_errors(tokens: Sequence[int], share: float, seed: int = 0) -> list[int]:
    """Of so many tokens a third each is another, left out, or followed by one that is too much."""
    chance = random.Random(5 + seed)
    drafted: list[int] = []
    for token in tokens:
        kind = chance.randrange(3) if chance.random() < share else None
        drafted += {None: [token], 0: [token + 1], 1: [], 2: [token, token + 1]}[kind]
    return drafted


@torch.inference_mode()
def _step_costs(decoder: Any, prompt: dict[str, torch.Tensor]) -> dict[int, float]:
    """Of the processor, in turns."""
    context, _ = decoder.begin(prompt)
    spent: dict[int, list[float]] = {rows: [] for rows in ROWS}
    for turn in range(9):
        for rows in ROWS:
            tokens = [(turn * 7919 + row * 104729) % 90000 for row in range(rows)]
            began = process_time()
            decoder.step([context], [tokens])
            spent[rows].append(process_time() - began)
            decoder.forget(context, rows)
    return {rows: round(median(spent[rows]) / median(spent[1]), 2) for rows in ROWS}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("model", choices=("deepseek-ocr", "deepseek-ocr-2", "dots-ocr"))
    parser.add_argument("dtype", choices=("bfloat16", "float32"))
    parser.add_argument("--layers", type=int)
    parser.add_argument("--threads", type=int, help="on a busy machine, 1: nothing waits for another thread")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--context", type=int, default=267)
    parser.add_argument("--tokens", type=int, default=160)
    parser.add_argument("--pages", type=int, default=1)
    parser.add_argument("--errors", type=float, nargs="+", default=(0.05, 0.2, 0.5))
    return parser.parse_args()


if __name__ == "__main__":
    main()
