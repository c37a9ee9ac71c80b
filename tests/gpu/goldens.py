"""Read the reference sets on this machine's GPU, in float32, and compare with the publishers' tokens.

`python -m tests.gpu.goldens` prints, for each model, how many cases gave the same tokens, and where
others parted.
"""

import json
import sys
from dataclasses import replace
from typing import Any

import torch

from papertray.engine.choice import load_model_reader
from papertray.engine.devices.memory import free_memory
from papertray.engine.devices.rows import ROWS, DeviceRow
from papertray.engine.models.catalog import find_entry
from papertray.engine.pages import ReadOptions, Watch
from tests.engine.readers import references

MODES = {
    (512, False): "tiny",
    (640, False): "small",
    (768, False): "small",
    (1024, False): "base",
    (1280, False): "large",
}
SHRUNK = {"layout_p800x1100", "ocr_p2000x700", "layout_p1654x2339"}
"""Cases of dots.ocr in which the publisher was told to make the page smaller than papertray does."""
UNLIKE_A_PAGE = {"listtemplate_p300x200", "two_images", "upscaled_p300x200"}
"""Cases of dots.ocr that ask for something that papertray never does."""


def compare_all(device: str) -> list[dict[str, Any]]:
    torch.backends.cudnn.allow_tf32 = False  # the references are of whole float32
    torch.backends.cuda.matmul.allow_tf32 = False  # torch's own choice, but the environment may say otherwise
    return [compare(model, exact_row(device)) for model in ("deepseek-ocr", "deepseek-ocr-2", "dots-ocr")]


def exact_row(device: str) -> DeviceRow:
    """The device's own row with its patches, in the number format of the references."""
    row = next(row for row in ROWS if row.device == device)
    return replace(row, dtype="float32", weights="plain", longest_side=None, native=False)


def compare(model: str, row: DeviceRow) -> dict[str, Any]:
    cases = [
        case for case in references.goldens(model)["cases"] if case["name"] not in SHRUNK | UNLIKE_A_PAGE
    ]
    parted: dict[str, int] = {}
    for wanted in dict.fromkeys(options(case) for case in cases):
        alike = [case for case in cases if options(case) == wanted]
        for case, at in zip(alike, first_differences(model, alike, wanted, row), strict=True):
            parted |= {} if at is None else {case["name"]: at}
    return {
        "model": model,
        "row": str(row),
        "cases": len(cases),
        "equal": len(cases) - len(parted),
        "parted": parted,
    }


def first_differences(
    model: str, cases: list[dict[str, Any]], wanted: ReadOptions, row: DeviceRow
) -> list[int | None]:
    """Of pages that are read together: the first token that is another; None where all are the same."""
    reader = load_model_reader(find_entry(model), references.checkpoint(model), row, wanted)
    names = [case.get("image") or f"{case['name'].partition('_')[2]}.png" for case in cases]
    texts = reader.read([references.page(name) for name in names], Watch())
    reader.close()
    free_memory(row.device)
    return [
        _first_difference(
            case["generated_ids"], list(text.transcript.generated_ids) if text.transcript else []
        )
        for case, text in zip(cases, texts, strict=True)
    ]


def _first_difference(expected: list[int], read: list[int]) -> int | None:
    pairs = enumerate(zip(expected, read, strict=False))
    shorter = min(len(expected), len(read)) if len(expected) != len(read) else None
    return next((at for at, (one, other) in pairs if one != other), shorter)


def options(case: dict[str, Any]) -> ReadOptions:
    mode = "tiles" if case.get("crop_mode") else MODES.get((case.get("base_size"), False))
    ngram = case.get("no_repeat_ngram_size", 0)
    prompt = case["prompt"] if "base_size" in case else f"<image>\n{case['prompt']}"
    return ReadOptions(mode=mode, prompt=prompt, max_tokens=case["max_new_tokens"], no_repeat_ngram=ngram)


if __name__ == "__main__":
    json.dump(compare_all("cuda" if torch.cuda.is_available() else "cpu"), sys.stdout, indent=1)
