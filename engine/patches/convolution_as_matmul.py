"""Compute convolutions as matrix products: CANN 8.3 has none.

Conv2d looks at its windows as views of the picture, with no operator of their own (im2col). Conv3d cuts a
film into blocks, in the models here, and no block overlaps another. What mixes the rows of a running state
stays as it is: its decoder multiplies and adds.
"""

from collections.abc import Iterator

import torch
from torch import nn
from torch.nn import functional

from papertray.engine.patches import PatchDoesNotFit


class MatmulConv2d(nn.Conv2d):
    """The same weights under the same names, and the same numbers to rounding."""

    def forward(self, input: torch.Tensor) -> torch.Tensor:  # noqa: A002 (torch names it so)
        rows, columns = self._sides()
        windows = functional.pad(input, (columns, columns, rows, rows))
        for side in (0, 1):
            reach = self.dilation[side] * (self.kernel_size[side] - 1) + 1
            windows = windows.unfold(2 + side, reach, self.stride[side])
        windows = windows[..., :: self.dilation[0], :: self.dilation[1]]
        count, _, high, wide = windows.shape[:4]
        places = windows.permute(0, 2, 3, 1, 4, 5).reshape(count, high * wide, self.groups, -1)
        weight = self.weight.view(self.groups, self.out_channels // self.groups, -1)
        products = places.transpose(1, 2) @ weight.mT
        answer = products.transpose(2, 3).reshape(count, self.out_channels, high, wide)
        return answer if self.bias is None else answer + self.bias[:, None, None]

    def _sides(self) -> tuple[int, int]:
        return (0, 0) if isinstance(self.padding, str) else (self.padding[0], self.padding[1])


class BlockwiseConv3d(nn.Conv3d):
    """The same, of a convolution whose blocks lie side by side."""

    def forward(self, input: torch.Tensor) -> torch.Tensor:  # noqa: A002 (torch names it so)
        blocks = input
        for side, length in enumerate(self.kernel_size, start=2):
            blocks = blocks.unfold(side, length, length)
        columns = blocks.permute(0, 2, 3, 4, 1, 5, 6, 7).flatten(4)
        return functional.linear(columns, self.weight.flatten(1), self.bias).permute(0, 4, 1, 2, 3)


def patch(model: nn.Module) -> None:
    """Give every convolution of the model the other way of computing."""
    running = {id(part) for layer in model.modules() for part in _running_state(layer)}
    convolutions = [
        module
        for module in model.modules()
        if isinstance(module, nn.modules.conv._ConvNd) and id(module) not in running
    ]
    if not convolutions:
        raise PatchDoesNotFit(__name__, "the model has no convolution")
    for convolution in convolutions:
        convolution.__class__ = _replacement(convolution)


def _running_state(layer: nn.Module) -> Iterator[nn.Module]:
    mixing = getattr(layer, "linear_attn", None)
    yield from mixing.modules() if isinstance(mixing, nn.Module) else ()


def _replacement(convolution: nn.Module) -> type[nn.modules.conv._ConvNd]:
    if type(convolution) is nn.Conv2d:
        if convolution.padding == "same" or convolution.padding_mode != "zeros":
            raise PatchDoesNotFit(__name__, "a convolution pads with something other than zeros")
        return MatmulConv2d
    if type(convolution) is nn.Conv3d:
        if convolution.stride != convolution.kernel_size or not _plain(convolution):
            raise PatchDoesNotFit(__name__, "the blocks of a Conv3d do not lie side by side")
        return BlockwiseConv3d
    raise PatchDoesNotFit(__name__, f"the model has a {type(convolution).__name__}")


def _plain(convolution: nn.Conv3d) -> bool:
    return (convolution.padding, convolution.dilation, convolution.groups) == ((0, 0, 0), (1, 1, 1), 1)
