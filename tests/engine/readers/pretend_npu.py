"""An NPU that is not there: tensors that call themselves its own, and are computed on the processor.

It lacks what CANN 8.3 lacks, mixes with no other tensors, and keeps a list of what is read back from it.
Importing this names torch's spare device "npu", as torch-npu does.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves, tree_map, tree_map_only
from torch.utils.backend_registration import _setup_privateuseone_for_python_backend

_setup_privateuseone_for_python_backend("npu")
torch.vmap(torch.neg)(torch.zeros(1))  # its first call makes tensors where no mode sees them
NPU = torch.device("npu:0")
LACKING = ("conv2d", "conv3d", "convolution", "masked_scatter", "grouped_mm")
READS = ("_local_scalar_dense", "item", "is_nonzero")
ASKS = ("nonzero", "masked_select", "unique", "bincount")
"""How large their answers are, the device has to be asked."""


class NotOnThisDevice(RuntimeError):
    pass


class OnNpu(torch.Tensor):
    """A tensor in the pretended device's memory; `held` are its numbers."""

    held: torch.Tensor

    @staticmethod
    def __new__(cls, held: torch.Tensor) -> "OnNpu":
        made = torch.Tensor._make_wrapper_subclass(
            cls,
            held.shape,
            strides=held.stride(),
            storage_offset=held.storage_offset(),
            dtype=held.dtype,
            device=NPU,
        )
        made.held = held
        return made

    def __init__(self, held: torch.Tensor) -> None:
        pass

    def __repr__(self) -> str:
        return f"OnNpu({tuple(self.shape)})"

    __torch_function__ = torch._C._disabled_torch_function_impl

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        raise NotOnThisDevice(f"{func} outside the device")


class PretendNpu(TorchDispatchMode):
    """Operators as the NPU has them. `read_back` has each read from it: operator, dtype, how many numbers.

    `operators` counts those that it was given.
    """

    def __init__(self, lacking: tuple[str, ...] = LACKING) -> None:
        super().__init__()
        self.lacking = lacking
        self.read_back: list[tuple[str, torch.dtype, int]] = []
        self.operators: Counter[str] = Counter()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        leaves = tree_leaves((args, kwargs or {}))
        tensors = [leaf for leaf in leaves if isinstance(leaf, torch.Tensor)]
        ours = [tensor for tensor in tensors if isinstance(tensor, OnNpu)]
        targets = {leaf.type for leaf in leaves if isinstance(leaf, torch.device)}
        if not ours and NPU.type not in targets:
            return func(*args, **(kwargs or {}))
        name = func.overloadpacket.__name__
        if ours and any(lack in name for lack in self.lacking):
            raise NotOnThisDevice(f"{func} is not there on this device")
        self.operators[name] += 1
        if any(ask in name for ask in ASKS):
            self.read_back.append((name, torch.int64, 1))
        leaving = name in READS or "cpu" in targets
        if leaving:
            self.read_back += [(name, tensor.dtype, tensor.numel()) for tensor in ours]
        self._refuse_mixture(name, func, ours, tensors)
        bare_args, bare_kwargs = tree_map(_bare, (args, kwargs or {}))
        if name == "histc":  # the processor counts in floating point only
            bare_args = (bare_args[0].float(), *bare_args[1:])
        same = {id(tensor.held): tensor for tensor in ours}
        with torch.inference_mode(False), torch.no_grad():  # an inference tensor cannot be held by another
            answer = func(*bare_args, **bare_kwargs)
            if leaving:
                return answer
            return tree_map_only(torch.Tensor, lambda made: _wrapped(made, same), answer)

    @staticmethod
    def _refuse_mixture(name: str, func: Any, ours: list[Any], tensors: list[Any]) -> None:
        """As torch does: single numbers, and the places of an index, may come from the processor."""
        strangers = [each for each in tensors if not isinstance(each, OnNpu) and each.dim() and ours]
        if strangers and name not in ("index", "index_put_", "copy_", "_index_put_impl_"):
            raise NotOnThisDevice(f"{func} mixes this device with the processor")


def _bare(leaf: Any) -> Any:
    if isinstance(leaf, OnNpu):
        return leaf.held
    return torch.device("cpu") if isinstance(leaf, torch.device) else leaf


def _wrapped(made: torch.Tensor, same: dict[int, OnNpu]) -> OnNpu:
    return same[id(made)] if id(made) in same else OnNpu(made)


class _PastTheOperators(TorchFunctionMode):
    """What does not pass by the operators: `torch.tensor` fills memory, and `tolist` reads it, by itself."""

    def __init__(self, npu: PretendNpu) -> None:
        super().__init__()
        self.npu = npu

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if func is torch.Tensor.tolist and isinstance(args[0], OnNpu):
            self.npu.read_back.append(("tolist", args[0].dtype, args[0].numel()))
            return args[0].held.tolist()
        if func is not torch.tensor or torch.device(kwargs.get("device") or "cpu").type != NPU.type:
            return func(*args, **kwargs)
        with torch.inference_mode(False):
            return OnNpu(torch.tensor(*args, **{**kwargs, "device": "cpu"}))


@contextmanager
def pretend_npu(lacking: tuple[str, ...] = LACKING) -> Iterator[PretendNpu]:
    npu = PretendNpu(lacking)
    with _PastTheOperators(npu), npu:
        yield npu


def moved(model: nn.Module) -> nn.Module:
    """The model in the pretended device's memory."""
    for part in model.modules():
        for name, parameter in part._parameters.items():
            if parameter is not None:
                part._parameters[name] = OnNpu(parameter.data)  # type: ignore[assignment]
        for name, buffer in part._buffers.items():
            if buffer is not None:
                part._buffers[name] = OnNpu(buffer)
    return model
