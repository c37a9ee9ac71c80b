"""Multiply the one row of a token as a row: with its own experts alone, and as a vector where that is faster.

A processor reads its weights anew for every token, so it should touch each of them once and no others. The
library's product for experts goes through all of them. A processor with matrix units brings weights in
bfloat16 into another order first, for one row as for a thousand; a product with a vector does not. Many
rows, which is how a page goes in, are multiplied as ever.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from papertray.engine.devices.processor import has_matrix_units
from papertray.engine.patches import PatchDoesNotFit
from papertray.engine.patches.gathered_experts import has_routed_experts


def vectors_are_faster(dtype: torch.dtype) -> bool:
    """In float32 they are never slower. In bfloat16 they are slower where there are no matrix units (AMX)."""
    return dtype == torch.float32 or (dtype == torch.bfloat16 and has_matrix_units())


class OneRowLinear(nn.Linear):
    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 (torch names it so)
        if input.numel() != self.in_features:
            return super().forward(input)
        return _vector_product(input, self.weight, self.bias)


class OneRowExperts(nn.Module):
    """Stands before the library's class of experts, whose weights it has."""

    gate_up_proj: Tensor
    down_proj: Tensor
    act_fn: Callable[[Tensor], Tensor]
    product: Callable[[Tensor, Tensor], Tensor]

    def forward(self, hidden_states: Tensor, top_k_index: Tensor, top_k_weights: Tensor) -> Any:
        if len(hidden_states) != 1:
            return super().forward(hidden_states, top_k_index, top_k_weights)
        answers = [self._answer(expert, hidden_states) for expert in top_k_index[0].tolist()]
        weighted = torch.cat(answers) * top_k_weights.T
        return weighted.sum(0, keepdim=True).to(hidden_states.dtype)

    def _answer(self, expert: int, row: Tensor) -> Tensor:
        gate, up = self.product(row, self.gate_up_proj[expert]).chunk(2, -1)
        return self.product(self.act_fn(gate) * up, self.down_proj[expert])


def _vector_product(row: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    vector = row.reshape(-1)
    answer = torch.mv(weight, vector) if bias is None else torch.addmv(bias, weight, vector)
    return answer.view(*row.shape[:-1], -1)


def patch(model: nn.Module, faster: Callable[[torch.dtype], bool] = vectors_are_faster) -> None:
    linear = [module for module in model.modules() if type(module) is nn.Linear]
    if not linear:
        raise PatchDoesNotFit(__name__, "the model has no linear layers")
    for layer in linear:
        if faster(layer.weight.dtype):
            layer.__class__ = OneRowLinear
    for experts in [module for module in model.modules() if has_routed_experts(module)]:
        fast = faster(experts.get_parameter("down_proj").dtype)
        product = staticmethod(_vector_product if fast else functional.linear)
        kind = type(experts)
        experts.__class__ = type(f"OneRow{kind.__name__}", (OneRowExperts, kind), {"product": product})
