"""GLM-OCR: a small model, quick enough for a laptop, that writes a page as Markdown.

As its publisher has it, a page is cut into regions and each is asked for what it is; a whole page will do.
"""

from pathlib import Path

from transformers.models.glm46v.image_processing_pil_glm46v import Glm46VImageProcessorPil
from transformers.models.glm_ocr.configuration_glm_ocr import GlmOcrConfig
from transformers.models.glm_ocr.modeling_glm_ocr import GlmOcrForConditionalGeneration

from papertray.engine.devices.rows import DeviceRow
from papertray.engine.inference.model_reader import ModelReader
from papertray.engine.models.catalog import CatalogEntry
from papertray.engine.pages import ReadOptions
from papertray.engine.readers.regions.reader import RegionsReader
from papertray.engine.readers.templated import TemplatedFamily, load_templated

FAMILY = TemplatedFamily(
    model_class=GlmOcrForConditionalGeneration,
    config_class=GlmOcrConfig,
    processor_class=Glm46VImageProcessorPil,
    place="<|image|>",
    ends=("<|endoftext|>", "<|user|>"),
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
        "seal": "Text Recognition:",
    },
    quirks=("convolution_as_matmul", "range_in_float32", "tower_by_head"),
    unused=frozenset(
        {"model.language_model.layers.16.*"}
    ),  # it guesses a token ahead; plain decoding does not
)


def load(
    entry: CatalogEntry, folder: Path, row: DeviceRow, options: ReadOptions
) -> ModelReader | RegionsReader:
    return load_templated(FAMILY, entry, folder, row, options)
