"""PaddleOCR-VL: a small model that writes what stands on a page, line by line.

Its publisher cuts pages into elements with a layout model and asks for each; here it gets the whole page.
"""

from pathlib import Path

from transformers.models.paddleocr_vl.configuration_paddleocr_vl import PaddleOCRVLConfig
from transformers.models.paddleocr_vl.image_processing_pil_paddleocr_vl import PaddleOCRVLImageProcessorPil
from transformers.models.paddleocr_vl.modeling_paddleocr_vl import PaddleOCRVLForConditionalGeneration

from papertray.engine.devices.rows import DeviceRow
from papertray.engine.pages import Reader, ReadOptions
from papertray.engine.readers import templated

FAMILY = templated.TemplatedFamily(
    name="paddleocr-vl",
    model_class=PaddleOCRVLForConditionalGeneration,
    config_class=PaddleOCRVLConfig,
    processor_class=PaddleOCRVLImageProcessorPil,
    place="<|IMAGE_PLACEHOLDER|>",
    ends=("</s>",),
    prompts={
        "document": "OCR:",
        "text": "OCR:",
        "table": "Table Recognition:",
        "formula": "Formula Recognition:",
        "figure": "Chart Recognition:",
    },
    quirks=("convolution_as_matmul", "one_row_products", "one_row_attention", "cache_with_room"),
    unused=frozenset(
        {"visual.vision_model.embeddings.packing_position_embedding.*", "visual.vision_model.head.*"}
    ),
)


def load(folder: Path, row: DeviceRow, options: ReadOptions) -> Reader:
    return templated.load(FAMILY, folder, row, options)
