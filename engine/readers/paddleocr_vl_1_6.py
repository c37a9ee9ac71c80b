"""PaddleOCR-VL 1.6: the classes and files of its first version, newer weights, and one task more.

Its publisher's task "Spotting:" is no prompt here: it answers with eight tokens of places for each line, and
nobody would read them. A prompt of one's own reaches the model as it is.
"""

from dataclasses import replace
from pathlib import Path

from papertray.engine.devices.rows import DeviceRow
from papertray.engine.inference.model_reader import ModelReader
from papertray.engine.models.catalog import CatalogEntry
from papertray.engine.pages import ReadOptions
from papertray.engine.readers import paddleocr_vl
from papertray.engine.readers.regions.reader import RegionsReader
from papertray.engine.readers.templated import load_templated

SEALS = {"seal": "Seal Recognition:"}
FAMILY = replace(
    paddleocr_vl.FAMILY,
    prompts={**paddleocr_vl.FAMILY.prompts, **SEALS},
    elements={**paddleocr_vl.FAMILY.elements, **SEALS},
)


def load(
    entry: CatalogEntry, folder: Path, row: DeviceRow, options: ReadOptions
) -> ModelReader | RegionsReader:
    return load_templated(FAMILY, entry, folder, row, options)
