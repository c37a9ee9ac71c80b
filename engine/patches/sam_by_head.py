"""Let SAM's layers attend head by head on a processor, and compute nothing for what lies around a picture.

The library adds up a mask, a number for each pair of patches and each head, and reads it again in torch's
fused attention. Here the scores of some rows of patches begin as that sum, get the products on top and are
used up while they lie in the processor's caches. With matrix units (AMX), where the fused attention is fast
in bfloat16, the positions are folded into it instead. Patches that only fill up the last windows have no
content: their queries, keys and values are the bias.
"""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor, nn

from papertray.engine.devices.processor import has_matrix_units
from papertray.engine.patches import PatchDoesNotFit
from papertray.engine.patches.folded_positions import (
    ATTENTION_CLASSES,
    attend_folded,
    require_positions,
    weigh_places,
)

SCORES_AT_ONCE = 1 << 20
Attend = Callable[[Tensor, Tensor, Tensor, Tensor, Tensor], Tensor]
"""Scaled queries, keys, values and the weights of places, all [pictures, heads, patches, numbers]."""


class BlockwiseLayer(nn.Module):
    """Stands before the library's class of layers, with the parts they have."""

    attend: Attend
    attn: Any
    layer_norm1: nn.Module
    layer_norm2: nn.Module
    mlp: nn.Module
    window_size: int

    def forward(self, hidden_states: Tensor) -> Tensor:
        """[pictures, height, width, channels]"""
        height, width = hidden_states.shape[1:3]
        each = self.attn.qkv(self.layer_norm1(hidden_states))
        seen = self._windows(each, self.window_size) if self.window_size else self._pictures(each)
        hidden_states = hidden_states + self.attn.proj(seen[:, :height, :width])
        addition: Tensor = self.mlp(self.layer_norm2(hidden_states))
        return hidden_states + addition

    def _windows(self, each: Tensor, side: int) -> Tensor:
        count, height, width, numbers = each.shape
        down, across = -(-height // side), -(-width // side)
        if (height, width) != (down * side, across * side):
            bias = torch.zeros_like(each[0, 0, 0]) if self.attn.qkv.bias is None else self.attn.qkv.bias
            filled = bias.expand(count, down * side, across * side, numbers).clone()
            filled[:, :height, :width] = each
            each = filled
        windows = each.view(count, down, side, across, side, numbers).transpose(2, 3)
        seen = self._pictures(windows.reshape(-1, side, side, numbers))
        seen = seen.view(count, down, across, side, side, -1).transpose(2, 3)
        return seen.reshape(count, down * side, across * side, -1)

    def _pictures(self, each: Tensor) -> Tensor:
        """Queries, keys and values of pictures that do not see each other."""
        count, height, width, _ = each.shape
        split = each.view(count, height * width, 3, self.attn.num_attention_heads, -1)
        query, key, value = split.permute(2, 0, 3, 1, 4).contiguous()
        by_place = query.unflatten(2, (height, width))
        places = weigh_places(by_place, self.attn.rel_pos_h, self.attn.rel_pos_w)
        seen = self.attend(query * self.attn.scale, key, value, *places)
        return seen.transpose(1, 2).reshape(count, height, width, -1)


def attend_in_blocks(query: Tensor, key: Tensor, value: Tensor, down: Tensor, across: Tensor) -> Tensor:
    """Some heads of small pictures at once, or some patches of one head of a large one."""
    patches = query.shape[2]
    flat = [each.flatten(0, 1) for each in (query, key, value, down, across)]
    queries, keys, values, downs, acrosses = flat
    seen = torch.empty_like(queries)
    for heads in _slices(len(queries), SCORES_AT_ONCE // patches**2):
        for rows in _slices(patches, SCORES_AT_ONCE // patches):
            scores = (downs[heads, rows, :, None] + acrosses[heads, rows, None, :]).flatten(2)
            scores.baddbmm_(queries[heads, rows], keys[heads].mT)
            seen[heads, rows] = scores.softmax(-1) @ values[heads]
    return seen.view_as(query)


def _slices(length: int, most: int) -> Iterator[slice]:
    step = max(1, most)
    return (slice(start, start + step) for start in range(0, length, step))


def patch(model: nn.Module, matrix_units: Callable[[], bool] = has_matrix_units) -> None:
    layers: list[Any] = [
        module
        for module in model.modules()
        if type(getattr(module, "attn", None)).__name__ in ATTENTION_CLASSES
    ]
    if not layers:
        raise PatchDoesNotFit(__name__, "the model has no layers of SAM's sort")
    for layer in layers:
        require_positions(layer.attn, __name__)
        folded = layer.attn.qkv.weight.dtype == torch.bfloat16 and matrix_units()
        layer.attend = attend_folded if folded else attend_in_blocks
        kind: Any = type(layer)
        layer.__class__ = type(f"Blockwise{kind.__name__}", (BlockwiseLayer, kind), {})
