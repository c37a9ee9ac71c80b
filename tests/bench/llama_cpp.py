"""A page read by our loop and by llama.cpp on the same processor, in turns.

    pip install --target SITE --no-deps xllamacpp
    python -m tests.bench.llama_cpp --sources LLAMA_CPP --site SITE --folder FOLDER

DeepSeek-OCR at full size with random weights, all ways in memory at once (12 GB with 4 bits, 10 without).
`--sources` are llama.cpp's, with its converter; llama-cpp-python's source package holds them, too. Nothing of
them is kept here. FOLDER keeps the checkpoint and the GGUF files, 12 GB, for another run. Prints JSON: the
typical page has six tiles beside the whole, and 1,000 tokens, which random weights say only if they must.
"""

import argparse
import base64
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any, Protocol

import httpx

from papertray.engine.devices.environment import prepare_environment
from tests import llama_server
from tests.bench.llama_files import make_llama_files
from tests.bench.page_parts import PAGE, SMALL, TOKENS, Watched, draw_picture, encode_picture
from tests.bench.whole_page import copied_a_second, find_row

MODEL = "deepseek-ocr"
PROMPT = 913
TOGETHER = 8
PATIENCE = 900.0
PICTURES = {"one view": SMALL, "seven views": PAGE}
FORMATS = {"q8_0": "llama.cpp, 8-bit weights", "q4_0": "llama.cpp, 4-bit weights"}


class Way(Protocol):
    """Seconds for each of these; the last two are of a step, in which every page says a token."""

    def look(self, picture: str) -> float: ...
    def read_prompt(self) -> float: ...
    def step(self, pages: int, steps: int) -> float: ...


class OurWay:
    """8-bit weights, as papertray takes them on a processor."""

    def __init__(self, folder: Path) -> None:
        from papertray.engine.choice import load_model_reader
        from papertray.engine.models.catalog import find_entry
        from papertray.engine.pages import ReadOptions

        entry = find_entry(MODEL)
        row = find_row("own-8-bit", entry)
        self._reader: Any = load_model_reader(entry, folder, row, ReadOptions(max_tokens=TOKENS))
        self._prompt = encode_picture(self._reader, draw_picture(PAGE))
        self._begun = [self._reader.decoder.begin(self._prompt.inputs)[0] for _ in range(TOGETHER)]

    def look(self, picture: str) -> float:
        return _clock(lambda: encode_picture(self._reader, draw_picture(PICTURES[picture])))

    def read_prompt(self) -> float:
        return _clock(lambda: self._reader.decoder.begin(self._prompt.inputs))

    def step(self, pages: int, steps: int) -> float:
        contexts = self._begun[:pages]
        taken = []
        for number in range(steps):
            tokens = [[(7919 * number + 104729 * page) % 90000] for page in range(pages)]
            taken.append(
                _clock(lambda tokens=tokens: self._reader.decoder.step(contexts, tokens).argmax(-1).tolist())
            )
        for context in contexts:
            self._reader.decoder.forget(context, steps)
        return median(taken)


class LlamaWay:
    """A server with a slot for each of eight pages, and one for whoever reads alone."""

    def __init__(self, port: int) -> None:
        self._web = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE, trust_env=False)
        self._alone = list(range(1000, 1000 + PROMPT))
        self._pictures = {name: _data_url(size) for name, size in PICTURES.items()}
        self._shown: dict[str, float] = {}
        self.step(TOGETHER, 1)

    def look(self, picture: str) -> float:
        """To the first token, less what a prompt of so many tokens takes."""
        parts = [
            {"type": "image_url", "image_url": {"url": self._pictures[picture]}},
            {"type": "text", "text": "Convert the document to markdown."},
        ]
        body = {"messages": [{"role": "user", "content": parts}], "max_tokens": 1} | _options(
            TOGETHER, keep=False
        )
        told = self._ask("/v1/chat/completions", body)
        return told["prompt_ms"] / 1000 - self._shown.get("prompt", 0) * told["prompt_n"] / PROMPT

    def read_prompt(self) -> float:
        told = self._ask("/completion", self._said(TOGETHER, 1, keep=False))
        self._shown["prompt"] = told["prompt_ms"] / 1000
        return self._shown["prompt"]

    def step(self, pages: int, steps: int) -> float:
        """What was said before is still known from the first time on."""
        with ThreadPoolExecutor(pages) as asking:
            told = list(
                asking.map(lambda slot: self._ask("/completion", self._said(slot, steps)), range(pages))
            )
        return max(each["predicted_ms"] / each["predicted_n"] for each in told) / 1000

    def _said(self, slot: int, tokens: int, keep: bool = True) -> dict[str, Any]:
        return {"prompt": [slot + 10, *self._alone[1:]], "n_predict": tokens} | _options(slot, keep)

    def _ask(self, path: str, body: dict[str, Any]) -> dict[str, float]:
        answer = self._web.post(path, json=body)
        answer.raise_for_status()
        timings: dict[str, float] = answer.json()["timings"]
        return timings


def _options(slot: int, keep: bool) -> dict[str, Any]:
    return {"id_slot": slot, "cache_prompt": keep, "ignore_eos": True, "temperature": 0}


