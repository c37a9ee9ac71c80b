"""Let a token look back at the page with plain products of matrices.

Without matrix units (AMX), torch's fused attention takes several times as long in bfloat16 as in float32, and
with a page behind it a token spends a fifth of its time there. Many rows, which is how a page goes in, are
attended as ever.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

from papertray.engine.devices.processor import has_matrix_units
from papertray.engine.patches import PatchDoesNotFit

NAME = "one_row"
"""Under which transformers finds it, as its own "sdpa"."""


def attend_one_row(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    **options: Any,
) -> tuple[Tensor, None]:
    """`query` is [1, heads, rows, depth]; several heads share one of `key` and `value`."""
    if query.shape[-2] != 1 or len(query) != 1 or attention_mask is not None:
        fused: tuple[Tensor, None] = sdpa_attention_forward(
            module, query, key, value, attention_mask, **options
        )
        return fused
    scaling = options.get("scaling") or query.shape[-1] ** -0.5
    sharing = query.reshape(key.shape[1], -1, query.shape[-1])
    heads_apart = [_attend(*heads, scaling) for heads in zip(sharing, key[0], value[0], strict=True)]
    return torch.cat(heads_apart)[None, None], None


def _attend(query: Tensor, key: Tensor, value: Tensor, scaling: float) -> Tensor:
    scores = (query @ key.T).float() * scaling
    return scores.softmax(-1).to(value.dtype) @ value


def patch(model: Any, matrix_units: Callable[[], bool] = has_matrix_units) -> None:
    config = model.config.get_text_config(decoder=True)
    if config._attn_implementation != "sdpa":
        raise PatchDoesNotFit(__name__, "the model does not attend in torch's fused way")
    dtype = model.get_input_embeddings().weight.dtype
    if dtype == torch.bfloat16 and not matrix_units():
        AttentionInterface.register(NAME, attend_one_row)
        AttentionMaskInterface.register(NAME, sdpa_mask)
        config._attn_implementation = NAME
