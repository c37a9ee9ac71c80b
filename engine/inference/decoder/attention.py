"""What a page has said so far, as keys and values, and how a token looks back at it.

They lie in blocks of so many tokens, each of all heads: whatever part of the room is in use is one piece of
memory, which products take as it is. Of any other part they would make a copy first, at every token.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn import functional

BLOCK = 128
"""Tokens in a block: in its last one a page looks at those that are not said yet, and they count nothing."""
ROOM = 512
"""Tokens until a page's keys and values move to a larger place."""


@dataclass(frozen=True, slots=True)
class AttentionKind:
    """`neighbours`: a rotary angle turns numbers 2n and 2n+1, not n and n + half.

    A token looks back at the whole prompt and, where there is a `window`, at the last so many that were said,
    itself among them.
    """

    heads: int
    shared_heads: int
    depth: int
    scaling: float
    neighbours: bool
    window: int | None = None


@dataclass(slots=True)
class PageContext:
    """All that was read and said of one page. `next_place` is where its next token stands.

    Keys are kept [layers, blocks, heads, depth, tokens of a block], values with the last two turned. The
    first `prompt` of them are what was asked.
    """

    layers: int
    length: int = 0
    next_place: int = 0
    prompt: int = 0
    _oldest: int = 0
    _room: tuple[Tensor, Tensor] | None = field(default=None, repr=False)

    @property
    def place(self) -> int:
        """Where its keys lie in memory."""
        return 0 if self._room is None else self._room[0].data_ptr()

    @property
    def kept(self) -> Tensor:
        """A copy of keys and values [layers, 2, heads, tokens, depth]."""
        assert self._room is not None
        keys, values = self._room
        both = torch.stack((keys.mT, values), 1)
        return both.transpose(2, 3).flatten(3, 4)[..., : self.length, :]

    def places(self, layer: int) -> tuple[int, int]:
        """Where the keys and the values of a layer begin."""
        assert self._room is not None
        keys, values = self._room
        return keys[layer].data_ptr(), values[layer].data_ptr()

    @property
    def numbers_a_layer(self) -> int:
        """From the keys of one layer to those of the next, and so of its values."""
        assert self._room is not None
        return self._room[0].stride(0)

    def forget_far(self, window: int) -> None:
        """What the next token cannot see any more. Where a token lies makes no difference to what it says."""
        if self.length - self.prompt < window:
            return
        assert self._room is not None
        keys, values = self._room
        block, place = divmod(self.prompt + self._oldest, BLOCK)
        last_block, last_place = divmod(self.length - 1, BLOCK)
        keys[:, block, :, :, place] = keys[:, last_block, :, :, last_place]
        values[:, block, :, place] = values[:, last_block, :, last_place]
        self._oldest = (self._oldest + 1) % (window - 1)
        self.length -= 1

    def make_room(self, tokens: int, like: Tensor, heads: int, depth: int) -> None:
        """For so many more; what is kept is copied only when it moves."""
        end = self.length + tokens
        keys, values = self._room or (None, None)
        if keys is not None and end <= keys.shape[1] * BLOCK:
            return
        shape = self.layers, -(-(end + ROOM) // BLOCK), heads
        self._room = (
            _larger(keys, like, (*shape, depth, BLOCK)),
            _larger(values, like, (*shape, BLOCK, depth)),
        )

    def write(self, layer: int, keys: Tensor, values: Tensor) -> None:
        """The new ones [tokens, heads, depth]; they count as kept when `length` says so."""
        assert self._room is not None
        kept_keys, kept_values = self._room
        for block, there, here in _pieces(self.length, len(keys)):
            kept_keys[layer, block, :, :, there] = keys[here].permute(1, 2, 0)
            kept_values[layer, block, :, there] = values[here].transpose(0, 1)

    def look_back(self, layer: int, queries: Tensor, kind: AttentionKind) -> Tensor:
        """`queries` [tokens, heads, depth] are of the tokens written last; several heads share a key."""
        assert self._room is not None
        tokens, heads, depth = queries.shape
        end = self.length + tokens
        blocks = -(-end // BLOCK)
        keys, values = (each[layer, :blocks].flatten(0, 1) for each in self._room)
        shared = len(keys) // blocks
        asking = queries.transpose(0, 1).reshape(shared, -1, depth)
        near = torch.bmm(asking.repeat(blocks, 1, 1), keys).view(blocks, shared, -1, BLOCK)
        scores = near.permute(1, 2, 0, 3).flatten(2)[..., :end].float() * kind.scaling
        if tokens > 1:
            hidden = torch.ones(tokens, end, dtype=torch.bool, device=scores.device).triu(self.length + 1)
            scores = scores.masked_fill(hidden.repeat(heads // shared, 1), float("-inf"))
        weights = values.new_zeros(*scores.shape[:2], blocks * BLOCK)
        weights[..., :end] = scores.softmax(-1)
        by_block = weights.view(shared, -1, blocks, BLOCK).permute(2, 0, 1, 3).reshape(len(keys), -1, BLOCK)
        seen = torch.bmm(by_block, values).view(blocks, shared, -1, depth).sum(0)
        return seen.view(heads, tokens, depth).transpose(0, 1).reshape(tokens, -1)


def look_at_prompt(queries: Tensor, keys: Tensor, values: Tensor, kind: AttentionKind) -> Tensor:
    """All [tokens, heads, depth], of a page of which nothing was read before."""
    answer = functional.scaled_dot_product_attention(
        queries.transpose(0, 1)[None],
        keys.transpose(0, 1)[None],
        values.transpose(0, 1)[None],
        is_causal=True,
        scale=kind.scaling,
        enable_gqa=kind.heads != kind.shared_heads,
    )[0]
    return answer.transpose(0, 1).reshape(len(queries), -1)


def _larger(kept: Tensor | None, like: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Zeros where nothing is kept: what counts nothing must be a number."""
    larger = like.new_zeros(shape)
    if kept is not None:
        larger[:, : kept.shape[1]] = kept
    return larger


def _pieces(start: int, tokens: int) -> Iterator[tuple[int, slice, slice]]:
    """Of so many tokens from there on: a block, which of its places, and which of the tokens."""
    done = 0
    while done < tokens:
        block, place = divmod(start + done, BLOCK)
        count = min(BLOCK - place, tokens - done)
        yield block, slice(place, place + count), slice(done, done + count)
        done += count
