"""What drafts give on this processor: one page's answer, drafted from itself with so many errors.

    python -m tests.bench.draft_speed deepseek-ocr bfloat16 --threads 1
    python -m tests.bench.draft_speed dots-ocr bfloat16 --layers 8 --errors 0.05 0.2

The language model in its full width with random weights. It may not say the same three tokens twice, so that
nothing but the draft helps. Every answer is given in turns without a draft and with one. Prints JSON: how
many times as fast it was in the same turn, on the clock and of the processor, how many tokens a step gave,
and how many times as dear as one row steps of more rows are. In float32 another token is an error.
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

from papertray.engine.inference.decode import Decoder, DecodingPage, decode_page
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


class _Counting:
    """A decoder whose steps are counted."""

    def __init__(self, decoder: Any) -> None:
        self.begin, self.forget, self.longest_draft = decoder.begin, decoder.forget, decoder.longest_draft
        self._step = decoder.step
        self.steps = 0

    def step(self, contexts: Sequence[Any], tokens: Sequence[Sequence[int]]) -> Any:
        self.steps += 1
        return self._step(contexts, tokens)


def _gains(decoder: Decoder, prompt: dict[str, torch.Tensor], asked: argparse.Namespace) -> dict[str, Any]:
    costs = StepCosts()
    turns: list[dict[str, _Answer]] = []
    for _ in range(asked.turns):
        plain = _answer(decoder, prompt, None, asked.tokens, costs)
        turn = {"plain": plain}
        for share in asked.errors:
            words = with_errors(plain.ids, share)
            drafter = Drafter(partial(list, words))
            turn[str(share)] = _answer(decoder, prompt, drafter, asked.tokens, costs)
            if asked.dtype == "float32":
                assert turn[str(share)].ids == plain.ids
        turns.append(turn)
    return {str(share): _summary(turns, str(share)) for share in asked.errors}


def _summary(turns: list[dict[str, _Answer]], name: str) -> dict[str, float]:
    return {
        "tokens_a_step": round(median(len(turn[name].ids) / turn[name].steps for turn in turns), 2),
        "clock_times_as_fast": round(median(turn["plain"].clock / turn[name].clock for turn in turns), 2),
        "processor_times_as_fast": round(
            median(turn["plain"].processor / turn[name].processor for turn in turns), 2
        ),
        "same_tokens": median(
            sum(one == other for one, other in zip(turn["plain"].ids, turn[name].ids, strict=True))
            / len(turn[name].ids)
            for turn in turns
        ),
    }


def _answer(
    decoder: Decoder,
    prompt: dict[str, torch.Tensor],
    drafter: Drafter | None,
    tokens: int,
    costs: StepCosts,
) -> _Answer:
    counting = _Counting(decoder)
    answer = OpenAnswer(AnswerRules(eos=frozenset(), max_tokens=tokens, no_repeat_ngram=3), Watch())
    page = DecodingPage(prompt, answer, drafter)
    began, spent = perf_counter(), process_time()
    ids = decode_page(counting, page, costs).ids
    return _Answer(ids, counting.steps, perf_counter() - began, process_time() - spent)


def with_errors(tokens: Sequence[int], share: float) -> list[int]:
    """Of so many tokens a third each is another, left out, or followed by one that is too much."""
    chance = random.Random(5)
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
    parser.add_argument("--errors", type=float, nargs="+", default=(0.05, 0.2, 0.5))
    return parser.parse_args()


if __name__ == "__main__":
    main()
