"""DeepSeek-OCR-2: the tower asks for what it wants to know with learned queries, for two sizes of views."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from transformers.models.deepseek_ocr2.configuration_deepseek_ocr2 import DeepseekOcr2Config
from transformers.models.deepseek_ocr2.modeling_deepseek_ocr2 import DeepseekOcr2ForConditionalGeneration

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

MODES = {  # there are queries for 768 and 1024 only
    "tiles": ViewMode(side=1024, tile=768, most_tiles=6),
    "small": ViewMode(side=768, stretch=True),
    "base": ViewMode(side=1024),
}

QWEN = "model.qwen2_model.model.model.layers."
KEY_VALUE_HEADS = 2  # written into the publisher's code, as are the two below
ROPE_THETA = 1e6
RMS_NORM_EPS = 1e-6
LAYERS = {896: 24}
"""So many has the encoder of that width by the publisher's code. Weights that lack some are incomplete."""


def native_config(checkpoint: Checkpoint, image_token: int) -> DeepseekOcr2Config:
    width = checkpoint.config["vision_config"]["width"]["qwen2-0-5b"]["dim"]
    return DeepseekOcr2Config(
        text_config=text_config(checkpoint.config),
        vision_config={
            "sam_config": sam_config(checkpoint, width),
            "encoder_config": _encoder_config(checkpoint, width),
        },
        image_token_id=image_token,
    )


def _encoder_config(checkpoint: Checkpoint, width: int) -> dict[str, Any]:
    """The second half of the vision tower, whose heads are all of one depth."""
    depth = checkpoint.shape(f"{QWEN}0.self_attn.k_proj.weight")[0] // KEY_VALUE_HEADS
    here = {name.removeprefix(QWEN).partition(".")[0] for name in checkpoint.shapes if name.startswith(QWEN)}
    published = checkpoint.config["vision_config"]["width"]["qwen2-0-5b"].get("layers")
    return {
        "hidden_size": width,
        "num_hidden_layers": published or LAYERS.get(width, len(here)),
        "num_attention_heads": width // depth,
        "num_key_value_heads": KEY_VALUE_HEADS,
        "intermediate_size": checkpoint.shape(f"{QWEN}0.mlp.gate_proj.weight")[0],
        "rms_norm_eps": RMS_NORM_EPS,
        "rope_parameters": {"rope_type": "default", "rope_theta": ROPE_THETA},
    }


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
