"""MinerU 2.5: a small model that first says where the regions of a page are, and then what stands in each.

Both are asked of the same weights, transformers' Qwen2-VL: the layout of the page made a square, then each
region as it was drawn, several at once. The words, and the frame that they stand in, are the publisher's.
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PIL import Image
from transformers.models.qwen2_vl.configuration_qwen2_vl import Qwen2VLConfig
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil
from transformers.models.qwen2_vl.modeling_qwen2_vl import Qwen2VLForConditionalGeneration

from papertray.engine.devices.rows import DeviceRow
from papertray.engine.dialects.boxes import parse_box
from papertray.engine.inference.checkpoint import open_checkpoint
from papertray.engine.inference.model_reader import ModelPrompt, ModelReader
from papertray.engine.inference.paper import put_on_paper
from papertray.engine.inference.readings import Attempt
from papertray.engine.models.catalog import CatalogEntry
from papertray.engine.pages import PageImage, ReadOptions, Watch
from papertray.engine.readers.regions.choosing import LIST_OF_REFERENCES, TEXT, Region
from papertray.engine.readers.regions.reader import RegionsReader
from papertray.engine.readers.templated import (
    TemplatedFamily,
    TemplatedFormat,
    open_templated,
    plan_elements,
    wants_regions,
)

LAYOUT, SIDE, SCALE = "layout", 1036, 1000
LAYOUT_NGRAM = 100
SHORTEST = 28
"""Pixels: smaller regions are enlarged."""
LABELS = {
    "title": "paragraph_title",
    "doc_title": "doc_title",
    "table": "table",
    "image": "image",
    "chart": "chart",
    "code": "algorithm",
    "algorithm": "algorithm",
    "header": "header",
    "footer": "footer",
    "page_number": "number",
    "page_footnote": "footnote",
    "footnote": "footnote",
    "aside_text": "aside_text",
    "equation": "display_formula",
    "formula_number": "formula_number",
    "caption": "figure_title",
    "table_caption": "figure_title",
    "image_caption": "figure_title",
    "code_caption": "figure_title",
    "table_footnote": "vision_footnote",
    "image_footnote": "vision_footnote",
    "list": LIST_OF_REFERENCES,
    "equation_block": LIST_OF_REFERENCES,
    "image_block": LIST_OF_REFERENCES,
}
"""What the layout model of the others calls it; the last three hold regions of their own. Others are text."""
TURNS = {"right": 90, "down": 180, "left": 270}
_REGION = re.compile(
    r"<\|box_start\|>\s*(?P<box>\d{1,4}(?:\s+\d{1,4}){3})\s*<\|box_end\|>\s*"
    r"<\|ref_start\|>\s*(?P<label>\w{1,30})\s*<\|ref_end\|>\s*(?:<\|rotate_(?P<turn>\w{1,9})\|>)?"
)


@dataclass(frozen=True, kw_only=True)
class MineruFormat(TemplatedFormat):
    def encode_page(self, model: Any, page: PageImage, mode: str, watch: Watch) -> ModelPrompt:
        picture = put_on_paper(page.image)
        if mode == LAYOUT:
            picture = picture.resize((SIDE, SIDE), Image.Resampling.BICUBIC)
        elif min(picture.size) < SHORTEST:
            scale = SHORTEST / min(picture.size)
            size = (-(-picture.width * scale // 1), -(-picture.height * scale // 1))
            picture = picture.resize((int(size[0]), int(size[1])), Image.Resampling.BICUBIC)
        return super().encode_page(model, replace(page, picture=picture), mode, watch)


@dataclass(slots=True)
class OwnLayout:
    """The same model, asked for the regions of a page."""

    reader: ModelReader | None

    def find(self, page: Image.Image, watch: Watch) -> list[Region]:
        assert self.reader is not None
        how = Attempt(LAYOUT, LAYOUT_NGRAM, guarded=False)
        return parse_layout(self.reader.ask_once(PageImage(page), how, watch).text)

    def close(self) -> None:
        self.reader = None


def parse_layout(answer: str) -> list[Region]:
    """Regions in the order in which they are read; what is no place is left out."""
    regions = []
    for found in _REGION.finditer(answer):
        box = parse_box([float(number) for number in found["box"].split()], SCALE, SCALE)
        if box and box.right > box.left and box.bottom > box.top:
            label = LABELS.get(found["label"].lower(), TEXT)
            regions.append(Region(label, box, turn=TURNS.get(found["turn"] or "", 0)))
    return regions


FAMILY = TemplatedFamily(
    model_class=Qwen2VLForConditionalGeneration,
    config_class=Qwen2VLConfig,
    processor_class=Qwen2VLImageProcessorPil,
    place="<|image_pad|>",
    ends=("<|im_end|>", "<|endoftext|>"),
    prompts={
        "document": "\nText Recognition:",
        "text": "\nText Recognition:",
        "table": "\nTable Recognition:",
        "formula": "\nFormula Recognition:",
    },
    elements={
        "text": "\nText Recognition:",
        "table": "\nTable Recognition:",
        "formula": "\nFormula Recognition:",
    },
    frame=(
        "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n"
        "<|im_start|>user\n<|vision_start|><|image_pad|><|vision_end|>{words}<|im_end|>\n"
        "<|im_start|>assistant\n"
    ),
    quirks=("convolution_as_matmul", "range_in_float32", "tower_by_head"),
    renames=((r"^model\.language_model\.", "model."), (r"^model\.visual\.", "visual.")),
    format_class=MineruFormat,
)


def load(
    entry: CatalogEntry, folder: Path, row: DeviceRow, options: ReadOptions
) -> ModelReader | RegionsReader:
    by_regions = wants_regions(FAMILY, entry, options)
    checkpoint = open_checkpoint(folder, entry)
    if not by_regions:
        return open_templated(FAMILY, checkpoint, row, options, {})
    asked = {**FAMILY.elements, LAYOUT: "\nLayout Detection:"}
    reader = open_templated(FAMILY, checkpoint, row, options, asked)
    return RegionsReader(reader, OwnLayout(reader), plan_elements(FAMILY.elements, options))
