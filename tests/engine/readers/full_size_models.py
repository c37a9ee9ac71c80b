"""Models of the catalogue in their publishers' sizes, with random weights, in folders laid out as on the hub.

The sizes are those of the publishers' public configurations; a test holds what they come to against the size
of the download. How fast a model is does not depend on what its weights say.
"""

import json
from pathlib import Path
from typing import Any

import torch
from transformers.core_model_loading import revert_weight_conversion
from transformers.models.pp_doclayout_v3.configuration_pp_doclayout_v3 import PPDocLayoutV3Config
from transformers.models.pp_doclayout_v3.modeling_pp_doclayout_v3 import PPDocLayoutV3ForObjectDetection

from papertray.engine.models.catalog import find_entry
from tests.engine.readers.random_models import random_checkpoint, write_weights
from tests.engine.readers.small_models import (
    FAMILIES,
    make_tokenizer,
    write_small_model,
    write_what_lies_beside,
)
from tests.engine.readers.tiny_layout import write_tiny_layout

ROTARY = {"rope_type": "default", "rope_theta": 10000.0, "mrope_section": [16, 24, 24]}
PADDLE = {
    "text_config": {
        "vocab_size": 103424,
        "hidden_size": 1024,
        "intermediate_size": 3072,
        "num_hidden_layers": 18,
        "num_attention_heads": 16,
        "num_key_value_heads": 2,
        "head_dim": 128,
        "tie_word_embeddings": False,
        "rope_parameters": {**ROTARY, "rope_theta": 500000.0},
    },
    "vision_config": {
        "hidden_size": 1152,
        "intermediate_size": 4304,
        "num_hidden_layers": 27,
        "num_attention_heads": 16,
        "image_size": 384,
    },
    "tie_word_embeddings": False,
}
GLM = {
    "text_config": {
        "vocab_size": 59392,
        "hidden_size": 1536,
        "intermediate_size": 4608,
        "num_hidden_layers": 16,
        "num_attention_heads": 16,
        "num_key_value_heads": 8,
        "head_dim": 128,
        "rope_parameters": ROTARY,
    },
    "vision_config": {
        "depth": 24,
        "hidden_size": 1024,
        "num_heads": 16,
        "intermediate_size": 4096,
        "out_hidden_size": 1536,
        "image_size": 336,
    },
}
LIGHTON = {
    "text_config": {
        "model_type": "qwen3",
        "vocab_size": 151936,
        "hidden_size": 1024,
        "intermediate_size": 3072,
        "num_hidden_layers": 28,
        "num_attention_heads": 16,
        "num_key_value_heads": 8,
        "head_dim": 128,
        "rope_theta": 1000000.0,
        "tie_word_embeddings": True,
    },
    "vision_config": {
        "model_type": "pixtral",
        "hidden_size": 1024,
        "intermediate_size": 4096,
        "num_hidden_layers": 24,
        "num_attention_heads": 16,
        "head_dim": 64,
        "image_size": 1540,
        "patch_size": 14,
    },
    "spatial_merge_size": 2,
    "tie_word_embeddings": True,
}
MINERU = {
    "text_config": {
        "vocab_size": 151936,
        "hidden_size": 896,
        "intermediate_size": 4864,
        "num_hidden_layers": 24,
        "num_attention_heads": 14,
        "num_key_value_heads": 2,
        "rope_parameters": {**ROTARY, "rope_theta": 1000000.0, "mrope_section": [8, 12, 12]},
        "tie_word_embeddings": True,
    },
    "vision_config": {"depth": 32, "embed_dim": 1280, "num_heads": 16, "mlp_ratio": 4, "hidden_size": 896},
    "tie_word_embeddings": True,
}
MINICPM = {
    "text_config": {
        "model_type": "qwen3_5_text",
        "vocab_size": 248320,
        "hidden_size": 1024,
        "intermediate_size": 3584,
        "num_hidden_layers": 24,
        "num_attention_heads": 8,
        "num_key_value_heads": 2,
        "head_dim": 256,
        "linear_num_key_heads": 16,
        "linear_num_value_heads": 16,
        "rope_parameters": {
            "rope_type": "default",
            "rope_theta": 10000000.0,
            "partial_rotary_factor": 0.25,
            "mrope_section": [11, 11, 10],
        },
        "tie_word_embeddings": True,
    },
    "vision_config": {
        "hidden_size": 1152,
        "intermediate_size": 4304,
        "num_hidden_layers": 27,
        "num_attention_heads": 16,
        "image_size": 980,
        "patch_size": 14,
    },
    "tie_word_embeddings": True,
}
SIZES: dict[str, dict[str, Any]] = {
    "glm-ocr": GLM,
    "lightonocr-3": LIGHTON,
    "minicpm-ocr": MINICPM,
    "mineru-2-5-pro": MINERU,
    "paddleocr-vl": PADDLE,
    "paddleocr-vl-1-6": PADDLE,
}
QWEN_PREPARATION = {"patch_size": 14, "temporal_patch_size": 2, "merge_size": 2}
PADDLE_PREPARATION = {"patch_size": 14, "merge_size": 2, "min_pixels": 147_384, "max_pixels": 2_822_400}
PREPARATIONS: dict[str, dict[str, Any]] = {
    "glm-ocr": {**QWEN_PREPARATION, "size": {"shortest_edge": 12_544, "longest_edge": 9_633_792}},
    "lightonocr-3": {"patch_size": 14, "size": {"longest_edge": 1540}},
    "minicpm-ocr": {"patch_size": 14, "scale_resolution": 448, "downsample_mode": "4x"},
    "mineru-2-5-pro": {**QWEN_PREPARATION, "min_pixels": 3136, "max_pixels": 12_845_056},
    "paddleocr-vl": PADDLE_PREPARATION,
    "paddleocr-vl-1-6": PADDLE_PREPARATION,
}
FORGETS_AFTER = 128
"""So far Unlimited-OCR looks back at what it said; all else it has from DeepSeek-OCR."""


