"""LightOnOCR: a small model that writes a whole page as Markdown, and where each block stands.

Its tower is asked piece by piece: what transformers puts around it makes a mask of every patch with every
other, which one page does not need, and joins patches by an operator (im2col) that not every device has.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from transformers.models.lighton_ocr.configuration_lighton_ocr import LightOnOcrConfig
from transformers.models.lighton_ocr.modeling_lighton_ocr import LightOnOcrForConditionalGeneration
from transformers.models.pixtral.image_processing_pil_pixtral import PixtralImageProcessorPil

from papertray.engine.devices.rows import DeviceRow
from papertray.engine.dialects import Conversion
from papertray.engine.dialects.lighton import parse_lighton
from papertray.engine.inference.model_reader import ModelPrompt, ModelReader
from papertray.engine.models.catalog import CatalogEntry
from papertray.engine.pages import PageImage, ReadOptions, Watch
from papertray.engine.readers.regions.reader import RegionsReader
from papertray.engine.readers.templated import TemplatedFamily, TemplatedFormat, load_templated


@dataclass(frozen=True, kw_only=True)
class LightOnFormat(TemplatedFormat):
    def encode_page(self, model: Any, page: PageImage, mode: str, _watch: Watch) -> ModelPrompt:
        """Positions are those of the words: one after the other, the page's among them."""
        config = model.config
        picture = self.prepare(page, config.vision_config.patch_size * config.spatial_merge_size)
        features = _features(model, picture["pixel_values"].to(model.device, model.dtype))
        return self.embed(model, features, mode)

    def convert_answer(self, text: str, page: PageImage) -> Conversion:
        return parse_lighton(text, page)


FAMILY = TemplatedFamily(
    model_class=LightOnOcrForConditionalGeneration,
    config_class=LightOnOcrConfig,
    processor_class=PixtralImageProcessorPil,
    place="<|image_pad|>",
    ends=("<|im_end|>", "<|endoftext|>"),
    prompts={"document": "grounding", "text": ""},
    quirks=("convolution_as_matmul", "range_in_float32", "tower_by_head"),
    renames=(
        (r"^language_model\.model\.", "model.language_model."),
        (r"^vision_encoder\.", "model.vision_encoder."),
        (r"^vision_projection\.", "model.vision_projection."),
    ),
    format_class=LightOnFormat,
)


def load(
    entry: CatalogEntry, folder: Path, row: DeviceRow, options: ReadOptions
) -> ModelReader | RegionsReader:
    return load_templated(FAMILY, entry, folder, row, options)


def _features(model: Any, pixels: Tensor) -> Tensor:
    """Of one page: a vector for every square of patches."""
    tower, projection = model.model.vision_encoder, model.model.vision_projection
    patches = tower.patch_conv(pixels)[0]
    rows, columns = patches.shape[1:]
    vectors = tower.ln_pre(patches.flatten(1).T[None])
    places = torch.cartesian_prod(torch.arange(rows), torch.arange(columns)).to(pixels.device)
    angles = tower.patch_positional_embedding(vectors, places)
    seen = tower.transformer(vectors, None, position_embeddings=angles).last_hidden_state[0]
    squares = _join_squares(projection.norm(seen).view(rows, columns, -1), model.config.spatial_merge_size)
    merged = projection.patch_merger.merging_layer(squares)
    features: Tensor = projection.linear_2(projection.act(projection.linear_1(merged)))
    return features


def _join_squares(patches: Tensor, side: int) -> Tensor:
    """The numbers of a square's patches take turns, as the weights want it; what is no whole square goes."""
    rows, columns = patches.shape[0] // side, patches.shape[1] // side
    whole = patches[: rows * side, : columns * side]
    return whole.reshape(rows, side, columns, side, -1).permute(0, 2, 4, 1, 3).reshape(rows * columns, -1)
