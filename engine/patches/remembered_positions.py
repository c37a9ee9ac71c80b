"""Resize a tower's positions once for each size of picture, on the processor, and remember them.

DeepSeek's towers learnt where a patch stands for one size, and resize that (bicubic, with antialiasing) for
every tile. Metal has no such operator and asks the processor each time; what Ascend has depends on its
version. The answer is the same for every picture of a size.
"""

from types import SimpleNamespace
from typing import Any

from torch import Tensor, nn

from papertray.engine.patches import PatchDoesNotFit

PARTS = ("pos_embed", "position_embedding", "position_ids", "num_positions", "patch_size")
"""All that the library's own ways of resizing look at."""


class RememberedPositions(nn.Module):
    """Stands before the library's class."""

    on_processor: SimpleNamespace
    remembered: dict[tuple[int, ...], Tensor]

    def interpolate_pos_encoding(self, *asked: Any) -> Tensor:
        """`asked` is the size of a picture, and what its patches became, of which only the shape counts."""
        size = tuple(number for each in asked for number in getattr(each, "shape", (each,)))
        if size not in self.remembered:
            resize: Any = getattr(type(self).__mro__[2], "interpolate_pos_encoding")  # noqa: B009 (mypy)
            weight = next(self.parameters())
            self.remembered[size] = resize(self.on_processor, *asked).to(weight.device, weight.dtype)
        return self.remembered[size]


def patch(model: nn.Module) -> None:
    towers: list[Any] = [part for part in model.modules() if hasattr(part, "interpolate_pos_encoding")]
    if not towers:
        raise PatchDoesNotFit(__name__, "the model resizes no positions")
    for tower in towers:
        kind = type(tower)
        tower.on_processor = SimpleNamespace(**{name: _copied(tower, name) for name in PARTS})
        tower.remembered = {}
        tower.__class__ = type(f"Remembered{kind.__name__}", (RememberedPositions, kind), {})


def _copied(tower: nn.Module, name: str) -> Any:
    part = getattr(tower, name, None)
    if isinstance(part, nn.Embedding):
        weight = part.weight.detach().cpu()
        places, width = weight.shape
        return nn.Embedding(places, width, _weight=weight).requires_grad_(False)
    return part.detach().cpu() if isinstance(part, Tensor) else part
