"""A page image as dots.ocr wants to see it: sides in steps of 28 pixels, cut into patches of 14.

Pixel for pixel what the publisher's own preparation gives. Transparent parts become white paper.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from PIL import Image
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil, smart_resize

from papertray.engine.inference.checkpoint import Checkpoint
from papertray.engine.inference.paper import fit_within, put_on_paper, widen
from papertray.engine.readers.dots.vision import Grid

_NAMES = ("patch_size", "temporal_patch_size", "merge_size", "image_mean", "image_std")


@dataclass(frozen=True, slots=True)
class PagePatches:
    """The patches of one page, flattened, in float32; `size` is the width and height of what was cut."""

    pixels: torch.Tensor
    grid: Grid
    size: tuple[int, int]

    @property
    def places(self) -> int:
        """Tokens that the page takes in a prompt: one for every four patches."""
        return len(self.pixels) // 4


class PatchMaker:
    """`published` is the checkpoint's preprocessor_config.json; `longest_side` is the device row's cap."""

    def __init__(self, published: Mapping[str, Any], longest_side: int | None = None) -> None:
        self._processor = Qwen2VLImageProcessorPil(
            **{name: published[name] for name in _NAMES},
            size={"shortest_edge": published["min_pixels"], "longest_edge": published["max_pixels"]},
        )
        self._step = published["patch_size"] * published["merge_size"]
        self._limits = (published["min_pixels"], published["max_pixels"])
        self._longest_side = longest_side

    @classmethod
    def of(cls, checkpoint: Checkpoint, longest_side: int | None) -> "PatchMaker":
        try:
            published = (checkpoint.folder / "preprocessor_config.json").read_text(encoding="utf-8")
            return cls(json.loads(published), longest_side)
        except (OSError, ValueError, KeyError) as fault:
            raise checkpoint.misfit("preprocessor_config.json is missing or damaged") from fault

    def patches(self, image: Image.Image) -> PagePatches:
        page = put_on_paper(image)
        size = self.size(*page.size)
        prepared = self._processor(images=[page.resize(size, Image.Resampling.BICUBIC)], return_tensors="pt")
        _pages, down, across = prepared["image_grid_thw"][0].tolist()
        return PagePatches(prepared["pixel_values"], (down, across), size)

    def size(self, width: int, height: int) -> tuple[int, int]:
        """The width and height that a page is resized to."""
        width, height = widen(*fit_within(width, height, self._longest_side, self._step))
        resized_height, resized_width = smart_resize(height, width, self._step, *self._limits)
        return resized_width, resized_height
