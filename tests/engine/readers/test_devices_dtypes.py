"""One number format throughout: every row, every large model, every tensor that is made on the way."""

from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from papertray.engine.choice import load_model_reader
from papertray.engine.devices.rows import ROWS, DeviceRow
from papertray.engine.models.catalog import find_entry
from papertray.engine.pages import PageImage, ReadOptions, Watch
from tests.engine.readers.random_models import random_checkpoint

REFERENCE = Path(__file__).parents[2] / "reference"
MODELS = ("deepseek-ocr", "deepseek-ocr-2", "dots-ocr")
HERE = tuple(dict.fromkeys(replace(row, device="cpu", native=False, above=0, reason="") for row in ROWS))
"""Every row of the table, on the only device that there always is."""

each_model = pytest.mark.parametrize("model", MODELS)
each_row = pytest.mark.parametrize("row", HERE, ids=str)
FLOAT32 = next(row for row in HERE if (row.dtype, row.weights) == ("float32", "plain"))
"""With 4-bit weights, the processor's own product works in bfloat16 inside."""


class Formats(TorchDispatchMode):
    """Counts the floating-point formats of all tensors that come out of an operator."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: Counter[torch.dtype] = Counter()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        made = func(*args, **(kwargs or {}))
        tensors = [leaf for leaf in tree_leaves(made) if isinstance(leaf, torch.Tensor)]
        self.seen.update(tensor.dtype for tensor in tensors if tensor.is_floating_point())
        return made


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Of a size that bitsandbytes accepts."""

    @cache
    def made(model: str) -> Path:
        return random_checkpoint(model, "small", tmp_path_factory.mktemp(model)).checkpoint.folder

    return made


def load(model: str, folder: Path, row: DeviceRow) -> Any:
    if row.weights == "nf4":
        pytest.importorskip("bitsandbytes")
    options = ReadOptions(max_tokens=3, no_repeat_ngram=35)
    return load_model_reader(find_entry(model), folder, row, options)


def page() -> PageImage:
    return PageImage(Image.open(REFERENCE / "images" / "p300x200.png").convert("RGB"))


@each_row
@each_model
def test_after_loading_every_weight_and_buffer_has_the_rows_dtype(
    weights: Any, model: str, row: DeviceRow
) -> None:
    reader = load(model, weights(model), row)
    held = [*reader.model.named_parameters(), *reader.model.named_buffers()]
    floating = {name: tensor.dtype for name, tensor in held if tensor.is_floating_point()}
    assert {name: dtype for name, dtype in floating.items() if dtype != getattr(torch, row.dtype)} == {}
    assert any(tensor.dtype == torch.uint8 for _, tensor in held) == (row.weights == "nf4")


@each_row
@each_model
def test_a_page_can_be_read_in_every_row(weights: Any, model: str, row: DeviceRow) -> None:
    reader = load(model, weights(model), row)
    answer = reader.ask(page(), reader.attempts[0], Watch())
    assert len(answer.transcript.generated_ids) == 3


@each_model
def test_float32_makes_no_other_floating_format(weights: Any, model: str) -> None:
    reader = load(model, weights(model), FLOAT32)
    with Formats() as formats:
        reader.ask(page(), reader.attempts[0], Watch())
    assert set(formats.seen) == {torch.float32}


@each_model
def test_the_counting_would_notice_another_format(weights: Any, model: str) -> None:
    reader = load(model, weights(model), next(row for row in HERE if row.dtype == "bfloat16"))
    with Formats() as formats:
        reader.ask(page(), reader.attempts[0], Watch())
    assert formats.seen[torch.bfloat16] > 100
    assert formats.seen[torch.float64] == 0
