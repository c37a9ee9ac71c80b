"""SAM's layers by head: the library's numbers, without its mask, and nothing computed around a picture."""

import copy
from collections.abc import Iterable
from typing import Any

import pytest
import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode
from transformers.models.deepseek_ocr2 import modeling_deepseek_ocr2
from transformers.models.deepseek_ocr2.configuration_deepseek_ocr2 import DeepseekOcr2SamVisionConfig

from papertray.engine.patches import PatchDoesNotFit, sam_by_head

HEADS, DEPTH = 2, 64
both_ways = pytest.mark.parametrize("matrix_units", [False, True], ids=["in blocks", "folded"])


def layer(window: int) -> Any:
    """With the published depth of a head."""
    torch.manual_seed(5)
    config = DeepseekOcr2SamVisionConfig(
        hidden_size=DEPTH * HEADS, num_attention_heads=HEADS, mlp_dim=32, attn_implementation="sdpa"
    )
    made = modeling_deepseek_ocr2.DeepseekOcr2SamVisionLayer(config, window)
    for name, weights in made.named_parameters():
        if "norm" not in name:
            nn.init.normal_(weights, std=0.3 if "rel_pos" in name else 0.1)
    return made.eval()


def patched(library: nn.Module, matrix_units: bool) -> Any:
    model = nn.Sequential(copy.deepcopy(library))
    sam_by_head.patch(model, lambda: matrix_units)
    return model[0]


def seen(model: nn.Module, pixels: torch.Tensor) -> torch.Tensor:
    with torch.inference_mode():
        return model(pixels)  # type: ignore[no-any-return]


@pytest.mark.parametrize("shape", [(64, 64), (48, 48), (9, 20)], ids=str)
@pytest.mark.parametrize("window", [0, 14])
def test_the_numbers_are_the_librarys(window: int, shape: tuple[int, int]) -> None:
    library, pixels = layer(window), torch.randn(2, *shape, DEPTH * HEADS)
    assert (seen(patched(library, False), pixels) - seen(library, pixels)).abs().max() < 1e-5


@both_ways
@pytest.mark.parametrize("window", [0, 14])
def test_in_bfloat16_they_are_as_near_to_float32_as_the_librarys(window: int, matrix_units: bool) -> None:
    library = layer(window).bfloat16()
    pixels = torch.randn(1, 20, 20, DEPTH * HEADS).bfloat16()
    exact = seen(copy.deepcopy(library).float(), pixels.float())
    ours = patched(library, matrix_units)
    by_library, by_head = ((seen(model, pixels) - exact).norm() for model in (library, ours))
    assert by_head < 1.3 * by_library


class Largest(TorchDispatchMode):
    """Remembers how many numbers the largest tensor had."""

    numbers = 0

    def __torch_dispatch__(
        self, operator: Any, types: Iterable[type], args: Any = (), kwargs: Any = None
    ) -> Any:
        answer = operator(*args, **(kwargs or {}))
        if isinstance(answer, torch.Tensor):
            self.numbers = max(self.numbers, answer.numel())
        return answer


def largest(model: nn.Module) -> int:
    with Largest() as answers:
        seen(model, torch.randn(1, 48, 48, DEPTH * HEADS))
    return answers.numbers


def test_no_mask_is_made_for_all_patches() -> None:
    pairs = HEADS * (48 * 48) ** 2
    assert largest(layer(0)) == pairs
    assert largest(patched(layer(0), False)) < pairs // 10


def multiplied(model: Any) -> int:
    """Patches whose queries, keys and values are computed."""
    patches: list[int] = []
    model.attn.qkv.register_forward_pre_hook(lambda _, given: patches.append(given[0][..., 0].numel()))
    seen(model, torch.randn(1, 48, 48, DEPTH * HEADS))
    return patches[0]


def test_what_fills_up_the_last_windows_is_not_multiplied() -> None:
    assert multiplied(layer(14)) == 56 * 56
    assert multiplied(patched(layer(14), False)) == 48 * 48


def test_another_model_is_refused() -> None:
    with pytest.raises(PatchDoesNotFit, match="sam_by_head"):
        sam_by_head.patch(nn.Sequential(nn.Linear(2, 2)))
