"""A decoder as a card's kernels want it: read off what torch's way goes by, where all is known.

Weights are used where they lie. Packed ones of layers that see the same rows are put side by side, and the
model's own layers look into them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from papertray.engine.inference.decoder.feed_forward import ExpertsByIndex, GatedProduct
from papertray.engine.inference.decoder.layers import DecoderLayer, LayerDecoder, Norm
from papertray.engine.inference.decoder.projections import ForeignProjection, PlainProjection

TOGETHER = 64 * 256
"""So many 4-bit numbers share two scales; a weight begins where such a group does."""


class Unknown(Exception):
    """Something that the kernels do not compute."""


@dataclass(frozen=True, slots=True)
class CardWeight:
    """[outs, inputs] of perhaps several, in `parts` as `weights` has them."""

    outs: int
    inputs: int
    parts: tuple[Tensor, ...]
    bias: Tensor | None = None

    @property
    def four_bit(self) -> bool:
        return len(self.parts) > 1

    def behind(self, lines: int) -> "CardWeight":
        """The same without its first lines, of which there are whole groups."""
        first = lines * self.inputs
        if not self.four_bit:
            return CardWeight(self.outs - lines, self.inputs, (self.parts[0].view(-1)[first:],))
        numbers, scales, above, offsets, tables = self.parts
        group = first // TOGETHER
        parts = numbers[first // 2 :], scales[first // 64 :], above[group:], offsets[group:], tables
        return CardWeight(self.outs - lines, self.inputs, parts)


@dataclass(frozen=True, slots=True)
class CardGates:
    gate_up: CardWeight
    down: CardWeight


@dataclass(frozen=True, slots=True)
class CardExperts:
    """`stride` numbers lie between the gates of two experts."""

    router: Any
    gates: CardWeight
    ups: CardWeight
    downs: CardWeight
    stride: int


@dataclass(frozen=True, slots=True)
class CardLayer:
    """`gates` is all of a dense second half, or what stands beside the experts."""

    before_attention: Norm
    queries_keys_values: CardWeight
    out: CardWeight
    before_feed_forward: Norm
    gates: CardGates
    experts: CardExperts | None


@dataclass(frozen=True, slots=True)
class CardDecoder:
    described: LayerDecoder
    layers: tuple[CardLayer, ...]
    head: CardWeight


def describe_for_card(decoder: LayerDecoder) -> CardDecoder:
    """Raises `Unknown`."""
    depth = decoder.kind.depth
    if depth & (depth - 1) or decoder.kind.heads % decoder.kind.shared_heads:
        raise Unknown("heads of this size")
    return CardDecoder(decoder, tuple(map(_layer, decoder.layers)), _weight(decoder.head))


def _layer(layer: DecoderLayer) -> CardLayer:
    if layer.of_queries or layer.of_keys or layer.after_attention or layer.after_feed_forward:
        raise Unknown("more norms")
    feed: Any = layer.feed_forward
    if not isinstance(feed, GatedProduct | ExpertsByIndex):
        raise Unknown(type(feed).__name__)
    dense = feed if isinstance(feed, GatedProduct) else feed.shared
    return CardLayer(
        before_attention=layer.before_attention,
        queries_keys_values=_weight(layer.queries_keys_values),
        out=_weight(layer.out),
        before_feed_forward=layer.before_feed_forward,
        gates=_gates(dense),
        experts=_experts(feed) if isinstance(feed, ExpertsByIndex) else None,
    )


def _gates(product: GatedProduct) -> CardGates:
    _refuse_unless_silu(product.activation)
    gate_up, down = _weight(product.gate_up), _weight(product.down)
    if gate_up.bias is not None or down.bias is not None:
        raise Unknown("biases of a gated product")
    return CardGates(gate_up, down)


def _experts(feed: ExpertsByIndex) -> CardExperts:
    router: Any = feed.router
    experts: Any = feed.experts
    count = router.num_experts
    if getattr(router, "topk_method", "") != "greedy" or count & (count - 1) or count < 4:
        raise Unknown("this way to choose experts")
    packed = getattr(experts, "packed", None)
    if packed is not None:
        _refuse_unless_silu(experts[0].act_fn)
        gates, ups, downs = (_packed_weight(packed[name]) for name in ("gate_proj", "up_proj", "down_proj"))
        return CardExperts(router, gates, ups, downs, gates.outs * gates.inputs)
    _refuse_unless_silu(experts.act_fn)
    _, lines, inputs = experts.gate_up_proj.shape
    joined = CardWeight(lines, inputs, (experts.gate_up_proj.detach(),))
    _, outs, narrow = experts.down_proj.shape
    downs = CardWeight(outs, narrow, (experts.down_proj.detach(),))
    gates = CardWeight(lines // 2, inputs, joined.parts)
    return CardExperts(router, gates, joined.behind(lines // 2), downs, lines * inputs)


def _refuse_unless_silu(activation: Callable[[Tensor], Tensor]) -> None:
    some = torch.linspace(-4, 4, 9)
    if not torch.equal(activation(some), functional.silu(some)):
        raise Unknown("this activation")


def _weight(projection: Any) -> CardWeight:
    if isinstance(projection, PlainProjection):
        outs, inputs = projection.weight.shape
        return CardWeight(outs, inputs, (projection.weight,), projection.bias)
    if not isinstance(projection, ForeignProjection):
        raise Unknown(type(projection).__name__)
    layers: Sequence[Any] = projection.layers
    states = [_known_state(layer) for layer in layers]
    biases = [layer.bias for layer in layers if layer.bias is not None]
    if 0 < len(biases) < len(layers):
        raise Unknown("a bias here and there")
    parts = (
        torch.cat([layer.weight.data.view(-1) for layer in layers]),
        torch.cat([state.absmax for state in states]),
        torch.cat([state.state2.absmax for state in states]),
        torch.cat([torch.zeros_like(state.state2.absmax) + state.offset for state in states]),
        torch.cat([states[0].code, states[0].state2.code]),
    )
    _look_into(layers, states, parts)
    outs = sum(state.shape[0] for state in states)
    return CardWeight(outs, states[0].shape[1], parts, torch.cat(biases) if biases else None)


def _known_state(layer: Any) -> Any:
    state = getattr(getattr(layer, "weight", None), "quant_state", None)
    if state is None or state.quant_type != "nf4" or not state.nested:
        raise Unknown(type(layer).__name__)
    _refuse_unless_whole(state)
    return state


def _refuse_unless_whole(state: Any) -> None:
    outs, inputs = state.shape
    if (state.blocksize, state.state2.blocksize) != (64, 256) or inputs % 64 or outs * inputs % TOGETHER:
        raise Unknown("4-bit numbers in such groups")


def _look_into(layers: Sequence[Any], states: Sequence[Any], parts: tuple[Tensor, ...]) -> None:
    numbers, scales, above = parts[:3]
    sizes = [state.shape[0] * state.shape[1] for state in states]
    for layer, state, (start, end) in zip(
        layers, states, pairwise([sum(sizes[:at]) for at in range(len(sizes) + 1)]), strict=True
    ):
        layer.weight.data = numbers[start // 2 : end // 2].view(-1, 1)
        state.absmax = scales[start // 64 : end // 64]
        state.state2.absmax = above[start // TOGETHER : end // TOGETHER]


def _packed_weight(packed: Any) -> CardWeight:
    _refuse_unless_whole(packed.state)
    above = packed.scales_of_scales
    tables = torch.cat([packed.state.code, packed.nested.code])
    parts = packed.bytes, packed.scales, above, torch.zeros_like(above) + packed.offsets, tables
    outs, inputs = packed.state.shape
    return CardWeight(outs, inputs, parts)
