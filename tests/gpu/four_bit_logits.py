"""How far 4-bit logits are from those of whole weights: `python -m tests.gpu.four_bit_logits --size full`.

Random weights, the same for both. On the GPU where there is one, else on the processor.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import torch

from papertray.engine.devices.memory import free_memory
from papertray.engine.devices.rows import DeviceRow
from papertray.engine.inference.loading import load_model
from tests.engine.readers.random_models import Made, random_checkpoint

MODELS = ("deepseek-ocr", "deepseek-ocr-2", "dots-ocr")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--model", action="append", choices=MODELS)
    parser.add_argument("--size", default="small", choices=("small", "full"))
    asked = parser.parse_args(arguments)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    measured = []
    for model in asked.model or MODELS:
        with tempfile.TemporaryDirectory() as folder:
            made = random_checkpoint(model, asked.size, Path(folder))
            error = relative_error(made, device)
        measured.append({"model": model, "size": asked.size, "device": device, "relative_error": error})
    json.dump(measured, sys.stdout, indent=1)


def relative_error(made: Made, device: str) -> float:
    """How far the logits of 4-bit weights are from those of whole ones, as a share of these."""
    whole, four_bit = (_logits(made, DeviceRow(device, "bfloat16", kind)) for kind in ("plain", "nf4"))
    return float(((four_bit - whole).norm() / whole.norm()).item())


@torch.inference_mode()
def _logits(made: Made, row: DeviceRow) -> torch.Tensor:
    free_memory(row.device)
    model = load_model(made.model_class, made.checkpoint, made.config, row)
    tokens = torch.randint(2, 700, (1, 60), generator=torch.Generator().manual_seed(5)).to(row.device)
    answer: torch.Tensor = model(input_ids=tokens).logits.float().cpu()
    return answer


if __name__ == "__main__":
    main()
