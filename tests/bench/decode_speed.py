"""Milliseconds a token of the large models on this processor: the library's way, and with each correction.

    python -m tests.bench.decode_speed deepseek-ocr-2 bfloat16
    python -m tests.bench.decode_speed deepseek-ocr-2 float32 --layers 6
    python -m tests.bench.decode_speed dots-ocr float32

The language model in its full width with random weights, held once for all ways, which take turns. Prints
JSON: for each way and context the median and the best tenth of the times, and how many times as fast as the
library's way it was in the same turn.
"""

import argparse
import copy
import json
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any

import torch
from torch import nn

from papertray.engine.devices.memory import MemoryPeak
from papertray.engine.patches import cache_with_room, one_row_attention, one_row_products
from tests.engine.readers.random_models import full_size

CONTEXTS = (267, 1131)
WAYS = {
    "library": (),
    "one_row_products": (one_row_products.patch,),
    "cache_with_room": (cache_with_room.patch,),
    "one_row_attention": (one_row_attention.patch,),
    "all": (one_row_products.patch, cache_with_room.patch, one_row_attention.patch),
    "all, every product with vectors": (
        partial(one_row_products.patch, faster=lambda _dtype: True),
        cache_with_room.patch,
        one_row_attention.patch,
    ),
}


def main() -> None:
    asked = _arguments()
    dtype = getattr(torch, asked.dtype)
    with MemoryPeak("cpu") as memory:
        model = language_model(asked.model, asked.layers, dtype)
        ways = {name: _corrected(model, patches) for name, patches in WAYS.items()}
        measured = {
            f"context of {context} tokens": _in_turns(ways, context, asked.turns, dtype)
            for context in CONTEXTS
        }
    told = {"bench": "decode_speed", **vars(asked), "peak_gb": round(memory.bytes / 1e9, 1), **measured}
    print(json.dumps(told, indent=2))


def language_model(name: str, layers: int | None, dtype: torch.dtype) -> nn.Module:
    """Without its vision tower, and with the first layers only where so asked."""
    with torch.device("meta"):
        model = full_size(name, layers).to(dtype)
    (model.model if hasattr(model.model, "vision_tower") else model).vision_tower = None
    frequencies = {place: type(each)(each.config) for place, each in _rotary(model).items()}
    model.to_empty(device="cpu")
    for place, each in frequencies.items():
        model.set_submodule(place, each)
    some = torch.randn(1 << 20, generator=torch.Generator().manual_seed(7)).to(dtype) * 0.02
    with torch.no_grad():
        for weights in model.parameters():
            for piece in weights.view(-1).split(len(some)):
                piece.copy_(some[: len(piece)])
            if weights.dim() == 1:
                weights.fill_(1)
    return model.eval()


def _rotary(model: nn.Module) -> dict[str, Any]:
    return {place: each for place, each in model.named_modules() if place.endswith("rotary_emb")}


def _corrected(model: nn.Module, patches: tuple[Any, ...]) -> nn.Module:
    """Another model on the same weights."""
    shared = {id(weights): weights for weights in (*model.parameters(), *model.buffers())}
    other = copy.deepcopy(model, shared)
    for patch in patches:
        patch(other)
    return other


def _in_turns(ways: dict[str, nn.Module], context: int, turns: int, dtype: torch.dtype) -> dict[str, Any]:
    """A token each, in turns, so that whatever else this machine does slows all ways alike."""
    answers = {name: _Answer(model, context, dtype) for name, model in ways.items()}
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(turns):
        for name in list(ways) if turn % 2 else reversed(ways):
            answers[name].token()  # what the others did is no longer in the processor's caches
            began = perf_counter()
            answers[name].token()
            spent[name].append(1000 * (perf_counter() - began))
    return {name: _summary(spent[name], spent["library"]) for name in ways}


class _Answer:
    """An answer that is being given: each token as `engine.inference.decode` lets a model say it."""

    def __init__(self, model: Any, context: int, dtype: torch.dtype) -> None:
        self._model, self._cache = model, None
        torch.manual_seed(context)
        self._step(
            inputs_embeds=torch.randn(1, context, model.get_input_embeddings().embedding_dim).to(dtype)
        )

    def token(self) -> None:
        self._step(input_ids=torch.tensor([[self._said]]))

    @torch.inference_mode()
    def _step(self, **given: Any) -> None:
        output = self._model(**given, past_key_values=self._cache, use_cache=True, logits_to_keep=1)
        self._cache, self._said = output.past_key_values, int(output.logits[0, -1].argmax())


def _summary(spent: list[float], library: list[float]) -> dict[str, float]:
    return {
        "ms_a_token": round(median(spent), 1),
        "best_tenth_ms": round(sorted(spent)[len(spent) // 10], 1),
        "times_as_fast": round(median(slow / fast for slow, fast in zip(library, spent, strict=True)), 2),
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("model", choices=("deepseek-ocr", "deepseek-ocr-2", "dots-ocr"))
    parser.add_argument("dtype", choices=("bfloat16", "float32"))
    parser.add_argument("--layers", type=int)
    parser.add_argument("--turns", type=int, default=60)
    return parser.parse_args()


if __name__ == "__main__":
    main()
