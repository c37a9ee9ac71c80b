"""DeepSeek-OCR on transformers' UnlimitedOcr classes, which are the same model with another attention."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from transformers.models.unlimited_ocr.configuration_unlimited_ocr import UnlimitedOcrConfig
from transformers.models.unlimited_ocr.modeling_unlimited_ocr import UnlimitedOcrForConditionalGeneration

from papertray.engine.devices.rows import DeviceRow
from papertray.engine.inference.checkpoint import Checkpoint
from papertray.engine.inference.model_reader import ModelReader
from papertray.engine.models.catalog import CatalogEntry
from papertray.engine.pages import ReadOptions
from papertray.engine.readers.deepseek.config import sam_config, text_config
from papertray.engine.readers.deepseek.prompts import PROMPTS
from papertray.engine.readers.deepseek.reader import DeepseekFamily, load_deepseek
from papertray.engine.readers.deepseek.views import Grid, ViewMode

PIXELS_A_TOKEN = 64
CLIP = "model.vision_model.transformer."

MODES = {
    "tiles": ViewMode(side=1024, tile=640, most_tiles=9),
    "tiny": ViewMode(side=512, stretch=True),
    "small": ViewMode(side=640, stretch=True),
    "base": ViewMode(side=1024),
    "large": ViewMode(side=1280),
}


def native_config(checkpoint: Checkpoint, image_token: int) -> UnlimitedOcrConfig:
    """Full attention in every layer: left alone, the class lets a token see its last 128 only.

    The window is unused, but None is refused.
    """
    return config_with_attention(checkpoint, image_token, "full_attention", window=128)


def config_with_attention(
    checkpoint: Checkpoint, image_token: int, attention: str, window: int
) -> UnlimitedOcrConfig:
    clip = checkpoint.config["vision_config"]["width"]["clip-l-14-224"]
    text = text_config(checkpoint.config)
    encoder = {
        "hidden_size": clip["width"],
        "num_hidden_layers": clip["layers"],
        "num_attention_heads": clip["heads"],
        "intermediate_size": checkpoint.shape(f"{CLIP}layers.0.mlp.fc1.weight")[0],
        "image_size": clip["image_size"],
        "patch_size": clip["patch_size"],
    }
    return UnlimitedOcrConfig(
        text_config={
            **text,
            "layer_types": [attention] * text["num_hidden_layers"],
            "sliding_window": window,
        },
        vision_config={"sam_config": sam_config(checkpoint, clip["width"]), "encoder_config": encoder},
        image_token_id=image_token,
    )


def image_tokens(mode: ViewMode, grid: Grid) -> int:
    """Every row of a view ends in a line break; a separator stands after the whole page."""
    columns, rows = grid
    side, tile = mode.side // PIXELS_A_TOKEN, mode.tile // PIXELS_A_TOKEN
    whole = side * (side + 1) + 1
    return whole + (tile * columns + 1) * tile * rows if grid != (1, 1) else whole


def join_features(model: Any, whole: Tensor, tiles: Sequence[Tensor], grid: Grid) -> Tensor:
    """The tiles as the one picture they were cut from, the whole page, the separator."""
    parts = [_with_breaks(_square(whole), model.image_newline), model.view_separator[None]]
    if tiles:
        columns, rows = grid
        bands = [
            torch.cat([_square(tile) for tile in tiles[row * columns :][:columns]], 1) for row in range(rows)
        ]
        parts.insert(0, _with_breaks(torch.cat(bands), model.image_newline))
    return torch.cat(parts)


def _square(features: Tensor) -> Tensor:
    side = round(features.shape[0] ** 0.5)
    return features.reshape(side, side, -1)


def _with_breaks(picture: Tensor, newline: Tensor) -> Tensor:
    return torch.cat([picture, newline.expand(picture.shape[0], 1, -1)], 1).flatten(0, 1)


FAMILY = DeepseekFamily(
    model_class=UnlimitedOcrForConditionalGeneration,
    config=native_config,
    modes=MODES,
    prompts=PROMPTS,
    image_tokens=image_tokens,
    join_features=join_features,
    unused=frozenset({"model.vision_model.embeddings.patch_embedding.weight"}),  # the publisher's, never used
    always=("no_unused_masks",),
)


def load(entry: CatalogEntry, folder: Path, row: DeviceRow, options: ReadOptions) -> ModelReader:
    return load_deepseek(FAMILY, entry, folder, row, options)
