"""PaddleOCR-VL: a small model that writes what stands on a page, line by line.

As its publisher has it, a layout model finds the regions of a page and each is asked for what it is. Given
a whole page it writes line by line.
"""

from pathlib import Path

from transformers.models.paddleocr_vl.configuration_paddleocr_vl import PaddleOCRVLConfig
from transformers.models.paddleocr_vl.image_processing_pil_paddleocr_vl import PaddleOCRVLImageProcessorPil
from transformers.models.paddleocr_vl.modeling_paddleocr_vl import PaddleOCRVLForConditionalGeneration

from papertray.engine.devices.rows import DeviceRow
from papertray.engine.inference.model_reader import ModelReader
from papertray.engine.models.catalog import CatalogEntry
from papertray.engine.pages import ReadOptions
from papertray.engine.readers.regions.reader import RegionsReader
from papertray.engine.readers.templated import TemplatedFamily, load_templated

FAMILY = TemplatedFamily(
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
    elements={
        "text": "OCR:",
        "table": "Table Recognition:",
        "formula": "Formula Recognition:",
        "chart": "Chart Recognition:",
    },
    quirks=("convolution_as_matmul", "range_in_float32", "tower_by_head"),
    unused=frozenset(
        {"visual.vision_model.embeddings.packing_position_embedding.*", "visual.vision_model.head.*"}
    ),
)


def load(
    entry: CatalogEntry, folder: Path, row: DeviceRow, options: ReadOptions
) -> ModelReader | RegionsReader:
    return load_templated(FAMILY, entry, folder, row, options)
