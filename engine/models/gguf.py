"""Models in GGUF, the format of llama.cpp: what its server reads, papertray itself does not.

A row names a repository of the model's publisher or of llama.cpp's makers and its two files: the language
model and what sees (the projector), both in 8 bits where there is a choice. Revisions are looked up when they
are fetched.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path

from papertray.engine.errors import WeightsError
from papertray.engine.models.catalog import LAYOUT, CatalogEntry, find_entry
from papertray.engine.models.inspection import InspectionResult
from papertray.engine.models.recognisers import find_recogniser, is_recogniser

SUFFIX = "-gguf"
_MAGIC = b"GGUF"
_SLOTS, _CONTEXT = 2, 16384


@dataclass(frozen=True, slots=True)
class GgufFiles:
    """`size` is about how many bytes both have; `options` are what llama-server needs for this model."""

    hub_id: str
    model: str
    projector: str
    size: int
    options: tuple[str, ...] = ()


GGUF = {
    "deepseek-ocr": GgufFiles(
        "ggml-org/DeepSeek-OCR-GGUF",
        "DeepSeek-OCR-Q8_0.gguf",
        "mmproj-DeepSeek-OCR-Q8_0.gguf",
        3_550_000_000,
        ("--special",),  # the places are in special tokens
    ),
    "dots-ocr": GgufFiles(
        "ggml-org/dots.ocr-GGUF", "dots.ocr-Q8_0.gguf", "mmproj-dots.ocr-Q8_0.gguf", 3_240_000_000
    ),
    "glm-ocr": GgufFiles(
        "ggml-org/GLM-OCR-GGUF", "GLM-OCR-Q8_0.gguf", "mmproj-GLM-OCR-Q8_0.gguf", 1_440_000_000
    ),
    "paddleocr-vl-1-6": GgufFiles(
        "PaddlePaddle/PaddleOCR-VL-1.6-GGUF",
        "PaddleOCR-VL-1.6-GGUF.gguf",
        "PaddleOCR-VL-1.6-GGUF-mmproj.gguf",
        1_820_000_000,
    ),
}


def find_gguf(name: str) -> CatalogEntry:
    """The model of that name in GGUF: fetched, checked and removed as one of its own, `NAME-gguf`."""
    entry = find_entry(name.removesuffix(SUFFIX))
    files = GGUF.get(entry.name)
    if files is None:
        raise WeightsError(
            f"papertray knows no GGUF files of {entry.title}.", f"It knows those of {', '.join(GGUF)}."
        )
    return replace(
        entry,
        name=f"{entry.name}{SUFFIX}",
        title=f"{entry.title} in GGUF",
        hub_id=files.hub_id,
        revision="",
        size=files.size,
        files=(files.model, files.projector),
        finder="",
    )


def find_download(name: str) -> CatalogEntry:
    """A row of the catalogue, or a model in GGUF where the name says so, or one that only helps others."""
    if name == LAYOUT.name:
        return LAYOUT
    if is_recogniser(name):
        return find_recogniser(name).entry
    return find_gguf(name) if name.endswith(SUFFIX) else find_entry(name)


def inspect_gguf(folder: Path, entry: CatalogEntry) -> list[InspectionResult]:
    return [_inspect_file(folder / name) for name in entry.files]


def describe_setting(folder: Path, entry: CatalogEntry) -> str:
    """What the settings say for llama.cpp's server to read with the files in this folder."""
    name = entry.name.removesuffix(SUFFIX)
    model, projector = (str(folder / file) for file in entry.files)
    options = ("-c", str(_CONTEXT), "-np", str(_SLOTS), *GGUF[name].options)
    command = ("llama-server", "-m", model, "--mmproj", projector, *options, "--port", "{port}")
    lines = (
        "[[engine.servers]]",
        f"command = {json.dumps(command, ensure_ascii=False)}",
        f'model = "{name}"',
        f"in_flight = {_SLOTS}",
    )
    return "\n".join(lines)


def _inspect_file(path: Path) -> InspectionResult:
    try:
        with path.open("rb") as file:
            right = file.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return InspectionResult(path.name, False, "missing")
    return InspectionResult(path.name, right, "GGUF" if right else "no GGUF file")
