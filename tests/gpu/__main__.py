"""Everything that is measured on a machine with a GPU, in one go: `python -m tests.gpu FILE`.

Writes what it has to FILE after each step, so that a run that is cut short leaves its numbers. About ten
minutes on one card, `--short` two; `--size small` takes two on a processor and shows only that it runs.
"""

import argparse
import json
import platform
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch

from papertray.engine.devices.memory import free_memory
from papertray.engine.devices.rows import GIB
from tests.engine.readers.random_models import Made, random_checkpoint
from tests.gpu import decoding, four_bit_logits, full_size, goldens, steps

MODELS = ("deepseek-ocr-2", "dots-ocr", "deepseek-ocr")
SMALL_CARD = 6  # GiB, as on many a laptop
PACKAGES = ("torch", "transformers", "bitsandbytes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--size", default="full", choices=("small", "full"))
    parser.add_argument("--short", action="store_true", help="reference sets and decoding alone")
    options = parser.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    report = Report(options.file)
    report.add("machine", lambda: describe_machine(device))
    report.add("goldens", lambda: goldens.compare_all(device))
    with tempfile.TemporaryDirectory() as place:
        for model in MODELS:
            checkpoint = random_checkpoint(model, options.size, Path(place) / model)
            measure_decoding(report, model, checkpoint, device)
            if not options.short:
                measure_model(report, model, options.size, device, checkpoint)


def measure_decoding(report: "Report", model: str, checkpoint: Made, device: str) -> None:
    rows = full_size.rows_of(device, "default")
    for row in {row.weights: row for row in reversed(rows)}.values():
        whole = replace(row, longest_side=None)
        report.add(
            f"{model}, decoding, {whole}",
            lambda row=whole: decoding.measure_decoding(model, checkpoint, row),
        )


def measure_model(report: "Report", model: str, size: str, device: str, checkpoint: Made) -> None:
    wanted = Namespace(size=size, tokens=64)
    rows = full_size.rows_of(device, "default")
    for row in rows:
        report.add(f"{model}, {row}", lambda row=row: full_size.measure_row(model, checkpoint, row, wanted))
    if device == "cuda":
        whole_card = torch.cuda.get_device_properties(0).total_memory
        torch.cuda.set_per_process_memory_fraction(SMALL_CARD * GIB / whole_card)
        for row in (row for row in rows if row.native and row.longest_side):
            name = f"{model}, {row}, on a card of {SMALL_CARD} GiB"
            report.add(name, lambda row=row: full_size.measure_row(model, checkpoint, row, wanted))
        torch.cuda.set_per_process_memory_fraction(1.0)
    report.add(f"{model}, 4-bit logits", lambda: four_bit_logits.relative_error(checkpoint, device))
    for row in {row.weights: row for row in reversed(rows)}.values():
        report.add(
            f"{model}, calls a token, {row}",
            lambda row=row: steps.count_steps(model, checkpoint.checkpoint.folder, row),
        )


def describe_machine(device: str) -> dict[str, Any]:
    title = torch.cuda.get_device_name(0) if device == "cuda" else platform.processor()
    return {"device": device, "title": title, "packages": {name: version(name) for name in PACKAGES}}


class Report:
    """What was measured so far, kept in a file. A step that fails is an entry as well."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._entries: dict[str, Any] = {}

    def add(self, name: str, measure: Callable[[], Any]) -> None:
        started = time.monotonic()
        try:
            figures = measure()
        except Exception as problem:
            figures = {"failed": f"{type(problem).__name__}: {problem}"}
        seconds = round(time.monotonic() - started, 1)
        self._entries[name] = {"figures": figures, "seconds": seconds}
        self._file.write_text(json.dumps(self._entries, indent=1) + "\n", encoding="utf-8")
        print(f"{seconds:7.1f} s  {name}", file=sys.stderr)
        free_memory("cuda" if torch.cuda.is_available() else "cpu")


if __name__ == "__main__":
    main()
