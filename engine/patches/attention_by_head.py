"""Let dots.ocr's tower attend head by head, with plain products of matrices.

Without matrix units (AMX), torch's fused attention computes bfloat16 no faster than float32, and most of the
time that the tower takes for a page goes there. Products of matrices are about three times as fast. Their
scores are rounded to bfloat16 before the softmax, as in the publisher's own way for processors.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from papertray.engine.devices.processor import has_matrix_units
from papertray.engine.patches import PatchDoesNotFit

ROWS = 512
"""Patches at once: what lies between the two products stays in the processor's caches."""


def attend_by_head(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    """All of them [heads, patches, depth]."""
    scaled = query * query.shape[-1] ** -0.5
    return torch.stack([_attend(*head) for head in zip(scaled, key, value, strict=True)])


def _attend(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    return torch.cat([(rows @ key.T).softmax(-1) @ value for rows in torch.split(query, ROWS)])


def patch(model: nn.Module, matrix_units: Callable[[], bool] = has_matrix_units) -> None:
    """A tower that lets its attention be exchanged holds it as `attend`."""
    attentions: list[Any] = [module for module in model.modules() if "attend" in vars(module)]
    if not attentions:
        raise PatchDoesNotFit(__name__, "the model has no attention of dots.ocr's sort")
    for attention in attentions:
        if attention.qkv.weight.dtype == torch.bfloat16 and not matrix_units():
            attention.attend = attend_by_head
