"""Let dots.ocr's tower attend head by head, with plain products of matrices.

Without matrix units (AMX), torch's fused attention computes bfloat16 no faster than float32, and most of the
time that the tower takes for a page goes there. Products of matrices are about three times as fast. Their
scores are rounded to bfloat16 before the softmax, as in the publisher's own way for processors.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from papertray.engine.devices.processor import has_matrix_units
from papertray.engine.patches import PatchDoesNotFit
from papertray.engine.readers.dots.vision import VisionAttention

ROWS = 512
"""Patches at once: what lies between the two products stays in the processor's caches."""


class AttentionByHead(VisionAttention):
    def attended(self, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        scaled = query * query.shape[-1] ** -0.5
        return torch.stack([_seen(*head) for head in zip(scaled, key, value, strict=True)])


def _seen(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    return torch.cat([(rows @ key.T).softmax(-1) @ value for rows in torch.split(query, ROWS)])


def patch(model: nn.Module, matrix_units: Callable[[], bool] = has_matrix_units) -> None:
    found = [module for module in model.modules() if type(module) is VisionAttention]
    if not found:
        raise PatchDoesNotFit(__name__, "the model has no attention of dots.ocr's sort")
    for attention in found:
        if attention.qkv.weight.dtype == torch.bfloat16 and not matrix_units():
            attention.__class__ = AttentionByHead
