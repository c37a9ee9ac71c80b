"""Seconds a page of a large model on this processor, taken apart: views, prompt, each token of the answer.

    python -m tests.bench.whole_page deepseek-ocr --ways library-bfloat16 own-8-bit
    python -m tests.bench.whole_page deepseek-ocr-2 --pages 1 8
    python -m tests.bench.whole_page --all --ways own-8-bit

Full size, random weights, which are as fast as any; one way after the other in a process of its own, for two
of them would not fit a memory. Beside each stand the bytes a second that this machine copied just then, so
that a neighbour who took some is seen. `library-float32` is what most people would write: transformers' own
forward, nothing corrected. `page_parts.py` says what a typical page is. Prints a line of JSON for each way.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from papertray.engine.devices.environment import prepare_environment
from papertray.engine.devices.rows import ROWS, DeviceRow, with_page_cap
from papertray.engine.models.catalog import CATALOG, CatalogEntry, find_entry
from tests.bench.page_parts import REGIONS, TOKENS, Watched, measure_parts, step_together

WAYS = ("library-float32", "library-bfloat16", "own-bfloat16", "own-8-bit")
MODELS = tuple(entry.name for entry in sorted(CATALOG, key=lambda entry: entry.size) if entry.has_weights)
"""The small ones first."""
LAYOUT = "layout"


def main() -> None:
    asked = _arguments()
    if asked.checkpoint:
        print(json.dumps(_measure(asked, asked.models[0], asked.ways[0])))
        return
    for model in MODELS if asked.all else asked.models:
        with tempfile.TemporaryDirectory(dir=asked.folder) as place:
            _write(model, asked.size, Path(place))
            for way in asked.ways:
                told = _in_a_process(model, way, asked, Path(place))
                print(json.dumps({"bench": "whole_page", "model": model, "way": way, **told}), flush=True)


def _write(model: str, size: str, place: Path) -> None:
    from papertray.engine.devices.memory import free_memory
    from tests.engine.readers.full_size_models import write_layout, write_random

    write_random(model, size, place / model)
    if find_entry(model).finder:
        write_layout(size, place / LAYOUT)
    free_memory("cpu")  # it is wanted by whoever loads them


def _in_a_process(model: str, way: str, asked: argparse.Namespace, place: Path) -> dict[str, Any]:
    pages = [str(count) for count in asked.pages]
    command = [sys.executable, "-m", "tests.bench.whole_page", model, "--checkpoint", str(place)]
    command += ["--ways", way, "--steps", str(asked.steps), "--pages", *pages]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"failed": (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]}
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _measure(asked: argparse.Namespace, model: str, way: str) -> dict[str, Any]:
    if way.startswith("own"):
        prepare_environment()  # as papertray does; who writes a loop around the library does not
    import torch

    from papertray.engine.choice import load_model_reader
    from papertray.engine.devices.memory import MemoryPeak
    from papertray.engine.pages import ReadOptions

    entry, before, loading = find_entry(model), copied_a_second(), Watched()
    options, row = ReadOptions(max_tokens=TOKENS), find_row(way, entry)
    with MemoryPeak("cpu") as memory, torch.inference_mode():
        reader = loading.do(lambda: load_model_reader(entry, asked.checkpoint / model, row, options))
        parts = measure_parts(entry, reader, asked.steps, asked.checkpoint / LAYOUT)
        told = {"loading": loading.spent.figures(), **parts.figures()}
        begun = []
        for count in asked.pages if parts.views != REGIONS else ():
            begun += [parts.decoder.begin(parts.prompt.inputs) for _ in range(count - len(begun))]
            told[f"a step, {count} pages"] = step_together(parts.decoder, begun, asked.steps).figures(4)
    told["peak_gb"] = round(memory.bytes / 1e9, 1)
    told["copied_gb_s"] = [round(each / 1e9, 1) for each in (before, copied_a_second())]
    return told


def find_row(way: str, entry: CatalogEntry) -> DeviceRow:
    """The same pages for all ways: no larger than this model gets them on a processor."""
    library, _, rest = way.partition("-")
    wanted = ("bfloat16", "int8" if rest == "8-bit" else "plain")
    row = next(row for row in ROWS if row.device == "cpu" and (row.dtype, row.weights) == wanted)
    return with_page_cap(DeviceRow("cpu", rest) if library == "library" else row, entry.memory)


def copied_a_second(size: int = 1 << 28) -> float:
    """Bytes read and written in a second, by all threads that torch uses."""
    import torch

    one, other = torch.ones(size, dtype=torch.uint8), torch.empty(size, dtype=torch.uint8)
    best = 0.0
    for _ in range(5):
        started = time.perf_counter()
        other.copy_(one)
        best = max(best, 2 * size / (time.perf_counter() - started))
    return best


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("models", nargs="*", choices=MODELS, metavar="MODEL")
    parser.add_argument("--all", action="store_true", help="all large models of the catalogue")
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=WAYS)
    parser.add_argument("--pages", type=int, nargs="*", default=[4], help="so many together, too")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--size", choices=("small", "full"), default="full")
    parser.add_argument("--folder", help="where the random weights are put meanwhile")
    parser.add_argument("--checkpoint", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
