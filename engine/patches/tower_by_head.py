"""Let the towers of the small models attend head by head, with plain products: see `attention_by_head`.

Their classes take any attention that transformers has under a name. The language model keeps its own.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.masking_utils import sdpa_mask

from papertray.engine.devices.processor import has_matrix_units
from papertray.engine.patches import PatchDoesNotFit
from papertray.engine.patches.attention_by_head import attend_by_head

NAME = "papertray_by_head"


def patch(model: nn.Module, matrix_units: Callable[[], bool] = has_matrix_units) -> None:
    towers: list[Any] = [module for module in model.modules() if _looks_both_ways(module)]
    if not towers:
        raise PatchDoesNotFit(__name__, "no attention of the model looks both ways")
    if next(towers[0].parameters()).dtype == torch.bfloat16 and not matrix_units():
        exchange_attention(towers)


def exchange_attention(towers: list[Any]) -> None:
    AttentionInterface.register(NAME, _attend)
    AttentionMaskInterface.register(NAME, sdpa_mask)
    for attention in towers:
        attention.config._attn_implementation = NAME


def _looks_both_ways(module: nn.Module) -> bool:
    return getattr(module, "is_causal", None) is False and hasattr(module, "config")


def _attend(
    module: Any, query: Tensor, key: Tensor, value: Tensor, attention_mask: Tensor | None, **options: Any
) -> tuple[Tensor, None]:
    """All of them [1, heads, patches, depth]; a mask that hides something is left to torch."""
    if attention_mask is not None and bool(attention_mask.any()):
        answer: tuple[Tensor, None] = AttentionInterface()["sdpa"](
            module, query, key, value, attention_mask, **options
        )
        return answer
    return attend_by_head(query[0], key[0], value[0]).transpose(0, 1)[None], None
