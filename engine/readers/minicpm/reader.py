"""MiniCPM-OCR: a small model for Chinese and English that was made to read one region at a time.

Its tower looks at one picture after the other, the page as a whole and each slice, so none takes more memory
than a slice does. Where each stands is said to the model in marks, row by row.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from transformers.models.minicpm_ocr.configuration_minicpm_ocr import MiniCPMOcrConfig
from transformers.models.minicpm_ocr.modeling_minicpm_ocr import MiniCPMOcrForConditionalGeneration

from papertray.engine.devices.rows import DeviceRow
from papertray.engine.errors import Cancelled
from papertray.engine.inference.model_reader import ModelPrompt, ModelReader
from papertray.engine.models.catalog import CatalogEntry
from papertray.engine.pages import PageImage, ReadOptions, Watch
from papertray.engine.readers.minicpm.slices import PageSlicer
from papertray.engine.readers.regions.reader import RegionsReader
from papertray.engine.readers.templated import TemplatedFamily, TemplatedFormat, load_templated

IMAGE, SLICE, NUMBER = ("<image>", "</image>"), ("<slice>", "</slice>"), ("<image_id>", "</image_id>")
"""What stands before and behind a picture, a slice of it, and the number of a picture."""


@dataclass(frozen=True, kw_only=True)
class SlicedFormat(TemplatedFormat):
    def encode_page(self, model: Any, page: PageImage, mode: str, watch: Watch) -> ModelPrompt:
        slicer = self.processor
        picture = self.prepare(page, slicer.patch_size * slicer.merge_size)
        features = [
            _features(model, pixels, size, slicer.downsample_mode, watch)
            for pixels, size in _pictures(picture["pixel_values"], picture["target_sizes"], slicer.patch_size)
        ]
        marks = self._marks([len(each) for each in features], picture["slice_grid"].tolist())
        return self.embed_apart(model, torch.cat(features), marks, mode)

    def embed_apart(self, model: Any, features: Tensor, marks: str, mode: str) -> ModelPrompt:
        """As `embed`, where marks stand between the places of a page."""
        prompt = self.elements.get(mode, self.prompt)
        token_ids = self.vocabulary.ids(prompt.replace(self.place, marks, 1))
        embeddings = model.get_input_embeddings()(torch.tensor([token_ids]).to(model.device))
        place = self.vocabulary.token(self.place)
        mine = torch.tensor([at for at, token in enumerate(token_ids) if token == place])
        embeddings[0, mine.to(model.device)] = features.to(embeddings.dtype)
        return ModelPrompt(token_ids, {"inputs_embeds": embeddings})

    def _marks(self, counts: list[int], grid: list[int]) -> str:
        """A line for each row of slices; the first stands right behind the whole page."""
        overview, *slices = [self.place * count for count in counts]
        columns = grid[1]
        lines = [slices[start : start + columns] for start in range(0, len(slices), max(columns, 1))]
        drawn = "\n".join("".join(each.join(SLICE) for each in line) for line in lines)
        number = "0".join(NUMBER) if self.processor.use_image_id else ""
        return number + overview.join(IMAGE) + drawn


FAMILY = TemplatedFamily(
    model_class=MiniCPMOcrForConditionalGeneration,
    config_class=MiniCPMOcrConfig,
    processor_class=PageSlicer,
    place="<|image_pad|>",
    ends=("<|im_end|>", "<|endoftext|>"),
    marks=(*IMAGE, *SLICE, *NUMBER),
    prompts={
        "document": "Text Recognition:",
        "text": "Text Recognition:",
        "table": "Table Recognition:",
        "formula": "Formula Recognition:",
    },
    elements={
        "text": "Text Recognition:",
        "table": "Table Recognition:",
        "formula": "Formula Recognition:",
    },
    quirks=("convolution_as_matmul", "range_in_float32", "tower_by_head"),
    unused=frozenset({"mtp.*"}),  # where there is one, it guesses a token ahead; plain decoding does not
    format_class=SlicedFormat,
)


def load(
    entry: CatalogEntry, folder: Path, row: DeviceRow, options: ReadOptions
) -> ModelReader | RegionsReader:
    return load_templated(FAMILY, entry, folder, row, options)


def _pictures(pixels: Tensor, sizes: Tensor, side: int) -> list[tuple[Tensor, Tensor]]:
    """Each picture's patches, and its size in patches."""
    lengths = (sizes.prod(-1) * side).tolist()
    return list(zip(torch.split(pixels, lengths, -1), torch.split(sizes, 1), strict=True))


def _features(model: Any, pixels: Tensor, size: Tensor, downsample_mode: str, watch: Watch) -> Tensor:
    """Of one picture, a vector for every place that it takes."""
    if watch.cancelled:
        raise Cancelled
    seen = model.model.get_image_features(
        pixels.to(model.device, model.dtype), size, downsample_mode=downsample_mode, return_dict=True
    )
    features: Tensor = seen.pooler_output[0]
    return features
