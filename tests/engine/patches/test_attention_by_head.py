"""dots.ocr's attention by plain products: the same numbers to rounding, and only where it is faster."""

import copy
from typing import Any

import pytest
import torch
from torch import nn

from papertray.engine.patches import PatchDoesNotFit, attention_by_head
from papertray.engine.patches.attention_by_head import ROWS, attend_by_head
from papertray.engine.readers.dots.vision import DotsVisionTower, TowerSizes, attend

SIZES = TowerSizes(
    embed_dim=64,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=3,
    num_attention_heads=2,
    num_channels=3,
    patch_size=2,
    spatial_merge_size=2,
    rms_norm_eps=1e-5,
)
GRIDS = [(2 * ROWS // 32 + 2, 32), (4, 2)]  # a page of more patches than are taken at once, and a small one
PATCHES = sum(down * across for down, across in GRIDS)


def tower(dtype: torch.dtype) -> DotsVisionTower:
    torch.manual_seed(8)
    return DotsVisionTower(SIZES).to(dtype).eval()


def patched(model: nn.Module, matrix_units: bool) -> Any:
    other = copy.deepcopy(model)
    attention_by_head.patch(other, lambda: matrix_units)
    return other


@torch.inference_mode()
def seen(model: DotsVisionTower, dtype: torch.dtype) -> torch.Tensor:
    pixels = torch.randn(PATCHES, 12, generator=torch.Generator().manual_seed(1))
    return model(pixels.to(dtype), GRIDS, lambda: None).float()


def test_in_float32_the_numbers_are_the_same() -> None:
    fused, plain = tower(torch.float32), tower(torch.float32)
    for block in plain.blocks:
        block.attn.attend = attend_by_head  # type: ignore[assignment]
    torch.testing.assert_close(seen(plain, torch.float32), seen(fused, torch.float32), rtol=1e-5, atol=1e-5)


def test_in_bfloat16_they_are_as_near_to_float32_as_the_fused_ones_about() -> None:
    exact = tower(torch.bfloat16).float()
    fused = tower(torch.bfloat16)
    plain = patched(fused, matrix_units=False)
    expected = seen(exact, torch.float32)
    by_fused, by_plain = ((seen(model, torch.bfloat16) - expected).norm() for model in (fused, plain))
    assert all(block.attn.attend is attend_by_head for block in plain.blocks)
    assert by_plain < 1.5 * by_fused


@pytest.mark.parametrize(("dtype", "matrix_units"), [(torch.float32, False), (torch.bfloat16, True)])
def test_where_the_fused_attention_is_fast_it_stays(dtype: torch.dtype, matrix_units: bool) -> None:
    model = patched(tower(dtype), matrix_units)
    assert all(block.attn.attend is attend for block in model.blocks)


def test_another_model_is_refused() -> None:
    with pytest.raises(PatchDoesNotFit, match="attention_by_head"):
        attention_by_head.patch(nn.Sequential(nn.Linear(2, 2)))
