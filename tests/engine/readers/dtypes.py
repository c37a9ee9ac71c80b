"""Watch every tensor that torch makes, for a test that some number format is never used."""

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves


class DtypesMade(TorchDispatchMode):
    """Remembers which operator made the first tensor of each format."""

    def __init__(self) -> None:
        super().__init__()
        self.made: dict[torch.dtype, str] = {}

    def __torch_dispatch__(
        self, operator: Any, types: Iterable[type], args: Any = (), kwargs: Any = None
    ) -> Any:
        answer = operator(*args, **(kwargs or {}))
        for leaf in tree_leaves(answer):
            if isinstance(leaf, torch.Tensor):
                self.made.setdefault(leaf.dtype, str(operator))
        return answer


class OperatorsCalled(TorchDispatchMode):
    """Remembers the names of all operators."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def __torch_dispatch__(
        self, operator: Any, types: Iterable[type], args: Any = (), kwargs: Any = None
    ) -> Any:
        self.names.add(operator.overloadpacket.__name__)
        return operator(*args, **(kwargs or {}))


def dtypes_made(work: Callable[[], object]) -> dict[torch.dtype, str]:
    with DtypesMade() as watched:
        work()
    return watched.made


def floating_dtypes(model: torch.nn.Module) -> set[torch.dtype]:
    """Of everything that a model holds: weights, buffers."""
    held = [*model.parameters(), *model.buffers()]
    return {tensor.dtype for tensor in held if tensor.is_floating_point()}
