"""Give each token the weights of its own experts by index, so that no device is asked which those are.

The library goes from expert to expert, and asks the device before each whether anybody chose it: hundreds of
waits for every token. Here the weights of the chosen ones are gathered, and all are multiplied at once. Many
rows, which is how a page goes in, are put in the order of their experts instead; for that the device is asked
once in each layer. Nothing is added up by index, and neither a grouped product nor `nonzero` is needed.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from papertray.engine.patches import PatchDoesNotFit

FEW_ROWS = 32
"""So many are not worth a question to the device about whose they are."""


class GatheredExperts(nn.Module):
    """Stands before the library's class of experts, whose weights it has."""

    by_index = True
    gate_up_proj: Tensor
    down_proj: Tensor
    act_fn: Callable[[Tensor], Tensor]

    def forward(self, hidden_states: Tensor, top_k_index: Tensor, top_k_weights: Tensor) -> Tensor:
        """Gathered weights never take more room than the layer's own."""
        count, chosen = top_k_index.shape[-1], top_k_index.reshape(-1)
        answers = self.way(len(chosen), count)(hidden_states, chosen, count)
        weighted = answers.view(-1, count, answers.shape[-1]) * top_k_weights.unsqueeze(-1)
        return self.give_sum(weighted.sum(1), hidden_states.dtype)

    def way(self, pairs: int, count: int) -> Callable[[Tensor, Tensor, int], Tensor]:
        if pairs <= len(self.down_proj) // 2:
            return self.answer_few
        return self.answer_some if pairs <= FEW_ROWS * count else self.answer_many

    def answer_some(self, rows: Tensor, chosen: Tensor, count: int) -> Tensor:
        """Nearly every expert is somebody's: each is asked about every row, and nothing is gathered."""
        everywhere = rows.expand(len(self.down_proj), *rows.shape)
        inner = self.multiply_gates(torch.bmm(everywhere, self.gate_up_proj.mT))
        answers = self.multiply_down(inner, lambda narrow: torch.bmm(narrow, self.down_proj.mT))
        each = torch.arange(len(rows), device=rows.device).repeat_interleave(count)
        return answers[chosen, each]

    def answer_few(self, rows: Tensor, chosen: Tensor, count: int) -> Tensor:
        """What each chosen expert says of its row [pairs, width]."""
        repeated = rows.unsqueeze(1).expand(-1, count, -1).reshape(len(chosen), 1, -1)
        gate_up, down = self.gate_up_proj[chosen], self.down_proj[chosen]
        inner = self.multiply_gates(torch.bmm(repeated, gate_up.mT))
        return self.multiply_down(inner, lambda narrow: torch.bmm(narrow, down.mT)).squeeze(1)

    def answer_many(self, rows: Tensor, chosen: Tensor, count: int) -> Tensor:
        order = chosen.argsort()
        experts = torch.arange(len(self.down_proj), device=chosen.device)
        sizes = (chosen.unsqueeze(1) == experts).sum(0).tolist()
        parts = torch.split(rows[order // count], sizes)
        answers = [self.answer_one(expert, part) for expert, part in enumerate(parts) if len(part)]
        return torch.cat(answers)[order.argsort()]

    def answer_one(self, expert: int, rows: Tensor) -> Tensor:
        inner = self.multiply_gates(functional.linear(rows, self.gate_up_proj[expert]))
        return self.multiply_down(inner, lambda narrow: functional.linear(narrow, self.down_proj[expert]))

    def multiply_gates(self, gate_up: Tensor) -> Tensor:
        gate, up = gate_up.chunk(2, -1)
        return self.act_fn(gate) * up

    def multiply_down(self, inner: Tensor, product: Callable[[Tensor], Tensor]) -> Tensor:
        return product(inner)

    def give_sum(self, answers: Tensor, dtype: torch.dtype) -> Tensor:
        return answers.to(dtype)


def patch(model: nn.Module) -> None:
    experts = [module for module in model.modules() if has_routed_experts(module)]
    if not experts:
        raise PatchDoesNotFit(__name__, "the model has no routed experts")
    for each in experts:
        kind: Any = type(each)
        each.__class__ = type(f"Gathered{kind.__name__}", (GatheredExperts, kind), {})


def has_routed_experts(module: nn.Module) -> bool:
    """Experts as transformers holds them: 3-D parameters, without biases."""
    parameters = dict(module.named_parameters(recurse=False))
    return parameters.keys() == {"gate_up_proj", "down_proj"} and parameters["down_proj"].dim() == 3
