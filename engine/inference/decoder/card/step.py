"""A decoder's step of few calls, for cards on which Triton runs: the same as `steps` does by torch.

One row goes through kernels alone, which scale, multiply and add in one call. Several are multiplied by torch
where weights are whole: nothing is better at that. Experts and looking back are always our own.
"""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from papertray.engine.inference.decoder.card import experts, kernels, looking
from papertray.engine.inference.decoder.card.cuts import CUTS, Blocks
from papertray.engine.inference.decoder.card.layers import (
    CardDecoder,
    CardExperts,
    CardGates,
    CardLayer,
    CardWeight,
)
from papertray.engine.inference.decoder.layers import Angles, Norm
from papertray.engine.inference.decoder.slots import SlotRoom

WIDEST = 2048
PARTS_OF_PAGES = 160
"""So many programs keep a card busy while pages are looked back at; a page in at most so many parts:"""
MOST_PARTS = 32
EARLY = 9
"""Cards from Hopper on can fetch weights before the call before has ended."""
EXPERTS_AT_ONCE = 4
GATES_AT_ONCE = 1024
TOKENS_AT_ONCE = 64


def _power(number: int) -> int:
    return 1 << (number - 1).bit_length()


class CardStep:
    """For so many rows. It looks back as far as each page goes."""

    def __init__(self, decoder: CardDecoder, room: SlotRoom, angles: Angles, rows: int) -> None:
        self._decoder = decoder
        self._kind = decoder.described.kind
        self._room = room
        self._rows = rows
        self._angles = [each.contiguous() for each in angles]
        self._padded = rows if rows == 1 else max(16, rows)
        self._like = like = decoder.described.norm.weight
        early = like.is_cuda and torch.cuda.get_device_capability(like.device)[0] >= EARLY
        self._early: dict[str, Any] = {"EARLY": early} | ({"launch_pdl": True} if early else {})
        self._counters = torch.zeros(1 << 14, dtype=torch.int32, device=like.device)
        parts = PARTS_OF_PAGES // (rows * self._kind.shared_heads)
        self._splits = min(MOST_PARTS, _power(max(1, parts)))

    def compute(self, hidden: Tensor, lengths: Tensor, places: Tensor) -> Tensor:
        more = None  # what torch multiplied and is still to be added
        for number, layer in enumerate(self._decoder.layers):
            hidden, scaled = self._scale(hidden, more, layer.before_attention)
            product = self._multiply(scaled, layer.queries_keys_values, layer.before_attention)
            seen = self._look_back(product, number, lengths, places)
            hidden, more = self._add(hidden, seen, layer.out)
            hidden, scaled = self._scale(hidden, more, layer.before_feed_forward)
            hidden, more = self._feed_forward(hidden, scaled, layer, lengths)
        norm = self._decoder.described.norm
        return self._multiply(self._scale(hidden, more, norm)[1], self._decoder.head, norm)

    def _feed_forward(
        self, hidden: Tensor, scaled: Tensor, layer: CardLayer, lengths: Tensor
    ) -> tuple[Tensor, Tensor | None]:
        norm = layer.before_feed_forward
        if layer.experts is not None:
            routed = self._route(scaled, norm, layer.experts.router, lengths)
            inner = self._open(scaled, norm, layer.gates, layer.experts, routed)
            return self._close(inner, hidden, layer.gates, layer.experts, routed), None
        if self._rows == 1:
            inner = self._open(scaled, norm, layer.gates)
        else:
            inner = self._let_through(self._multiply(scaled, layer.gates.gate_up))
        return self._add(hidden, inner, layer.gates.down)

    def _scale(self, hidden: Tensor, more: Tensor | None, norm: Norm) -> tuple[Tensor, Tensor]:
        """The rows with what is to be added, and these scaled; one row is scaled where it is multiplied."""
        if self._rows == 1:
            return hidden, hidden
        together = hidden if more is None else torch.empty_like(hidden)
        scaled = torch.empty_like(hidden)
        kernels.add_and_scale[(self._rows,)](
            hidden,
            hidden if more is None else more,
            norm.weight,
            together,
            scaled,
            norm.epsilon,
            K=hidden.shape[1],
            BLOCK_K=_power(hidden.shape[1]),
            HAS_MORE=more is not None,
            **self._early,
        )
        return together, scaled

    def _add(self, hidden: Tensor, rows: Tensor, weight: CardWeight) -> tuple[Tensor, Tensor | None]:
        """Their product on top of what is there, now or later."""
        if self._rows == 1 or weight.four_bit:
            return self._multiply_here(rows, weight, before=hidden), None
        return hidden, functional.linear(rows, weight.parts[0], weight.bias)

    def _multiply(self, rows: Tensor, weight: CardWeight, norm: Norm | None = None) -> Tensor:
        """`norm` is what a single row is yet to be scaled by."""
        if self._rows == 1 or weight.four_bit:
            return self._multiply_here(rows, weight, norm if self._rows == 1 else None)
        return functional.linear(rows, weight.parts[0], weight.bias)

    def _multiply_here(
        self, rows: Tensor, weight: CardWeight, norm: Norm | None = None, before: Tensor | None = None
    ) -> Tensor:
        blocks = self._blocks("long" if weight.inputs > WIDEST else "multiply", weight)
        splits = 1 if norm else blocks.splits
        tiles = -(-weight.outs // blocks.outs)
        answer = self._like.new_empty(self._rows, weight.outs)
        kernels.multiply[(tiles, splits)](
            rows,
            rows if norm is None else norm.weight,
            weight.parts,
            rows if weight.bias is None else weight.bias,
            answer if before is None else before,
            answer,
            self._floats(tiles * splits * self._padded * blocks.outs if splits > 1 else 0),
            self._counters,
            weight.outs,
            norm.epsilon if norm else 0.0,
            K=weight.inputs,
            ROWS=self._rows,
            PADDED=self._padded,
            BLOCK_N=blocks.outs,
            BLOCK_K=min(_power(weight.inputs), blocks.inputs),
            SPLITS=splits,
            HAS_NORM=norm is not None,
            HAS_BIAS=weight.bias is not None,
            HAS_BEFORE=before is not None,
            FOUR_BIT=weight.four_bit,
            num_warps=blocks.warps,
            **self._early,
        )
        return answer

    def _blocks(self, product: str, weight: CardWeight) -> Blocks:
        return CUTS[self._rows > 1, weight.four_bit][product]

    def _floats(self, *shape: int) -> Tensor:
        return self._like.new_empty(shape, dtype=torch.float32)

    def _look_back(self, product: Tensor, layer: int, lengths: Tensor, places: Tensor) -> Tensor:
        kind, splits = self._kind, self._splits
        keys, values = self._room.kept[layer]
        seen = self._like.new_empty(self._rows, kind.heads * kind.depth)
        lines = self._rows * kind.heads * splits
        looking.look_at_slots[(self._rows, kind.shared_heads, splits)](
            product,
            *self._angles,
            lengths,
            places,
            keys,
            values,
            seen,
            self._floats(lines, kind.depth),
            self._floats(lines),
            self._floats(lines),
            self._counters,
            keys.stride(0),
            keys.stride(1),
            self._room.tokens,
            kind.scaling,
            HEADS=kind.heads,
            SHARED=kind.shared_heads,
            DEPTH=kind.depth,
            PADDED=max(16, _power(kind.heads // kind.shared_heads)),
            BLOCK_T=TOKENS_AT_ONCE,
            SPLITS=splits,
            NEIGHBOURS=kind.neighbours,
            **self._early,
        )
        return seen

    def _let_through(self, opened: Tensor) -> Tensor:
        inner = opened.new_empty(len(opened), opened.shape[1] // 2)
        kernels.let_through_gates[(self._rows, -(-inner.shape[1] // GATES_AT_ONCE))](
            opened, inner, K=inner.shape[1], BLOCK_K=GATES_AT_ONCE, **self._early
        )
        return inner

    def _route(self, rows: Tensor, norm: Norm, router: Any, lengths: Tensor) -> tuple[Tensor, ...]:
        """Who has been chosen by somebody, how many they are, and the share of each in each row."""
        count, inputs = router.weight.shape
        shares = self._floats(self._rows, count)
        numbers = torch.empty(count + 1, dtype=torch.int32, device=rows.device)
        experts.route[(self._rows, count // EXPERTS_AT_ONCE)](
            rows,
            norm.weight,
            router.weight,
            lengths,
            self._floats(self._rows, count),
            shares,
            numbers[:-1],
            numbers[-1:],
            self._counters,
            self._room.tokens,
            norm.epsilon,
            float(router.routed_scaling_factor),
            K=inputs,
            EXPERTS=count,
            CHOSEN=router.top_k,
            ROWS=self._rows,
            BLOCK_E=EXPERTS_AT_ONCE,
            BLOCK_K=min(_power(inputs), WIDEST),
            **self._early,
        )
        return numbers[:-1], numbers[-1:], shares

    def _active(self, routed: CardExperts | None) -> int:
        """At most so many experts are chosen."""
        return min(self._rows * routed.router.top_k, routed.router.num_experts) if routed else 0

    def _open(
        self,
        rows: Tensor,
        norm: Norm,
        shared: CardGates,
        chosen: CardExperts | None = None,
        routed: tuple[Tensor, ...] = (),
    ) -> Tensor:
        gate_up, lines = shared.gate_up, shared.gate_up.outs // 2
        gates, ups = (chosen.gates, chosen.ups) if chosen else (gate_up, gate_up)
        blocks, active = self._blocks("open", gate_up), self._active(chosen)
        tiles = active * -(-gates.outs // blocks.outs) + -(-lines // blocks.outs)
        inner = self._like.new_empty(self._rows, active * gates.outs + lines)
        experts.open_gates[(tiles,)](
            rows,
            norm.weight,
            gates.parts,
            ups.parts,
            gate_up.parts,
            gate_up.behind(lines).parts,
            *(routed or (self._counters, self._counters, norm.weight)),
            inner,
            chosen.stride if chosen else 0,
            norm.epsilon,
            K=gate_up.inputs,
            INNER=gates.outs,
            SHARED=lines,
            ACTIVE=active,
            EXPERTS=chosen.router.num_experts if chosen else 1,
            ROWS=self._rows,
            PADDED=self._padded,
            BLOCK_N=blocks.outs,
            BLOCK_K=min(_power(gate_up.inputs), blocks.inputs),
            FOUR_BIT=gate_up.four_bit,
            num_warps=blocks.warps,
            **self._early,
        )
        return inner

    def _close(
        self,
        inner: Tensor,
        hidden: Tensor,
        shared: CardGates,
        chosen: CardExperts,
        routed: tuple[Tensor, ...],
    ) -> Tensor:
        down = shared.down
        blocks = self._blocks("close", down)
        tiles = -(-down.outs // blocks.outs)
        answer = torch.empty_like(hidden)
        experts.close_experts[(tiles, blocks.splits)](
            inner,
            chosen.downs.parts,
            down.parts,
            *routed[:2],
            hidden,
            answer,
            self._floats(tiles * blocks.splits * self._padded * blocks.outs),
            self._counters,
            down.outs,
            INNER=chosen.downs.inputs,
            SHARED=down.inputs,
            ACTIVE=self._active(chosen),
            ROWS=self._rows,
            PADDED=self._padded,
            BLOCK_N=blocks.outs,
            BLOCK_K=blocks.inputs,
            SPLITS=blocks.splits,
            FOUR_BIT=down.four_bit,
            num_warps=blocks.warps,
            **self._early,
        )
        return answer
