"""SAM's relative positions folded into its attention: the same numbers, and no mask in memory."""

import copy
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from transformers.models.deepseek_ocr2 import modeling_deepseek_ocr2
from transformers.models.deepseek_ocr2.configuration_deepseek_ocr2 import DeepseekOcr2SamVisionConfig

from papertray.engine.devices.rows import CPU_FLOAT32
from papertray.engine.models.catalog import find_entry
from papertray.engine.pages import ReadOptions, Watch
from papertray.engine.patches import PatchDoesNotFit, folded_positions
from papertray.engine.readers.deepseek import ocr, ocr2
from tests.engine.readers import references

MODULES = {"deepseek-ocr": ocr, "deepseek-ocr-2": ocr2}
HEADS = 2


def attention(window: int = 0) -> Any:
    """One layer with the published head depth of 64."""
    torch.manual_seed(5)
    config = DeepseekOcr2SamVisionConfig(hidden_size=64 * HEADS, num_attention_heads=HEADS)
    layer = modeling_deepseek_ocr2.DeepseekOcr2SamVisionSdpaAttention(config, window)
    for table in (layer.rel_pos_h, layer.rel_pos_w):
        nn.init.normal_(table, std=0.3)
    return layer.eval()


def folded(layer: nn.Module) -> nn.Module:
    model = nn.Sequential(copy.deepcopy(layer))
    folded_positions.patch(model)
    return model[0]


@pytest.mark.parametrize(("window", "side"), [(0, 64), (0, 48), (0, 33), (14, 14)])
def test_the_numbers_are_the_same_for_the_whole_page_a_tile_and_a_window(window: int, side: int) -> None:
    layer, pixels = attention(window), torch.randn(2, side, side, 64 * HEADS)
    with torch.inference_mode():
        assert (folded(layer)(pixels)[0] - layer(pixels)[0]).abs().max() < 2e-6


class Largest(TorchDispatchMode):
    """Remembers how many numbers the largest tensor had."""

    numbers = 0

    def __torch_dispatch__(
        self, operator: Any, types: Iterable[type], args: Any = (), kwargs: Any = None
    ) -> Any:
        answer = operator(*args, **(kwargs or {}))
        tensors = [leaf for leaf in tree_leaves(answer) if isinstance(leaf, torch.Tensor)]
        self.numbers = max([self.numbers, *(tensor.numel() for tensor in tensors)])
        return answer


def largest(layer: nn.Module) -> int:
    with torch.inference_mode(), Largest() as seen:
        layer(torch.randn(1, 48, 48, 64 * HEADS))
    return seen.numbers


def test_the_mask_is_made_without_the_patch_and_not_with_it() -> None:
    pairs = HEADS * (48 * 48) ** 2
    assert largest(attention()) == pairs
    assert largest(folded(attention())) < pairs // 10


@pytest.mark.parametrize("model", MODULES)
def test_the_publishers_tokens_are_given_with_the_patch(model: str) -> None:
    case = next(case for case in references.goldens(model)["cases"] if case["name"] == "crop_p2000x700")
    options = ReadOptions(prompt=case["prompt"], max_tokens=case["max_new_tokens"], no_repeat_ngram=35)
    row = replace(CPU_FLOAT32, patches=("folded_positions",))
    reader = MODULES[model].load(find_entry(model), references.checkpoint(model), row, options)
    assert any(isinstance(module, folded_positions.FoldedAttention) for module in reader.model.modules())
    (text,) = reader.read([references.page(case["image"])], Watch())
    assert list(text.transcript.generated_ids) == case["generated_ids"]


def test_a_model_without_such_attention_is_refused() -> None:
    with pytest.raises(PatchDoesNotFit):
        folded_positions.patch(nn.Sequential(nn.Linear(2, 2)))


def test_attention_without_relative_positions_is_refused() -> None:
    layer = attention()
    del layer.rel_pos_h
    with pytest.raises(PatchDoesNotFit):
        folded_positions.patch(nn.Sequential(layer))
