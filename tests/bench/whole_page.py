"""Seconds a page of a large model on this processor, taken apart: views, prompt, each token of the answer.

    python -m tests.bench.whole_page deepseek-ocr --ways library-bfloat16 own-8-bit
    python -m tests.bench.whole_page deepseek-ocr-2 --pages 1 8

Full size, random weights, one way after the other in a process of its own, for two of them would not fit a
memory. Beside each stand the bytes a second that this machine copied just then, so that a neighbour who took
some is seen. `library-float32` is what most people would write: transformers' own forward, nothing corrected.
Prints JSON; the typical page has six tiles beside the whole, and 1,000 tokens.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from papertray.engine.devices.environment import prepare_environment

PICTURES = {"one view": (640, 600), "seven views": (1240, 1754)}
TOKENS = 1000
WAYS = ("library-float32", "library-bfloat16", "own-bfloat16", "own-8-bit")


def main() -> None:
    asked = _arguments()
    if asked.checkpoint:
        print(json.dumps(_measure(asked.model, asked.checkpoint, asked.ways[0], asked.pages, asked.steps)))
        return
    from tests.engine.readers.random_models import random_checkpoint

    with tempfile.TemporaryDirectory(dir=asked.folder) as place:
        random_checkpoint(asked.model, asked.size, Path(place) / asked.model)
        told = {way: _in_a_process(way, asked, Path(place) / asked.model) for way in asked.ways}
    print(json.dumps({"bench": "whole_page", "model": asked.model, **told}, indent=2))


def _in_a_process(way: str, asked: argparse.Namespace, folder: Path) -> Any:
    pages = [str(count) for count in asked.pages]
    command = [sys.executable, "-m", "tests.bench.whole_page", asked.model, "--checkpoint", str(folder)]
    command += ["--ways", way, "--steps", str(asked.steps), "--pages", *pages]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"failed": (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]}
    return json.loads(done.stdout)


def _measure(model: str, folder: Path, way: str, pages: list[int], steps: int) -> dict[str, Any]:
    if way.startswith("own"):
        prepare_environment()  # as papertray does; who writes a loop around the library does not
    import torch

    from papertray.engine.choice import load_model_reader
    from papertray.engine.devices.memory import MemoryPeak
    from papertray.engine.models.catalog import find_entry
    from papertray.engine.pages import ReadOptions

    before = copied_a_second()
    loading = Watched()
    with MemoryPeak("cpu") as memory:
        options = ReadOptions(max_tokens=TOKENS)
        reader = loading.do(lambda: load_model_reader(find_entry(model), folder, find_row(way), options))
    told: dict[str, Any] = {"loading": loading.figures(), "load_peak_gb": round(memory.bytes / 1e9, 1)}
    with torch.inference_mode():
        for name, size in PICTURES.items():
            looking = Watched()
            prompt = looking.do(lambda size=size: encode_picture(reader, size))
            told[f"{name}: looking"] = looking.figures()
        reading = Watched()
        begun = [reading.do(lambda: reader.decoder.begin(prompt.inputs))]
        told["prompt"] = reading.figures() | {"tokens": len(prompt.token_ids)}
        for count in pages:
            begun += [reader.decoder.begin(prompt.inputs) for _ in range(count - len(begun))]
            told[f"a step, {count} pages"] = step_together(reader.decoder, begun, steps)
    parts = (told["seven views: looking"], told["prompt"], told[f"a step, {pages[0]} pages"])
    looked, read, step = (part["clock_s"] for part in parts)
    told["typical_page_s"] = round(looked + read + TOKENS * step, 1)
    told["copied_gb_s"] = [round(each / 1e9, 1) for each in (before, copied_a_second())]
    return told


def encode_picture(reader: Any, size: tuple[int, int]) -> Any:
    from papertray.engine.pages import PageImage, Watch

    return reader.encode_page(PageImage(draw_picture(size)), reader.attempts[0].mode, Watch())


def draw_picture(size: tuple[int, int]) -> Any:
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", size, "white")
    ImageDraw.Draw(picture).text((20, 20), "Drawn, so that the page is not blank.", fill="black")
    return picture


def find_row(way: str) -> Any:
    from dataclasses import replace

    from papertray.engine.devices.rows import ROWS, DeviceRow

    library, _, rest = way.partition("-")
    if library == "library":
        return DeviceRow("cpu", rest)
    wanted = ("bfloat16", "int8" if rest == "8-bit" else "plain")
    return replace(next(row for row in ROWS if row.device == "cpu" and (row.dtype, row.weights) == wanted))


def step_together(decoder: Any, begun: list[Any], steps: int) -> dict[str, float]:
    """One after the other: each says its best token and goes on from there."""
    contexts, tokens = [context for context, _ in begun], [int(scores.argmax()) for _, scores in begun]
    taken = []
    for _ in range(steps):
        watched = Watched()
        given = [[token] for token in tokens]
        tokens = watched.do(lambda given=given: decoder.step(contexts, given)).argmax(-1).tolist()
        taken.append((watched.clock, watched.processor))
    clock, processor = (round(median(each), 4) for each in zip(*taken, strict=True))
    return {"clock_s": clock, "processor_s": processor}


class Watched:
    """How long something took, on the clock and of the processor."""

    clock = processor = 0.0

    def do(self, work: Any) -> Any:
        clock, processor = time.perf_counter(), time.process_time()
        answer = work()
        self.clock, self.processor = time.perf_counter() - clock, time.process_time() - processor
        return answer

    def figures(self) -> dict[str, float]:
        return {"clock_s": round(self.clock, 2), "processor_s": round(self.processor, 2)}


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
    parser.add_argument("model", choices=("deepseek-ocr", "deepseek-ocr-2", "dots-ocr"))
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=WAYS)
    parser.add_argument("--pages", type=int, nargs="+", default=[1, 4])
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--size", choices=("small", "full"), default="full")
    parser.add_argument("--folder", help="where the random weights are put meanwhile")
    parser.add_argument("--checkpoint", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