def write_random(name: str, size: str, folder: Path) -> Path:
    """Any model of the catalogue that has weights, "small" or "full"."""
    if name in SIZES:
        return write_small_model(name, folder) if size == "small" else _write_templated(name, folder)
    if name == "unlimited-ocr":
        return _write_unlimited(size, folder)
    return random_checkpoint(name, size, folder).checkpoint.folder


def outline(name: str, image_token: int = 0) -> Any:
    """A small model without memory, in its publisher's sizes."""
    family = FAMILIES[name][0]
    with torch.device("meta"):
        return family.model_class(family.config_class(**SIZES[name], image_token_id=image_token))


def write_layout(size: str, folder: Path) -> Path:
    """PP-DocLayoutV3; as its publisher has it, which is what transformers' configuration says by itself."""
    if size == "small":
        return write_tiny_layout(folder)
    torch.manual_seed(3)
    PPDocLayoutV3ForObjectDetection(PPDocLayoutV3Config()).save_pretrained(folder)
    return folder


def _write_templated(name: str, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    family = FAMILIES[name][0]
    tokenizer = make_tokenizer(family)
    model = outline(name, tokenizer.token_to_id(family.place))
    config = {**model.config.to_dict(), "architectures": [find_entry(name).architecture]}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    write_what_lies_beside(name, folder, tokenizer, PREPARATIONS[name])
    tied = set(model.all_tied_weights_keys)
    shapes = {key: tensor for key, tensor in model.state_dict().items() if key not in tied}
    write_weights(revert_weight_conversion(model, shapes), folder)
    return folder


def _write_unlimited(size: str, folder: Path) -> Path:
    random_checkpoint("deepseek-ocr", size, folder)
    file = folder / "config.json"
    config = json.loads(file.read_text(encoding="utf-8"))
    config |= {"architectures": [find_entry("unlimited-ocr").architecture], "model_type": "unlimited-ocr"}
    config |= {"sliding_window": FORGETS_AFTER, "sliding_window_size": FORGETS_AFTER}
    file.write_text(json.dumps(config), encoding="utf-8")
    return folder
