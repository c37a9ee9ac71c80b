"""What one token costs in calls: operators started on the device, and answers waited for from it.

`python -m tests.gpu.steps` counts, for each model and row, what a step adds: the calls of a longer answer
less those of a shorter one, over the tokens between.
"""

import json
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import torch
from torch.profiler import ProfilerActivity, profile

from papertray.engine.choice import load_model_reader
from papertray.engine.devices.memory import free_memory
from papertray.engine.devices.rows import DeviceRow
from papertray.engine.models.catalog import find_entry
from papertray.engine.pages import ReadOptions, Watch
from tests.engine.readers import references
from tests.engine.readers.random_models import random_checkpoint

SHORT, LONG = 4, 12
READS = ("aten::item", "aten::_local_scalar_dense", "cudaStreamSynchronize", "cudaDeviceSynchronize")
LAUNCHES = ("cudaLaunchKernel", "cudaLaunchKernelExC", "cuLaunchKernel", "cuLaunchKernelEx")


def count_steps(model: str, folder: Path, row: DeviceRow) -> dict[str, Any]:
    short, long = (count_calls(model, folder, row, tokens) for tokens in (SHORT, LONG))
    added = {name: (long[name] - short[name]) / (LONG - SHORT) for name in long}
    return {
        "model": model,
        "row": str(row),
        "operators": round(sum(each for name, each in added.items() if name.startswith("aten::")), 1),
        "launches": round(sum(added.get(name, 0.0) for name in LAUNCHES), 1),
        "reads": {name: round(added[name], 2) for name in READS if added.get(name)},
    }


def count_calls(model: str, folder: Path, row: DeviceRow, tokens: int) -> Counter[str]:
    options = ReadOptions(max_tokens=tokens, no_repeat_ngram=0)
    reader = load_model_reader(find_entry(model), folder, row, options)
    activities = [ProfilerActivity.CPU, *([ProfilerActivity.CUDA] if row.device == "cuda" else [])]
    page = references.page("p300x200.png")
    reader.ask(page, reader.attempts[0], Watch())  # what is done once is done now
    with profile(activities=activities) as seen:
        reader.ask(page, reader.attempts[0], Watch())  # random weights may say nothing that makes a page
    reader.close()
    free_memory(row.device)
    return Counter({event.key: event.count for event in seen.key_averages()})


def main() -> None:
    device = "cuda" if torch.cuda.is_available() else "cpu"
    with tempfile.TemporaryDirectory() as place:
        for model in ("deepseek-ocr", "deepseek-ocr-2", "dots-ocr"):
            folder = random_checkpoint(model, "small", Path(place) / model).checkpoint.folder
            for row in (DeviceRow(device, "bfloat16"), DeviceRow(device, "bfloat16", "nf4")):
                json.dump(count_steps(model, folder, row), sys.stdout)
                print()


if __name__ == "__main__":
    main()
