"""Compute Conv2d as unfold and matrix product: CANN 8.3 has no convolution."""

import torch
from torch import nn
from torch.nn import functional

from engine.patches import PatchDoesNotFit


class MatmulConv2d(nn.Conv2d):
    """The same weights under the same names, and the same numbers to rounding."""

    def forward(self, input: torch.Tensor) -> torch.Tensor:  # noqa: A002 (torch names it so)
        count, _, height, width = input.shape
        columns = functional.unfold(input, self.kernel_size, self.dilation, self._sides(), self.stride)
        columns = columns.view(count, self.groups, -1, columns.shape[-1])
        weight = self.weight.view(self.groups, self.out_channels // self.groups, -1)
        rows, places = self._steps(height, 0), self._steps(width, 1)
        answer = (weight @ columns).view(count, self.out_channels, rows, places)
        return answer if self.bias is None else answer + self.bias[:, None, None]

    def _steps(self, length: int, side: int) -> int:
        reach = self.dilation[side] * (self.kernel_size[side] - 1) + 1
        return (length + 2 * self._sides()[side] - reach) // self.stride[side] + 1

    def _sides(self) -> tuple[int, int]:
        assert not isinstance(self.padding, str)
        return (self.padding[0], self.padding[1])


def patch(model: nn.Module) -> None:
    """Give every convolution of the model the other way of computing."""
    convolutions = [module for module in model.modules() if isinstance(module, nn.modules.conv._ConvNd)]
    if not convolutions:
        raise PatchDoesNotFit(__name__, "the model has no convolution")
    for convolution in convolutions:
        if type(convolution) is not nn.Conv2d:
            raise PatchDoesNotFit(__name__, f"the model has a {type(convolution).__name__}")
        if isinstance(convolution.padding, str) or convolution.padding_mode != "zeros":
            raise PatchDoesNotFit(__name__, "a convolution pads with something other than zeros")
        convolution.__class__ = MatmulConv2d
