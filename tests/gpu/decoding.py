"""Milliseconds a step on a card: the library's way, and our own recorded one, for 1, 8 and 32 pages.

Beside them the floor: the bytes of weights that a token of one page must read, over what the card copies in
that time. Random weights spread tokens evenly over experts; real ones share more.
"""

import time
from typing import Any

import torch

from papertray.engine.choice import load_model_reader
from papertray.engine.devices.memory import free_memory
from papertray.engine.devices.rows import DeviceRow
from papertray.engine.inference.decode import Decoder, LibraryDecoder
from papertray.engine.inference.finite import TokenReading, best_tokens
from papertray.engine.models.catalog import find_entry
from papertray.engine.pages import ReadOptions
from tests.engine.readers.random_models import Made
from tests.gpu.full_size import weights_bytes

CONTEXT = 1000
PAGES = (1, 8, 32)
WARM_UP, STEPS = 5, 50


def measure_decoding(
    model: str, made: Made, row: DeviceRow, pages: tuple[int, ...] = PAGES
) -> dict[str, Any]:
    reader = load_model_reader(find_entry(model), made.checkpoint.folder, row, ReadOptions(max_tokens=64))
    library, own = LibraryDecoder(reader.model), reader.decoder
    measured: dict[str, Any] = {"row": str(row), "floor_ms": round(_floor(reader.model, row.device), 3)}
    measured["step"] = _name_of_step(own)
    measured["library_ms"] = _milliseconds(library, reader.model, 1)
    for count in pages:
        measured[f"own_ms_{count}_pages"] = each = _milliseconds(own, reader.model, count)
        measured[f"own_tokens_a_second_{count}_pages"] = round(1000 * count / each)
    reader.close()
    free_memory(row.device)
    return measured


@torch.inference_mode()
def _milliseconds(decoder: Decoder, model: Any, pages: int) -> float:
    """A step as when a page is read: its tokens are read, and the next one is begun meanwhile."""
    embeddings = model.get_input_embeddings()
    like = embeddings(torch.zeros(1, dtype=torch.long, device=model.device))
    begun = [
        decoder.begin({"inputs_embeds": torch.randn(1, CONTEXT, like.shape[1]).to(like)})
        for _ in range(pages)
    ]
    contexts = [context for context, _ in begun]
    tokens = [int(scores.argmax()) for _, scores in begun]
    started = 0.0
    for number in range(WARM_UP + STEPS):
        if number == WARM_UP:
            started = time.perf_counter()
        said = TokenReading(best_tokens(decoder.step(contexts, [[token] for token in tokens])))
        decoder.foresee(contexts, said)
        tokens = said.numbers
    return round(1000 * (time.perf_counter() - started) / STEPS, 3)


def _name_of_step(decoder: Any) -> str:
    """Whose calls a card plays."""
    return str(getattr(getattr(decoder, "_make_step", None), "__qualname__", "")).partition(".")[0]


def _floor(model: Any, device: str) -> float:
    text = model.get_decoder()
    experts = [layer.mlp for layer in text.layers if hasattr(layer.mlp, "experts")]
    routed = sum(weights_bytes(each.experts) for each in experts)
    chosen = experts[0].gate.top_k / experts[0].gate.num_experts if experts else 0
    touched = (
        weights_bytes(text.layers) - routed * (1 - chosen) + weights_bytes(model.get_output_embeddings())
    )
    return 1000 * touched / _bytes_a_second(device)


def _bytes_a_second(device: str, size: int = 1 << 28) -> float:
    """Read and written by the largest copy."""
    one = torch.empty(size, dtype=torch.uint8, device=device)
    other = torch.empty_like(one)
    other.copy_(one)
    wait = torch.cuda.synchronize if device == "cuda" else (lambda: None)
    wait()
    started = time.perf_counter()
    for _ in range(10):
        other.copy_(one)
    wait()
    return 10 * 2 * size / (time.perf_counter() - started)
