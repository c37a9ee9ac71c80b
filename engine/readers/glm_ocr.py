"""GLM-OCR: a small model, quick enough for a laptop, that writes a page as Markdown."""

from pathlib import Path

from transformers.models.glm46v.image_processing_pil_glm46v import Glm46VImageProcessorPil
from transformers.models.glm_ocr.configuration_glm_ocr import GlmOcrConfig
from transformers.models.glm_ocr.modeling_glm_ocr import GlmOcrForConditionalGeneration

from papertray.engine.devices.rows import DeviceRow
from papertray.engine.pages import Reader, ReadOptions
from papertray.engine.readers import templated

FAMILY = templated.TemplatedFamily(
    name="glm-ocr",
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
    quirks=("convolution_as_matmul", "one_row_products", "one_row_attention", "cache_with_room"),
    unused=frozenset(
        {"model.language_model.layers.16.*"}
    ),  # it guesses a token ahead; plain decoding does not
)


def load(folder: Path, row: DeviceRow, options: ReadOptions) -> Reader:
    return templated.load(FAMILY, folder, row, options)
