"""Milliseconds a token of the large models on this processor: the library's way, and our own loop.

    python -m tests.bench.decode_speed deepseek-ocr-2 bfloat16
    python -m tests.bench.decode_speed deepseek-ocr-2 float32 --layers 6
    python -m tests.bench.decode_speed dots-ocr bfloat16 --pages 1 2 4 8

The language model in its full width with random weights, held once for all ways, which take turns. Prints
JSON: for each way, context and number of pages the median and the best tenth of the times, on the clock and
of the processor, and how many times as fast as the library's way it was in the same turn.
"""

import argparse
import copy
import json
from statistics import median
from time import perf_counter, process_time
from typing import Any

import torch
from torch import nn

from papertray.engine.devices.memory import MemoryPeak
from papertray.engine.inference.decode import Decoder, LibraryDecoder
from papertray.engine.inference.decoder.describe import describe_decoder
from papertray.engine.inference.decoder.eight_bit import SCALES, round_to_8_bits
from papertray.engine.inference.eight_bit_loading import EXPERT_WEIGHTS
from tests.engine.readers.random_models import full_size

CONTEXTS = (267, 1131)


def main() -> None:
    asked = _arguments()
    if asked.threads:
        torch.set_num_threads(asked.threads)
    dtype = getattr(torch, asked.dtype)
    with MemoryPeak("cpu") as memory:
        model: Any = language_model(asked.model, asked.layers, dtype)
        ways = {
            "library": LibraryDecoder(model),
            "own loop": describe_decoder(model),
            "own loop, 8 bits": describe_decoder(rounded_model(model)),
        }
        width = model.get_input_embeddings().embedding_dim
        measured = {
            f"{pages} pages of {context} tokens": _in_turns(
                ways, _prompts(context, pages, width, dtype), asked.turns
            )
            for context in asked.contexts
            for pages in asked.pages
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


def rounded_model(model: nn.Module) -> Any:
    """Another model, with the same weights where they are not rounded."""
    shared = {id(weights): weights for weights in (*model.parameters(), *model.buffers())}
    other: Any = copy.deepcopy(model, shared)
    for part in (*other.get_decoder().layers.modules(), other.get_output_embeddings()):
        names = ("weight",) if type(part) is nn.Linear else EXPERT_WEIGHTS & part._parameters.keys()
        for name in names:
            numbers, scales = round_to_8_bits(part.get_parameter(name).detach())
            setattr(part, name, nn.Parameter(numbers, requires_grad=False))
            setattr(part, f"{name}{SCALES}", scales)
    return other


def _prompts(context: int, pages: int, width: int, dtype: torch.dtype) -> list[dict[str, torch.Tensor]]:
    torch.manual_seed(context)
    return [{"inputs_embeds": torch.randn(1, context, width).to(dtype)} for _ in range(pages)]


def _in_turns(ways: dict[str, Decoder], prompts: list[dict[str, torch.Tensor]], turns: int) -> dict[str, Any]:
    """A step each, in turns, so that whatever else this machine does slows all ways alike."""
    answers = {name: _Answers(decoder, prompts) for name, decoder in ways.items()}
    clock: dict[str, list[float]] = {name: [] for name in ways}
    processor: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(turns):
        for name in list(ways) if turn % 2 else reversed(ways):
            answers[name].step()  # what the others did is no longer in the processor's caches
            began, spent = perf_counter(), process_time()
            answers[name].step()
            clock[name].append(1000 * (perf_counter() - began))
            processor[name].append(1000 * (process_time() - spent))
    first = next(iter(ways))
    return {
        name: {"first_token_processor_s": round(answers[name].first_token, 1)}
        | _summary("clock", clock[name], clock[first])
        | _summary("processor", processor[name], processor[first])
        for name in ways
    }


class _Answers:
    """Pages that are being answered together, a token of each in a step."""

    @torch.inference_mode()
    def __init__(self, decoder: Decoder, prompts: list[dict[str, torch.Tensor]]) -> None:
        self._decoder = decoder
        began = process_time()
        begun = [decoder.begin(prompt) for prompt in prompts]
        self.first_token = (process_time() - began) / len(prompts)
        self._contexts = [context for context, _ in begun]
        self._tokens = [int(scores.argmax()) for _, scores in begun]

    @torch.inference_mode()
    def step(self) -> None:
        given = [[token] for token in self._tokens]
        self._tokens = self._decoder.step(self._contexts, given).argmax(-1).tolist()


def _summary(of: str, spent: list[float], first: list[float]) -> dict[str, float]:
    return {
        f"{of}_ms": round(median(spent), 1),
        f"{of}_best_tenth_ms": round(sorted(spent)[len(spent) // 10], 1),
        f"{of}_times_as_fast": round(median(slow / fast for slow, fast in zip(first, spent, strict=True)), 2),
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("model", choices=("deepseek-ocr", "deepseek-ocr-2", "dots-ocr"))
    parser.add_argument("dtype", choices=("bfloat16", "float32"))
    parser.add_argument("--layers", type=int)
    parser.add_argument("--threads", type=int, help="on a busy machine, 1: nothing waits for another thread")
    parser.add_argument("--turns", type=int, default=60)
    parser.add_argument("--contexts", type=int, nargs="+", default=CONTEXTS)
    parser.add_argument("--pages", type=int, nargs="+", default=(1,))
    return parser.parse_args()


if __name__ == "__main__":
    main()
