"""The second half of a decoder's layer: a gated product, or several of them, chosen for each row."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any, Protocol

import torch
from torch import Tensor

from papertray.engine.inference.decoder.compiled import FewRows
from papertray.engine.inference.decoder.eight_bit import MOST_ROWS
from papertray.engine.inference.decoder.projections import Projection

Activation = Callable[[Tensor], Tensor]
Router = Callable[[Tensor], tuple[Tensor, Tensor, Tensor]]
"""Rows go in; scores, weights and numbers of the chosen experts [rows, chosen] come out."""


class FeedForwardKind(Protocol):
    def answer(self, rows: Tensor) -> Tensor: ...


@dataclass(frozen=True, slots=True)
class GatedProduct:
    """`gate_up` has the rows of the gate before those of what it lets through."""

    gate_up: Projection
    down: Projection
    activation: Activation

    def answer(self, rows: Tensor) -> Tensor:
        return self.answer_prepared(self.gate_up.prepare(rows))

    def answer_prepared(self, prepared: Any) -> Tensor:
        inner = let_through(self.gate_up.multiply(prepared), self.activation)
        return self.down.multiply(self.down.prepare(inner))


@dataclass(frozen=True, slots=True)
class RoutedExperts:
    """No expert is touched that no row has chosen; `shared` answers every row."""

    router: Router
    experts: tuple[GatedProduct, ...]
    shared: GatedProduct

    def answer(self, rows: Tensor) -> Tensor:
        _, weights, chosen = self.router(rows)
        prepared = self.shared.gate_up.prepare(rows)
        answers = self._answers(prepared, chosen) * weights.unsqueeze(-1)
        return answers.sum(1).to(rows.dtype) + self.shared.answer_prepared(prepared)

    def _answers(self, prepared: Any, chosen: Tensor) -> Tensor:
        """Of each chosen expert to each row [rows, chosen, width]; an expert sees all its rows together."""
        order = chosen.reshape(-1).argsort()
        counts = torch.bincount(chosen.reshape(-1), minlength=len(self.experts)).tolist()
        groups = [
            (expert, slice(start, end))
            for expert, (start, end) in zip(
                self.experts, pairwise(accumulate(counts, initial=0)), strict=True
            )
            if end > start
        ]
        mine = prepared[order // chosen.shape[1]]
        opened = torch.cat([expert.gate_up.multiply(mine[rows]) for expert, rows in groups])
        first = groups[0][0]
        inner = first.down.prepare(let_through(opened, first.activation))
        closed = torch.cat([expert.down.multiply(inner[rows]) for expert, rows in groups])
        return closed[order.argsort()].view(*chosen.shape, -1)


@dataclass(frozen=True, slots=True)
class CompiledExperts:
    """All chosen experts in two calls. `gate_up` and `down` are the numbers of all experts, and their scales.

    `one_by_one` answers where rows are many.
    """

    few_rows: FewRows
    gate_up: tuple[Tensor, Tensor]
    down: tuple[Tensor, Tensor]
    one_by_one: RoutedExperts

    def answer(self, rows: Tensor) -> Tensor:
        if len(rows) > MOST_ROWS:
            return self.one_by_one.answer(rows)
        _, weights, chosen = self.one_by_one.router(rows)
        sorted_experts, order = chosen.reshape(-1).sort()
        opened = self.few_rows.multiply(*self.gate_up, sorted_experts, rows[order // chosen.shape[1]].float())
        inner = let_through(opened, self.one_by_one.experts[0].activation)
        closed = self.few_rows.multiply(*self.down, sorted_experts, inner)
        answers = closed[order.argsort()].view(*chosen.shape, -1) * weights.unsqueeze(-1)
        return answers.sum(1).to(rows.dtype) + self.one_by_one.shared.answer(rows)


@dataclass(frozen=True, slots=True)
class ExpertsByIndex:
    """`experts` take rows, the chosen of each and their weights; they do not ask the device who those are."""

    router: Router
    experts: Callable[[Tensor, Tensor, Tensor], Tensor]
    shared: GatedProduct

    def answer(self, rows: Tensor) -> Tensor:
        _, weights, chosen = self.router(rows)
        return self.experts(rows, chosen, weights) + self.shared.answer(rows)


def let_through(gate_and_up: Tensor, activation: Activation) -> Tensor:
    gate, up = gate_and_up.chunk(2, -1)
    return activation(gate) * up
