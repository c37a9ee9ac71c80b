"""A page for MiniCPM-OCR: made small as a whole, and, where it is large, cut into slices that are not.

The numbers are those of the publisher's preparation, which transformers has for torchvision; here torch's own
resizing does what torchvision would have it do. Nothing is drawn to a square: sides are whole patches.
"""

from dataclasses import dataclass, field
from math import ceil, log, sqrt
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional
from transformers.models.minicpm_ocr.image_processing_minicpm_ocr import adaptive_upsize_resolution

Size = tuple[int, int]
"""Height and width in pixels."""
WIDELY, FINELY = "16x", "4x"
"""How many patches the tower makes one place of, in the publisher's words."""
PATCHES_A_SIDE = {FINELY: 2, WIDELY: 4}
ENLARGED = ("always", "never", "adaptive")


@dataclass(frozen=True, slots=True)
class PageSlicer:
    """The names are the publisher's, for they stand in the checkpoint's files.

    `small_image_upsize` says what becomes of pictures smaller than `scale_resolution` squared: with
    `adaptive` they are made larger where they have small letters.
    """

    max_slice_nums: int = 9
    scale_resolution: int = 448
    patch_size: int = 14
    slice_mode: bool = True
    downsample_mode: str = FINELY
    use_image_id: bool = True
    small_image_upsize: str = "always"
    image_mean: Any = (0.5, 0.5, 0.5)
    image_std: Any = (0.5, 0.5, 0.5)
    merge_size: int = field(init=False)

    def __post_init__(self) -> None:
        if self.downsample_mode not in PATCHES_A_SIDE or self.small_image_upsize not in ENLARGED:
            raise ValueError("a way of preparing pictures that nobody knows here")
        object.__setattr__(self, "merge_size", PATCHES_A_SIDE[self.downsample_mode])

    def __call__(self, images: list[Image.Image], **_options: str) -> dict[str, Tensor]:
        """One page's patches, its pictures' sizes in patches, and the rows and columns of its slices.

        The first picture is the whole page; without slices, rows and columns are none.
        """
        (image,) = images
        page = torch.from_numpy(np.array(image.convert("RGB"))).permute(2, 0, 1)
        grid = self._grid(page) if self.slice_mode else None
        pictures = [self._overview(page, grid), *(self._slices(page, grid) if grid else [])]
        sizes = [[side // self.patch_size for side in picture.shape[-2:]] for picture in pictures]
        return {
            "pixel_values": torch.cat([self._patches(picture) for picture in pictures], -1)[None],
            "target_sizes": torch.tensor(sizes, dtype=torch.int32),
            "slice_grid": torch.tensor(grid or (0, 0)),
        }

    def _grid(self, page: Tensor) -> Size | None:
        """Rows and columns, in the number that the page wants or one more or less, most like it in shape."""
        height, width = page.shape[-2:]
        wanted = min(ceil(height * width / self.scale_resolution**2), self.max_slice_nums)
        if wanted <= 1:
            return None
        counts = [
            count for count in (wanted - 1, wanted, wanted + 1) if count != 1 and count <= self.max_slice_nums
        ]
        grids = [
            (rows, count // rows) for count in counts for rows in range(1, count + 1) if count % rows == 0
        ]
        return min(grids, key=lambda grid: (abs(log(width / height) - log(grid[1] / grid[0])), -grid[0]))

    def _overview(self, page: Tensor, grid: Size | None) -> Tensor:
        resolution, enlarge = self.scale_resolution, False
        if grid is None:
            enlarge = self.small_image_upsize == "always"
            if self.small_image_upsize == "adaptive":
                wanted = adaptive_upsize_resolution(page.numpy(), self.scale_resolution)
                resolution, enlarge = wanted or self.scale_resolution, wanted is not None
        return _resize(page, self._best_size((page.shape[-2], page.shape[-1]), resolution, enlarge))

    def _slices(self, page: Tensor, grid: Size) -> list[Tensor]:
        rows, columns = grid
        height, width = (
            _whole(side, parts) / parts for side, parts in zip(page.shape[-2:], grid, strict=True)
        )
        high, wide = self._best_size((height, width), self.scale_resolution, True)
        large = _resize(page, (high * rows, wide * columns))
        slices = [
            large[:, row * high : (row + 1) * high, column * wide : (column + 1) * wide]
            for row in range(rows)
            for column in range(columns)
        ]
        if self.small_image_upsize != "adaptive":
            return slices
        places = [(row, column) for row in range(rows) for column in range(columns)]
        return [self._adapt(page, grid, place, cut) for place, cut in zip(places, slices, strict=True)]

    def _adapt(self, page: Tensor, grid: Size, place: Size, cut: Tensor) -> Tensor:
        """The slice as it is drawn, where it has no small letters and costs less so."""
        (top, bottom), (left, right) = (
            (round(side * at / parts), round(side * (at + 1) / parts))
            for side, at, parts in zip(page.shape[-2:], place, grid, strict=True)
        )
        drawn = page[:, top:bottom, left:right]
        height, width = drawn.shape[-2:]
        if not 0 < height * width <= self.scale_resolution**2:
            return cut
        resolution = adaptive_upsize_resolution(drawn.numpy(), self.scale_resolution)
        if resolution == self.scale_resolution:
            return cut
        size = self._best_size((height, width), resolution or self.scale_resolution, resolution is not None)
        if size[0] * size[1] >= cut.shape[-2] * cut.shape[-1]:
            return cut
        return drawn if size == (height, width) else _resize(drawn, size)

    def _best_size(self, size: tuple[float, float], resolution: int, enlarge: bool) -> Size:
        height, width = size
        if height * width > resolution**2 or enlarge:
            shape = width / height
            height = int(resolution / sqrt(shape))
            width = int(height * shape)
        step = self.patch_size * self.merge_size
        return _whole(height, step), _whole(width, step)

    def _patches(self, picture: Tensor) -> Tensor:
        """[3, side of a patch, its sides side by side]."""
        mean, deviation = (torch.tensor(each).view(3, 1, 1) for each in (self.image_mean, self.image_std))
        numbers = (picture.float() - mean * 255) / (deviation * 255)
        side = self.patch_size
        rows = numbers.reshape(3, -1, side, picture.shape[-1]).permute(0, 2, 1, 3)
        return rows.flatten(2)


def _whole(length: float, step: int) -> int:
    return max(round(length / step) * step, step)


def _resize(page: Tensor, size: Size) -> Tensor:
    """In whole numbers, as torchvision does."""
    return functional.interpolate(page[None], size, mode="bicubic", antialias=True, align_corners=False)[0]
