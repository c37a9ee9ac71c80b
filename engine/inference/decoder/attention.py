"""What a page has said so far, as keys and values, and how a token looks back at it."""

from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn import functional

from papertray.engine.devices.processor import has_matrix_units

ROOM = 512
"""Tokens until a page's keys and values move to a larger place."""


@dataclass(slots=True)
class PageContext:
    """All that was read and said of one page. `next_place` is where its next token stands."""

    layers: int
    length: int = 0
    next_place: int = 0
    _kept: Tensor | None = field(default=None, repr=False)

    @property
    def place(self) -> int:
        """Where its keys and values lie in memory."""
        return 0 if self._kept is None else self._kept.data_ptr()

    @property
    def kept(self) -> Tensor:
        """Keys and values [layers, 2, heads, tokens, depth]."""
        assert self._kept is not None
        return self._kept[..., : self.length, :]

    def make_room(self, tokens: int, like: Tensor, heads: int, depth: int) -> None:
        """For so many more; what is kept is copied only when it moves."""
        end = self.length + tokens
        if self._kept is not None and end <= self._kept.shape[3]:
            return
        larger = like.new_empty(self.layers, 2, heads, end + ROOM, depth)
        if self._kept is not None:
            larger[..., : self.length, :] = self._kept[..., : self.length, :]
        self._kept = larger

    def write(self, layer: int, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Takes the new ones [tokens, heads, depth], gives all of this layer [heads, tokens, depth]."""
        assert self._kept is not None
        end = self.length + len(keys)
        kept = self._kept[layer]
        kept[0, :, self.length : end] = keys.transpose(0, 1)
        kept[1, :, self.length : end] = values.transpose(0, 1)
        return kept[0, :, :end], kept[1, :, :end]


@dataclass(frozen=True, slots=True)
class AttentionKind:
    """`neighbours`: a rotary angle turns numbers 2n and 2n+1, not n and n + half.

    `fused`: one token, too, looks back in torch's fused way. In bfloat16 that takes several times as long as
    plain products where there are no matrix units (AMX).
    """

    heads: int
    shared_heads: int
    depth: int
    scaling: float
    neighbours: bool
    fused: bool


def fused_is_faster(dtype: torch.dtype) -> bool:
    return dtype != torch.bfloat16 or has_matrix_units()


def look_back(queries: Tensor, keys: Tensor, values: Tensor, kind: AttentionKind) -> Tensor:
    """`queries` [tokens, heads, depth] are the last tokens of what is kept; several heads share a key."""
    tokens, heads, depth = queries.shape
    if tokens > 1 and tokens == keys.shape[1]:
        answer = functional.scaled_dot_product_attention(
            queries.transpose(0, 1)[None],
            keys[None],
            values[None],
            is_causal=True,
            scale=kind.scaling,
            enable_gqa=heads != len(keys),
        )[0]
    else:
        sharing = queries.transpose(0, 1).reshape(len(keys), -1, depth)
        visible = _visible(tokens, keys).repeat(heads // len(keys), 1) if tokens > 1 else None
        answer = _look_far_back(sharing, keys, values, visible, kind).view(heads, tokens, depth)
    return answer.transpose(0, 1).reshape(tokens, -1)


def _visible(tokens: int, keys: Tensor) -> Tensor:
    """What each of the last tokens may see [tokens, all]: itself, and all before it."""
    everything = keys.shape[1]
    return torch.ones(tokens, everything, dtype=torch.bool, device=keys.device).tril(everything - tokens)


def _look_far_back(
    queries: Tensor, keys: Tensor, values: Tensor, visible: Tensor | None, kind: AttentionKind
) -> Tensor:
    """By few tokens, at many."""
    if kind.fused:
        fused = functional.scaled_dot_product_attention(
            queries[None], keys[None], values[None], attn_mask=visible, scale=kind.scaling
        )
        return fused[0]
    scores = torch.bmm(queries, keys.transpose(1, 2)).float() * kind.scaling
    if visible is not None:
        scores = scores.masked_fill(~visible, float("-inf"))
    return torch.bmm(scores.softmax(-1).to(values.dtype), values)
