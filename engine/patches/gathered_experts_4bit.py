"""Give a token the 4-bit weights of its own experts by index, so that the card is not asked which those are.

`experts_4bit` keeps every expert as a linear layer of its own; to call the right ones, the processor would
have to know them, and would wait for the card in each layer of each token. Here the packed weights of a
layer's experts lie in one piece, of which the layers are views. Those of the chosen ones are picked, unpacked
and multiplied at once. Many rows go the other way, with one wait in each layer.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from papertray.engine.patches import PatchDoesNotFit
from papertray.engine.patches.experts_4bit import SplitExperts
from papertray.engine.patches.gathered_experts import FEW_ROWS

PROJECTIONS = ("gate_proj", "up_proj", "down_proj")
SHARE = 2
"""Unpacked at once are at most the weights of one in so many of a layer's experts."""


class PackedProjection:
    """One projection of all experts: nf4 with double quantisation, as bitsandbytes packs it."""

    def __init__(self, layers: Sequence[Any]) -> None:
        states = [layer.weight.quant_state for layer in layers]
        self.state = states[0]
        self.nested = self.state.state2
        self.bytes = torch.stack([layer.weight.data.view(-1) for layer in layers])
        self.scales = torch.stack([state.absmax for state in states])
        self.scales_of_scales = torch.stack([state.state2.absmax for state in states])
        self.offsets = torch.stack([state.offset for state in states]).view(-1, 1)
        for number, (layer, state) in enumerate(zip(layers, states, strict=True)):
            layer.weight.data = self.bytes[number].view(-1, 1)
            state.absmax, state.state2.absmax = self.scales[number], self.scales_of_scales[number]

    def unpack(self, chosen: Tensor) -> Tensor:
        """The weights of these experts [pairs, out, in]."""
        from bitsandbytes import functional

        above = self.scales_of_scales[chosen].repeat_interleave(self.nested.blocksize, 1)
        scales = self.nested.code[self.scales[chosen].int()]
        scales = scales * above[:, : scales.shape[1]] + self.offsets[chosen]
        out, inner = self.state.shape
        state = functional.QuantState(
            absmax=scales.view(-1),
            shape=torch.Size((len(chosen) * out, inner)),
            code=self.state.code,
            blocksize=self.state.blocksize,
            quant_type=self.state.quant_type,
            dtype=self.state.dtype,
        )
        weights: Tensor = functional.dequantize_4bit(self.bytes[chosen].view(-1, 1), state)
        return weights.view(-1, out, inner)


class GatheredSplitExperts(SplitExperts):
    by_index = True
    packed: dict[str, PackedProjection]

    def forward(self, hidden_states: Tensor, top_k_index: Tensor, top_k_weights: Tensor) -> Tensor:
        count, chosen = top_k_index.shape[-1], top_k_index.reshape(-1)
        if len(chosen) * SHARE > len(self):
            if len(hidden_states) <= FEW_ROWS:
                return self._ask_all(hidden_states, top_k_index, top_k_weights)
            return super().forward(hidden_states, top_k_index, top_k_weights)
        rows = hidden_states.unsqueeze(1).expand(-1, count, -1).reshape(len(chosen), 1, -1)
        gate, up = (self._multiply(rows, name, chosen) for name in PROJECTIONS[:2])
        one: Any = self[0]
        answers = self._multiply(one.act_fn(gate) * up, PROJECTIONS[2], chosen)
        weighted = answers.view(-1, count, answers.shape[-1]) * top_k_weights.unsqueeze(-1)
        return weighted.sum(1).to(hidden_states.dtype)

    def _ask_all(self, rows: Tensor, chosen: Tensor, weights: Tensor) -> Tensor:
        everyone = torch.arange(len(self), device=rows.device)
        everywhere = rows.expand(len(self), *rows.shape)
        gate, up = (self._multiply(everywhere, name, everyone) for name in PROJECTIONS[:2])
        one: Any = self[0]
        answers = self._multiply(one.act_fn(gate) * up, PROJECTIONS[2], everyone)
        mine = answers[chosen, torch.arange(len(rows), device=rows.device).unsqueeze(1)]
        return (mine * weights.unsqueeze(-1)).sum(1).to(rows.dtype)

    def _multiply(self, rows: Tensor, name: str, chosen: Tensor) -> Tensor:
        return torch.bmm(rows, self.packed[name].unpack(chosen).to(rows.dtype).mT)


def patch(model: nn.Module) -> None:
    experts: list[Any] = [module for module in model.modules() if type(module) is SplitExperts]
    if not experts:
        raise PatchDoesNotFit(__name__, "the model has no routed experts in 4 bit")
    for each in experts:
        each.__class__ = GatheredSplitExperts
        each.packed = {
            name: PackedProjection([getattr(expert, name) for expert in each]) for name in PROJECTIONS
        }
