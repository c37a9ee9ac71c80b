"""Let a language model in float16 keep in float32 what float16 has no room for.

Between its layers a model adds up, and what it adds up may outgrow 65,504; so may the product of gate and up
within a layer. Both are float32 here, and what is multiplied by the last projection is first brought into
range by a power of two, which changes no digit. Weights, attention and all other products stay in float16:
the memory is that of float16 and the numbers are as exact, wherever float16 has them at all.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from papertray.engine.patches import PatchDoesNotFit
from papertray.engine.patches.gathered_experts import GatheredExperts

INTO = ("gate_proj", "up_proj", "gate_up_proj")
OUT_OF = "down_proj"


def multiply_in_range(inner: Tensor, product: Callable[[Tensor], Tensor], dtype: torch.dtype) -> Tensor:
    """A product of float32 numbers in a narrower format: the largest of each row is made about one."""
    largest = inner.abs().amax(-1, keepdim=True).clamp(min=torch.finfo(torch.float32).tiny)
    scale = torch.exp2(torch.ceil(torch.log2(largest)))
    return product((inner / scale).to(dtype)).float() * scale


class WideningLinear(nn.Linear):
    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 (torch names it so)
        return super().forward(input).float()


class RangedLinear(nn.Linear):
    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 (torch names it so)
        answer = multiply_in_range(
            input, lambda narrow: functional.linear(narrow, self.weight), self.weight.dtype
        )
        return answer if self.bias is None else answer + self.bias


class RangedExperts(GatheredExperts):
    def multiply_gates(self, gate_up: Tensor) -> Tensor:
        return super().multiply_gates(gate_up.float())

    def multiply_down(self, inner: Tensor, product: Callable[[Tensor], Tensor]) -> Tensor:
        return multiply_in_range(inner, product, self.down_proj.dtype)

    def give_sum(self, answers: Tensor, _dtype: torch.dtype) -> Tensor:
        return answers


def patch(model: nn.Module) -> None:
    """Only a model in float16 needs it. Experts have to be gathered ones by then."""
    texts: list[Any] = [
        part for part in model.modules() if hasattr(part, "layers") and hasattr(part, "embed_tokens")
    ]
    if len(texts) != 1:
        raise PatchDoesNotFit(__name__, "the model has no language model with layers")
    (text,) = texts
    if text.embed_tokens.weight.dtype != torch.float16:
        return
    text.layers[0].register_forward_pre_hook(_widen_states, with_kwargs=True)
    for name, part in text.named_modules():
        last = name.rpartition(".")[2]
        if "norm" in last:
            part.register_forward_hook(_narrow_to_weight)
        elif type(part) is nn.Linear and last in INTO:
            part.__class__ = WideningLinear
        elif type(part) is nn.Linear and last == OUT_OF:
            part.__class__ = RangedLinear
        elif isinstance(part, GatheredExperts):
            kind: Any = type(part)
            part.__class__ = type(f"Ranged{kind.__name__}", (RangedExperts, *kind.__mro__[2:3]), {})


def _widen_states(
    _layer: nn.Module, given: tuple[Any, ...], options: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    if given:
        return (given[0].float(), *given[1:]), options
    return given, options | {"hidden_states": options["hidden_states"].float()}


def _narrow_to_weight(norm: nn.Module, _given: Any, answer: Tensor) -> Tensor:
    """What is normed is in range again."""
    return answer.to(norm.get_parameter("weight").dtype)