@contextmanager
def serving(site: Path, weights: Path, tower: Path, port: int) -> Iterator[int]:
    command = [sys.executable, llama_server.__file__, "-m", str(weights), "--mmproj", str(tower)]
    command += ["--port", str(port), "-np", str(TOGETHER + 1), "-c", str((TOGETHER + 1) * 1280)]
    environment = os.environ | {"PYTHONPATH": str(site)}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            _wait_for(server, port)
            yield port
        finally:
            server.terminate()


def _wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    while server.poll() is None:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/health", trust_env=False).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise SystemExit("llama.cpp's server ended at once.")


def measure(ways: dict[str, Way], turns: int, steps: int) -> dict[str, list[dict[str, float]]]:
    """Each takes its turn at every part of a page, before the next part.

    A second llama.cpp has the tower of the first, which has looked for both.
    """
    first, *others = [name for name in ways if isinstance(ways[name], LlamaWay)]
    parts: dict[str, Callable[[Way], float]] = {
        "prompt": lambda way: way.read_prompt(),
        "one view": lambda way: way.look("one view"),
        "seven views": lambda way: way.look("seven views"),
        "a step of 1 page": lambda way: way.step(1, steps),
        f"a step of {TOGETHER} pages": lambda way: way.step(TOGETHER, steps),
    }
    told: dict[str, list[dict[str, float]]] = {name: [] for name in ways}
    for turn in range(turns):
        for name in ways:
            told[name].append({})
        for part, take in parts.items():
            for name in list(ways) if turn % 2 else reversed(ways):
                if part not in PICTURES or name not in others:
                    told[name][turn][part] = take(ways[name])
            if part in PICTURES:
                for name in others:
                    told[name][turn][part] = told[first][turn][part]
        print(json.dumps({name: each[turn] for name, each in told.items()}), file=sys.stderr, flush=True)
    return told


def summarise(turns: Sequence[dict[str, float]], ours: Sequence[dict[str, float]]) -> dict[str, Any]:
    """`times_as_fast` is how many times as many pages ours reads in the same turn."""
    told: dict[str, Any] = {part: _spread([turn[part] for turn in turns]) for part in turns[0]}
    told["a tile"] = _spread([(turn["seven views"] - turn["one view"]) / 6 for turn in turns])
    for pages in (1, TOGETHER):
        mine, theirs = ([_typical_page(turn, pages) for turn in each] for each in (ours, turns))
        ratios = [slow / fast for slow, fast in zip(theirs, mine, strict=True)]
        told[f"a page of {pages}"] = _spread(theirs) | {"pages_an_hour": round(3600 / median(theirs), 1)}
        told[f"a page of {pages}: times_as_fast"] = _spread(ratios)
    return told


def _typical_page(turn: dict[str, float], pages: int) -> float:
    name = f"a step of {pages} page{'s' if pages > 1 else ''}"
    return turn["seven views"] + turn["prompt"] + TOKENS * turn[name] / pages


def _spread(figures: Sequence[float]) -> dict[str, float]:
    return {
        "median": round(median(figures), 4),
        "least": round(min(figures), 4),
        "most": round(max(figures), 4),
    }


def _clock(work: Callable[[], Any]) -> float:
    watched = Watched()
    watched.do(work)
    return watched.clock


def _data_url(size: tuple[int, int]) -> str:
    packed = io.BytesIO()
    draw_picture(size).save(packed, "PNG")
    return f"data:image/png;base64,{base64.b64encode(packed.getvalue()).decode()}"


def main() -> None:
    asked = _arguments()
    prepare_environment()
    import torch

    from tests.engine.readers.random_models import random_checkpoint

    checkpoint = asked.folder / MODEL
    if not (checkpoint / "model.safetensors.index.json").exists():
        random_checkpoint(MODEL, "full", checkpoint)
    files = make_llama_files(asked.sources, checkpoint, asked.folder)
    with ExitStack() as stack, torch.inference_mode():
        ways: dict[str, Way] = {"papertray, 8-bit weights": OurWay(checkpoint)}
        for number, name in enumerate(asked.formats):
            port = stack.enter_context(serving(asked.site, files[name], files["tower"], asked.port + number))
            ways[FORMATS[name]] = LlamaWay(port)
        copied = copied_a_second()
        told = measure(ways, asked.turns, asked.steps)
    ours = next(iter(told.values()))
    result = {name: summarise(turns, ours) for name, turns in told.items()}
    print(json.dumps({"bench": "llama_cpp", "copied_gb_s": round(copied / 1e9, 1), **result}, indent=2))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sources", type=Path, required=True, help="of llama.cpp")
    parser.add_argument("--site", type=Path, required=True, help="where xllamacpp is installed")
    parser.add_argument("--folder", type=Path, required=True, help="where weights are made and kept")
    parser.add_argument("--formats", nargs="+", choices=FORMATS, default=list(FORMATS))
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--steps", type=int, default=32)
    parser.add_argument("--port", type=int, default=18470)
    return parser.parse_args()


if __name__ == "__main__":
    main()
