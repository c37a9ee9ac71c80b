"""DeepSeek-OCR-2: the tower asks for what it wants to know with learned queries, for two sizes of views."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from transformers.models.deepseek_ocr2.configuration_deepseek_ocr2 import DeepseekOcr2Config
from transformers.models.deepseek_ocr2.modeling_deepseek_ocr2 import DeepseekOcr2ForConditionalGeneration

from papertray.engine.devices.rows import DeviceRow
from papertray.engine.inference.model_reader import ModelReader
from papertray.engine.models.catalog import CatalogEntry
from papertray.engine.pages import ReadOptions
from papertray.engine.readers.deepseek.config import sam_config, text_config, tiny_sizes
from papertray.engine.readers.deepseek.prompts import PROMPTS
from papertray.engine.readers.deepseek.reader import DeepseekFamily, load_deepseek
from papertray.engine.readers.deepseek.views import Grid, ViewMode

PIXELS_A_TOKEN = 64

MODES = {  # there are queries for 768 and 1024 only
    "tiles": ViewMode(side=1024, tile=768, most_tiles=6),
    "small": ViewMode(side=768, stretch=True),
    "base": ViewMode(side=1024),
}

ENCODER = {  # written into the publisher's code; `_tiny_sizes` names other values with `qwen2_` before them
    "num_hidden_layers": 24,
    "num_attention_heads": 14,
    "num_key_value_heads": 2,
    "intermediate_size": 4864,
    "rms_norm_eps": 1e-6,
}
ENCODER_ROPE_THETA = 1e6


def native_config(published: Mapping[str, Any], image_token: int) -> DeepseekOcr2Config:
    sizes, width = tiny_sizes(published), published["vision_config"]["width"]["qwen2-0-5b"]["dim"]
    theta = sizes.get("qwen2_rope_theta", ENCODER_ROPE_THETA)
    encoder = {
        "hidden_size": width,
        "rope_parameters": {"rope_type": "default", "rope_theta": theta},
        **{key: sizes.get(f"qwen2_{key}", value) for key, value in ENCODER.items()},
    }
    return DeepseekOcr2Config(
        text_config=text_config(published),
        vision_config={"sam_config": sam_config(published, width), "encoder_config": encoder},
        image_token_id=image_token,
    )


def image_tokens(mode: ViewMode, grid: Grid) -> int:
    """A token for each query of each view, and the separator."""
    columns, rows = grid
    tiles = columns * rows if grid != (1, 1) else 0
    return (mode.side // PIXELS_A_TOKEN) ** 2 + tiles * (mode.tile // PIXELS_A_TOKEN) ** 2 + 1


def join_features(model: Any, whole: Tensor, tiles: Sequence[Tensor], _grid: Grid) -> Tensor:
    return torch.cat([*tiles, whole, model.view_separator[None]])


FAMILY = DeepseekFamily(
    model_class=DeepseekOcr2ForConditionalGeneration,
    config=native_config,
    modes=MODES,
    prompts={name: PROMPTS[name] for name in ("document", "text")},
    image_tokens=image_tokens,
    join_features=join_features,
)


def load(entry: CatalogEntry, folder: Path, row: DeviceRow, options: ReadOptions) -> ModelReader:
    return load_deepseek(FAMILY, entry, folder, row, options)
