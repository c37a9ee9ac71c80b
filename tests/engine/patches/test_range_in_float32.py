"""float16 with what needs range in float32: the numbers of float32 where float16 alone has none."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from papertray.engine.choice import load_model_reader
from papertray.engine.devices.rows import CPU_FLOAT32, MPS_PATCHES, DeviceRow
from papertray.engine.models.catalog import find_entry
from papertray.engine.pages import ReadOptions, Watch
from papertray.engine.patches import PatchDoesNotFit, apply_patches
from papertray.engine.patches.range_in_float32 import multiply_in_range
from tests.engine.inference.test_finite import DOWN, HUGE, PAGE, changed_checkpoint
from tests.engine.readers.references import checkpoint
from tests.engine.readers.small_models import FAMILIES, write_small_model

FLOAT16 = DeviceRow("cpu", "float16")
RANGED = replace(FLOAT16, patches=MPS_PATCHES)


def first_scores(model: str, folder: Path, row: DeviceRow) -> torch.Tensor:
    reader: Any = load_model_reader(find_entry(model), folder, row, ReadOptions(prompt="text"))
    prompt = reader.encode_page(PAGE, reader.attempts[0].mode, Watch())
    with torch.inference_mode():
        scores: torch.Tensor = reader.model(**prompt.inputs).logits[0, -8:].float()
    return scores


@pytest.mark.parametrize("model", [*DOWN, *FAMILIES])
def test_what_overflows_in_float16_has_the_numbers_of_float32(model: str, tmp_path: Path) -> None:
    if model in DOWN:
        changed_checkpoint(model, tmp_path, lambda weight: weight * HUGE)
        assert not first_scores(model, tmp_path, FLOAT16).isfinite().all()
    else:
        write_small_model(model, tmp_path)
    exact, ranged = (first_scores(model, tmp_path, row) for row in (CPU_FLOAT32, RANGED))
    assert (ranged - exact).norm() / exact.norm() < 0.01


def test_a_running_state_is_kept_as_well_in_float16(tmp_path: Path) -> None:
    """By the loop that such a model is run by: a prompt, then a token."""
    folder = write_small_model("minicpm-ocr", tmp_path)
    said = []
    for row in (CPU_FLOAT32, RANGED):
        reader: Any = load_model_reader(find_entry("minicpm-ocr"), folder, row, ReadOptions(mode="page"))
        prompt = reader.encode_page(PAGE, "page", Watch())
        with torch.inference_mode():
            context, first = reader.decoder.begin(prompt.inputs)
            said.append(torch.cat([first, reader.decoder.step([context], [[7]])]).float())
    assert (said[1] - said[0]).norm() / said[0].norm() < 0.01


def test_an_unchanged_model_is_as_exact_as_in_float16_alone() -> None:

    exact, alone, ranged = (
        first_scores("deepseek-ocr-2", checkpoint("deepseek-ocr-2"), row)
        for row in (CPU_FLOAT32, FLOAT16, RANGED)
    )
    assert (ranged - exact).norm() <= 1.2 * (alone - exact).norm()


@pytest.mark.parametrize("size", [0.0, 1e-30, 1.0, 70_000.0, 1e30])
def test_a_product_is_brought_into_range_and_back(size: float) -> None:
    weight = torch.randn(5, 7, generator=torch.Generator().manual_seed(2)).half()
    inner = torch.randn(3, 7, generator=torch.Generator().manual_seed(3)) * size
    answer = multiply_in_range(inner, lambda narrow: narrow @ weight.T, torch.float16)
    torch.testing.assert_close(answer, inner @ weight.float().T, rtol=5e-3, atol=5e-3 * size)


def test_a_model_without_layers_is_not_one_that_it_knows() -> None:
    with pytest.raises(PatchDoesNotFit, match="range_in_float32"):
        apply_patches(nn.Linear(2, 2), ("range_in_float32",), ("range_in_float32",))
