"""The reference sets: tiny checkpoints with random weights in the publishers' layout, pages, and the numbers
that the publishers' own code gave for them in float32."""

import hashlib
import json
from collections.abc import Iterable
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from safetensors import safe_open

from papertray.engine.pages import PageImage

FOLDER = Path(__file__).parents[2] / "reference"


def checkpoint(model: str) -> Path:
    return FOLDER / model / "checkpoint"


@cache
def goldens(model: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((FOLDER / model / "goldens.json").read_text(encoding="utf-8"))
    return read


def numbers(model: str, name: str) -> Any:
    """One array of the set; None where it has none of that name."""
    with safe_open(FOLDER / model / "goldens.safetensors", framework="pt") as file:
        return file.get_tensor(name) if name in file.keys() else None  # noqa: SIM118


def page(name: str) -> PageImage:
    with Image.open(FOLDER / "images" / name) as image:
        image.load()
        return PageImage(image)


def sha256(arrays: Any) -> str:
    return hashlib.sha256(np.ascontiguousarray(arrays).tobytes()).hexdigest()


def run_lengths(ids: Iterable[int]) -> list[list[int]]:
    return [[number, len(list(run))] for number, run in groupby(ids)]
