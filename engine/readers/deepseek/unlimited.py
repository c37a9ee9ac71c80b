"""Unlimited-OCR: DeepSeek-OCR's towers and layers, taught anew, and a language model that forgets its words.

Of its own words it looks back at the last 128, so that a token costs the same at the end of a page as at its
beginning. Many pages at once, as its publisher has it, are not asked for: a page here is read by itself.
"""

from dataclasses import replace
from pathlib import Path

from transformers.models.unlimited_ocr.configuration_unlimited_ocr import UnlimitedOcrConfig

from papertray.engine.devices.rows import DeviceRow
from papertray.engine.inference.checkpoint import Checkpoint
from papertray.engine.inference.decoder.describe import SEES_PROMPT
from papertray.engine.inference.model_reader import ModelReader
from papertray.engine.models.catalog import CatalogEntry
from papertray.engine.pages import ReadOptions
from papertray.engine.readers.deepseek import ocr
from papertray.engine.readers.deepseek.reader import load_deepseek
from papertray.engine.readers.deepseek.views import ViewMode

WINDOW = ("sliding_window_size", "sliding_window")
"""What the publisher's config.json calls it, in both of its parts."""

MODES = {
    "tiles": ViewMode(side=1024, tile=640, most_tiles=32),
    "base": ViewMode(side=1024),
}


def native_config(checkpoint: Checkpoint, image_token: int) -> UnlimitedOcrConfig:
    published = {**checkpoint.config["language_config"], **checkpoint.config}
    window = next((published[key] for key in WINDOW if published.get(key)), None)
    if window is None:
        raise checkpoint.misfit("config.json does not say how far it looks back")
    return ocr.config_with_attention(checkpoint, image_token, SEES_PROMPT, window)


FAMILY = replace(
    ocr.FAMILY,
    config=native_config,
    modes=MODES,
    prompts={"document": "<image>document parsing."},
    always=(),
    ngram=35,
)


def load(entry: CatalogEntry, folder: Path, row: DeviceRow, options: ReadOptions) -> ModelReader:
    return load_deepseek(FAMILY, entry, folder, row, options)
