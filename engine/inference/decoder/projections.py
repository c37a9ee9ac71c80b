"""The products of a decoder: rows come in, rows go out, whatever form the weights have.

What several projections do to the same rows first is done once: `prepare`, then `multiply` for each of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any, Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional

from papertray.engine.devices.processor import has_matrix_units
from papertray.engine.inference.decoder.eight_bit import SCALES, project_eight_bit, round_to_8_bits


class Projection(Protocol):
    """`prepare` gives rows in the form that `multiply` takes; both keep their order, and can be indexed."""

    def prepare(self, rows: Tensor) -> Any: ...
    def multiply(self, prepared: Any) -> Tensor: ...


@dataclass(frozen=True, slots=True)
class PlainProjection:
    """`by_vector`: one row is multiplied as a vector, which is faster on some processors."""

    weight: Tensor
    bias: Tensor | None
    by_vector: bool

    def prepare(self, rows: Tensor) -> Tensor:
        return rows

    def multiply(self, prepared: Tensor) -> Tensor:
        if len(prepared) != 1 or not self.by_vector:
            return functional.linear(prepared, self.weight, self.bias)
        row = prepared[0]
        if self.bias is None:
            return torch.mv(self.weight, row)[None]
        return torch.addmv(self.bias, self.weight, row)[None]


@dataclass(frozen=True, slots=True)
class ForeignProjection:
    """Linear layers whose weights are another library's, side by side."""

    layers: tuple[nn.Module, ...]

    def prepare(self, rows: Tensor) -> Tensor:
        return rows

    def multiply(self, prepared: Tensor) -> Tensor:
        answers = [layer(prepared) for layer in self.layers]
        return answers[0] if len(answers) == 1 else torch.cat(answers, -1)


def join_layers(layers: Sequence[nn.Module]) -> Projection:
    """One projection of linear layers that see the same rows.

    Plain ones then look into it: the model goes on as it was, and nothing is held twice.
    """
    plain = [layer for layer in layers if type(layer) is nn.Linear]
    if len(plain) < len(layers):
        return ForeignProjection(tuple(layers))
    if all(layer.weight.dtype == torch.int8 for layer in plain):
        return _join_eight_bit(plain)
    if len(plain) == 1:
        return plain_projection(plain[0].weight, plain[0].bias)
    weight = torch.cat([layer.weight.detach() for layer in plain])
    biases = [layer.bias.detach() for layer in plain if layer.bias is not None]
    bias = torch.cat(biases) if biases else None
    ends = list(accumulate((layer.out_features for layer in plain), initial=0))
    for layer, (start, end) in zip(plain, pairwise(ends), strict=True):
        layer.weight = nn.Parameter(weight[start:end], requires_grad=False)
        if bias is not None:
            layer.bias = nn.Parameter(bias[start:end], requires_grad=False)
    return plain_projection(weight, bias)


def project_head(model: Any) -> Projection:
    """A head that is tied to the embeddings is held in 8 bits as well, where the layers are.

    For one token all of it is read, of the embeddings a row.
    """
    head = model.get_output_embeddings()
    tied = head.weight is getattr(model.get_input_embeddings(), "weight", None)
    if not tied or all(each.dtype != torch.int8 for each in model.get_decoder().layers.parameters()):
        return join_layers([head])
    return project_eight_bit(*round_to_8_bits(head.weight.detach()))


def _join_eight_bit(layers: Sequence[nn.Linear]) -> Projection:
    """They are not kept in the layers as well."""
    weights = [layer.weight.detach() for layer in layers]
    numbers = torch.cat(weights) if len(weights) > 1 else weights[0]
    scales = torch.cat([getattr(layer, f"weight{SCALES}") for layer in layers])
    biases = [layer.bias.detach() for layer in layers if layer.bias is not None]
    for layer in layers:
        layer.weight = nn.Parameter(layer.weight[:0].clone(), requires_grad=False)
    return project_eight_bit(numbers, scales, torch.cat(biases) if biases else None)


def plain_projection(weight: Tensor, bias: Tensor | None = None) -> PlainProjection:
    return PlainProjection(
        weight.detach(), None if bias is None else bias.detach(), vectors_are_faster(weight.dtype)
    )


def vectors_are_faster(dtype: torch.dtype) -> bool:
    """In float32 they are never slower. In bfloat16 they are slower where there are no matrix units (AMX)."""
    return dtype == torch.float32 or (dtype == torch.bfloat16 and has_matrix_units())
