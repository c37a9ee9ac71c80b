"""The layers of a decoder with a running state: rows of several pages go in and come out.

What is kept of a page belongs to the page, so pages do not see each other. Between layers numbers are those
of the row's format, or float32 where that has too little range for sums.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional

from papertray.engine.inference.decoder.attention import AttentionKind, PageContext, look_at_prompt
from papertray.engine.inference.decoder.feed_forward import FeedForwardKind
from papertray.engine.inference.decoder.layers import Angles, turn_heads
from papertray.engine.inference.decoder.projections import Projection
from papertray.engine.inference.decoder.running.delta_rule import TokenSignals, take_prompt, take_token

SMALLEST_NORM = 1e-6
"""Added to the squares of a key, so that none is divided by nothing."""


@dataclass(slots=True)
class DeltaState:
    """`last` [tokens, channels] are the rows that the next ones are mixed with; `memory` is in float32."""

    last: Tensor
    memory: Tensor


@dataclass(slots=True)
class RunningContext:
    """What is kept of a page: keys and values of the layers that look back, a state of each of the others."""

    attention: PageContext
    states: list[DeltaState]


RunningPages = Sequence[tuple[RunningContext, int]]
"""Each with how many new rows it has."""


@dataclass(frozen=True, slots=True)
class CentredNorm:
    """`weight` is in float32, whatever the rows are, and what comes out has the `dtype` of the model."""

    weight: Tensor
    epsilon: float
    dtype: torch.dtype

    def scale(self, rows: Tensor) -> Tensor:
        return functional.rms_norm(rows.float(), self.weight.shape, self.weight, self.epsilon).to(self.dtype)


class RowMixer(Protocol):
    """The half of a layer in which a page's rows hear of each other. `number` counts those of one sort."""

    def answer(self, rows: Tensor, angles: Angles, pages: RunningPages) -> Tensor: ...


@dataclass(frozen=True, slots=True)
class RunningLayer:
    before_mixing: CentredNorm
    mixer: RowMixer
    before_feed_forward: CentredNorm
    feed_forward: FeedForwardKind

    def answer(self, rows: Tensor, angles: Angles, pages: RunningPages) -> Tensor:
        rows = rows + self.mixer.answer(self.before_mixing.scale(rows), angles, pages)
        return rows + self.feed_forward.answer(self.before_feed_forward.scale(rows))


@dataclass(frozen=True, slots=True)
class GatedAttention:
    """Looks back at all that was read and said; each head lets through a part of what it saw."""

    number: int
    kind: AttentionKind
    queries_keys_values: Projection
    of_queries: CentredNorm
    of_keys: CentredNorm
    out: Projection

    def answer(self, rows: Tensor, angles: Angles, pages: RunningPages) -> Tensor:
        kind, counts = self.kind, [count for _, count in pages]
        shared = kind.shared_heads * kind.depth
        product = self.queries_keys_values.multiply(self.queries_keys_values.prepare(rows))
        asking, keys, values = (
            each.reshape(len(rows), -1, kind.depth)
            for each in torch.split(product, [2 * kind.heads * kind.depth, shared, shared], -1)
        )
        asking, gates = asking.view(len(rows), kind.heads, 2, kind.depth).unbind(2)
        queries = turn_heads(self.of_queries.scale(asking), angles, kind.neighbours)
        keys = turn_heads(self.of_keys.scale(keys), angles, kind.neighbours)
        by_page = zip(pages, *(torch.split(each, counts) for each in (queries, keys, values)), strict=True)
        seen = torch.cat([self._look(context.attention, *mine) for (context, _), *mine in by_page])
        let_through = seen * gates.flatten(1).sigmoid()
        return self.out.multiply(self.out.prepare(let_through))

    def _look(self, context: PageContext, queries: Tensor, keys: Tensor, values: Tensor) -> Tensor:
        context.write(self.number, keys, values)
        if context.length or len(queries) == 1:
            return context.look_back(self.number, queries, self.kind)
        return look_at_prompt(queries, keys, values, self.kind)


@dataclass(frozen=True, slots=True)
class DeltaKind:
    """Keys are shared by as many heads as there are more of the values."""

    key_heads: int
    heads: int
    key_depth: int
    depth: int

    @property
    def channels(self) -> int:
        """Of queries, keys and values."""
        return 2 * self.key_heads * self.key_depth + self.heads * self.depth


@dataclass(frozen=True, slots=True)
class DeltaMixer:
    """Remembers by the delta rule. Each channel is first mixed with its `taps` [tokens, channels] last rows.

    `fading` [heads] and `offset` [heads] make of the signals of a row how much of the memory stays.
    """

    number: int
    kind: DeltaKind
    channels_and_gates: Projection
    signals: Projection
    taps: Tensor
    fading: Tensor
    offset: Tensor
    norm_weight: Tensor
    epsilon: float
    out: Projection

    def answer(self, rows: Tensor, _angles: Angles, pages: RunningPages) -> Tensor:
        kind, counts = self.kind, [count for _, count in pages]
        product = self.channels_and_gates.multiply(self.channels_and_gates.prepare(rows))
        channels, gates = product[:, : kind.channels], product[:, kind.channels :]
        writing, staying = self.signals.multiply(self.signals.prepare(rows)).chunk(2, -1)
        writing = writing.sigmoid().float()
        staying = self.fading * functional.softplus(staying.float() + self.offset)
        by_page = zip(
            pages, *(torch.split(each, counts) for each in (channels, staying, writing)), strict=True
        )
        heard = torch.cat(
            [self._remember(context.states[self.number], *mine) for (context, _), *mine in by_page]
        )
        gated = self._gate(heard.to(rows.dtype), gates.view(heard.shape))
        return self.out.multiply(self.out.prepare(gated.flatten(1)))

    def _remember(self, state: DeltaState, channels: Tensor, staying: Tensor, writing: Tensor) -> Tensor:
        kind, count = self.kind, len(channels)
        of_keys = kind.key_heads * kind.key_depth
        mixed = self._mix(state, channels)
        queries, keys = (
            _unit(each.reshape(count, kind.key_heads, kind.key_depth).float())
            for each in (mixed[:, :of_keys], mixed[:, of_keys : 2 * of_keys])
        )
        if (sharing := kind.heads // kind.key_heads) > 1:
            queries, keys = (each.repeat_interleave(sharing, 1) for each in (queries, keys))
        values = mixed[:, 2 * of_keys :].reshape(count, kind.heads, kind.depth).float()
        signals = TokenSignals(queries * kind.key_depth**-0.5, keys, values, staying, writing)
        return take_token(state.memory, signals) if count == 1 else take_prompt(state.memory, signals)

    def _mix(self, state: DeltaState, channels: Tensor) -> Tensor:
        """A sum over the last rows, as a convolution in which every channel is by itself."""
        known = torch.cat([state.last, channels])
        state.last = known[len(channels) :]
        mixed = known[: len(channels)] * self.taps[0]
        for place in range(1, len(self.taps)):
            mixed = mixed + known[place : place + len(channels)] * self.taps[place]
        return functional.silu(mixed)

    def _gate(self, heard: Tensor, gates: Tensor) -> Tensor:
        scaled = functional.rms_norm(heard.float(), heard.shape[-1:], eps=self.epsilon).to(heard.dtype)
        return (self.norm_weight * scaled * functional.silu(gates.float())).to(heard.dtype)


def _unit(rows: Tensor) -> Tensor:
    return rows * torch.rsqrt(rows.square().sum(-1, keepdim=True) + SMALLEST_NORM)
