"""Measure models of full size, with random weights, on the device rows of this machine.

For each model and row: loading, one page, tokens a second, memory. Prints JSON. On a machine without a GPU
it measures the processor's rows, which is also how the suite runs it, on smaller models:

    python -m tests.gpu.full_size --size full                      # every model on every row of the GPU
    python -m tests.gpu.full_size --size full --budget-gib 6       # as if the card had 6 GiB
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from PIL import Image

from papertray.engine.choice import load_model_reader
from papertray.engine.devices.memory import MemoryPeak, drop_frames, free_memory, is_out_of_memory
from papertray.engine.devices.rows import GIB, ROWS, DeviceRow
from papertray.engine.models.catalog import find_entry
from papertray.engine.pages import PageImage, ReadOptions, Watch
from tests.engine.readers.random_models import Made, random_checkpoint

MODELS = ("deepseek-ocr", "deepseek-ocr-2", "dots-ocr")
IMAGES = Path(__file__).parents[1] / "reference" / "images"
PAGES = {"small": "p300x200.png", "medium": "p300x200.png", "full": "p1654x2339.png"}


def main(arguments: Sequence[str] | None = None) -> None:
    asked = _arguments(arguments)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    if asked.budget_gib and device == "cuda":
        whole = torch.cuda.get_device_properties(0).total_memory
        torch.cuda.set_per_process_memory_fraction(asked.budget_gib * GIB / whole)
    measured: list[dict[str, Any]] = []
    for model in asked.model or MODELS:
        with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
            made = random_checkpoint(model, asked.size, Path(folder) / model)
            rows = rows_of(device, asked.device_rows)
            measured += [measure_row(model, made, row, asked) for row in rows]
    json.dump(measured, sys.stdout, indent=1)


def rows_of(device: str, wanted: str) -> list[DeviceRow]:
    """On a GPU the rows for a card with bfloat16, and one older card's; on the processor the 4-bit row."""
    if device == "cpu":
        rows = [row for row in ROWS if row.device == "cpu"]
        return [row for row in rows if wanted == "all" or (row.weights, row.dtype) == ("nf4", "bfloat16")]
    rows = [row for row in ROWS if row.device == device and (row.native or row.longest_side)]
    small = replace(next(row for row in rows if row.weights == "nf4"), longest_side=None)
    return [*rows, small] if small not in rows else rows


def measure_row(model: str, made: Made, row: DeviceRow, asked: argparse.Namespace) -> dict[str, Any]:
    """Running out of memory is a measurement too."""
    told: dict[str, Any] = {"model": model, "row": str(row), "published_bytes": _published(made)}
    try:
        told |= _measured(model, made, row, asked)
    except RuntimeError as problem:
        if not is_out_of_memory(problem):
            raise
        told["ran_out"] = str(problem).partition("\n")[0]
        drop_frames(problem)
    free_memory(row.device)
    print(json.dumps(told), file=sys.stderr)
    return told


def _measured(model: str, made: Made, row: DeviceRow, asked: argparse.Namespace) -> dict[str, Any]:
    _warm_up(row)
    start = time.perf_counter()
    with MemoryPeak(row.device) as loading:
        options = ReadOptions(max_tokens=asked.tokens, no_repeat_ngram=35)
        reader = load_model_reader(find_entry(model), made.checkpoint.folder, row, options)
    loaded = time.perf_counter()
    weights = weights_bytes(reader.model)
    page = PageImage(Image.open(IMAGES / PAGES[asked.size]).convert("RGB"))
    first = _First()
    with MemoryPeak(row.device) as reading:
        said = reader.ask(page, reader.attempts[0], Watch(progress=first)).transcript
    done = time.perf_counter()
    return {
        "weights_bytes": weights,
        "load_seconds": round(loaded - start, 2),
        "load_peak_bytes": loading.bytes,
        "prompt_tokens": len(said.prompt_ids),
        "tokens": len(said.generated_ids),
        "page_seconds": round(done - loaded, 2),
        "first_token_seconds": round(first.at - loaded, 2),
        "tokens_per_second": round((len(said.generated_ids) - 1) / max(done - first.at, 1e-9), 2),
        "page_peak_bytes": reading.bytes,
    }


class _First:
    """When the first token came."""

    at = 0.0

    def __call__(self, tokens: int) -> None:
        self.at = self.at or time.perf_counter()


def weights_bytes(model: torch.nn.Module) -> int:
    """All parameters and buffers, with the scales of quantised ones."""
    held = [*model.parameters(), *model.buffers()]
    states = [state for tensor in held if (state := getattr(tensor, "quant_state", None)) is not None]
    scales = [scale for state in states for scale in (state.absmax, state.state2.absmax)]
    return sum(tensor.nbytes for tensor in [*held, *scales])


def _published(made: Made) -> int:
    return sum(shard.stat().st_size for shard in made.checkpoint.folder.glob("*.safetensors"))


def _warm_up(row: DeviceRow) -> None:
    """What the libraries take for themselves is not the model's."""
    if row.weights == "nf4":
        import bitsandbytes

        bitsandbytes.functional.quantize_4bit(torch.ones(64, 64, device=row.device), quant_type="nf4")
    torch.ones(64, 64, device=row.device) @ torch.ones(64, 64, device=row.device)


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--model", action="append", choices=MODELS)
    parser.add_argument("--size", default="small", choices=("small", "medium", "full"))
    parser.add_argument("--tokens", type=int, default=64)
    parser.add_argument("--budget-gib", type=float)
    parser.add_argument("--device-rows", default="default", choices=("default", "all"))
    parser.add_argument("--folder", help="where the random weights are put meanwhile")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
