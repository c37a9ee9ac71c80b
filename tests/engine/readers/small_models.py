"""Tiny GLM-OCR, LightOnOCR, MiniCPM-OCR, MinerU, PaddleOCR-VL: random weights, laid out as on the hub."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedModel

from papertray.engine.readers import glm_ocr, lighton_ocr, mineru, paddleocr_vl, paddleocr_vl_1_6
from papertray.engine.readers.minicpm import reader as minicpm
from papertray.engine.readers.templated import TemplatedFamily

WORDS, WEIGHTS = 300, "model.safetensors"

GLM = {
    "text_config": {
        "vocab_size": WORDS,
        "hidden_size": 64,
        "intermediate_size": 96,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "rope_parameters": {"rope_type": "default", "rope_theta": 10000.0, "mrope_section": [2, 3, 3]},
    },
    "vision_config": {
        "depth": 2,
        "hidden_size": 32,
        "num_heads": 2,
        "intermediate_size": 48,
        "out_hidden_size": 64,
        "image_size": 112,
    },
}
PADDLE = {
    "text_config": {
        "vocab_size": WORDS,
        "hidden_size": 64,
        "intermediate_size": 96,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 16,
        "tie_word_embeddings": False,
        "rope_parameters": {"rope_type": "default", "rope_theta": 10000.0, "mrope_section": [2, 3, 3]},
    },
    "vision_config": {
        "hidden_size": 32,
        "intermediate_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "image_size": 112,
    },
    "tie_word_embeddings": False,
}
LIGHTON = {
    "architectures": ["LightOnOCRForConditionalGeneration"],
    "text_config": {
        "model_type": "qwen3",
        "vocab_size": WORDS,
        "hidden_size": 64,
        "intermediate_size": 96,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 16,
        "rope_theta": 10000.0,
    },
    "vision_config": {
        "model_type": "pixtral",
        "hidden_size": 32,
        "intermediate_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "head_dim": 16,
        "image_size": 1540,
        "patch_size": 14,
        "hidden_act": "silu",
        "rope_parameters": {"rope_type": "default", "rope_theta": 10000},
    },
    "spatial_merge_size": 2,
    "tie_word_embeddings": False,
}
MINERU = {
    "text_config": {
        "vocab_size": WORDS,
        "hidden_size": 64,
        "intermediate_size": 96,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "rope_parameters": {"rope_type": "default", "rope_theta": 10000.0, "mrope_section": [2, 3, 3]},
        "tie_word_embeddings": False,
    },
    "vision_config": {"depth": 2, "embed_dim": 32, "num_heads": 2, "mlp_ratio": 2, "hidden_size": 64},
}
MINICPM = {
    "text_config": {
        "model_type": "qwen3_5_text",
        "vocab_size": WORDS,
        "hidden_size": 64,
        "intermediate_size": 96,
        "num_hidden_layers": 2,
        "layer_types": ["linear_attention", "full_attention"],
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 32,
        "linear_key_head_dim": 16,
        "linear_value_head_dim": 8,
        "linear_num_key_heads": 2,
        "linear_num_value_heads": 4,
        "rope_parameters": {
            "rope_type": "default",
            "rope_theta": 10000.0,
            "partial_rotary_factor": 0.25,
            "mrope_section": [2, 1, 1],
        },
        "tie_word_embeddings": False,
    },
    "vision_config": {
        "hidden_size": 32,
        "intermediate_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "image_size": 112,
        "patch_size": 14,
    },
    "insert_layer_id": 0,
    "tie_word_embeddings": False,
}
PADDLE_TEMPLATE = (
    "<|begin_of_sentence|>{% for m in messages %}User: {% for c in m.content %}"
    "{% if c.type == 'image' %}<|IMAGE_START|><|IMAGE_PLACEHOLDER|><|IMAGE_END|>{% else %}{{ c.text }}\n"
    "{% endif %}{% endfor %}{% endfor %}{% if add_generation_prompt %}Assistant: {% endif %}"
)
TEMPLATES = {
    "lightonocr-3": "<|im_start|>system<|im_end|>\n{% for m in messages %}<|im_start|>user\n"
    "{% for c in m.content %}{% if c.type == 'image' %}<|image_pad|>{% else %}{{ c.text }}\n{% endif %}"
    "{% endfor %}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}",
    "glm-ocr": "[gMASK]<sop>{% for m in messages %}<|user|>\n"
    "{% for c in m.content %}{% if c.type == 'image' %}<|begin_of_image|><|image|><|end_of_image|>"
    "{% else %}{{ c.text }}{% endif %}{% endfor %}{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>\n{% endif %}",
    "minicpm-ocr": "{% for m in messages %}<|im_start|>user\n"
    "{% for c in m.content %}{% if c.type == 'image' %}<|image_pad|>\n{% else %}{{ c.text }}{% endif %}"
    "{% endfor %}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}",
    "paddleocr-vl": PADDLE_TEMPLATE,
    "paddleocr-vl-1-6": PADDLE_TEMPLATE,
}
PREPARATIONS = {
    "glm-ocr": {"patch_size": 14, "merge_size": 2, "size": {"shortest_edge": 12544, "longest_edge": 100_000}},
    "lightonocr-3": {"patch_size": 14, "size": {"longest_edge": 1540}},
    "minicpm-ocr": {"patch_size": 14, "scale_resolution": 112, "downsample_mode": "4x"},
    "paddleocr-vl": {"patch_size": 14, "merge_size": 2, "min_pixels": 3136, "max_pixels": 100_000},
}
PREPARATIONS["mineru-2-5-pro"] = PREPARATIONS["paddleocr-vl"] | {"temporal_patch_size": 2}
PREPARATIONS["paddleocr-vl-1-6"] = PREPARATIONS["paddleocr-vl"]
PREPARATION_FILES = dict.fromkeys(PREPARATIONS, "preprocessor_config.json")
PREPARATION_FILES["lightonocr-3"] = "processor_config.json"
FAMILIES = {
    "glm-ocr": (glm_ocr.FAMILY, GLM),
    "lightonocr-3": (lighton_ocr.FAMILY, LIGHTON),
    "mineru-2-5-pro": (mineru.FAMILY, MINERU),
    "minicpm-ocr": (minicpm.FAMILY, MINICPM),
    "paddleocr-vl": (paddleocr_vl.FAMILY, PADDLE),
    "paddleocr-vl-1-6": (paddleocr_vl_1_6.FAMILY, PADDLE),
}


def write_small_model(name: str, folder: Path, **changes: Any) -> Path:
    """`changes` go into the configuration."""
    family, sizes = FAMILIES[name]
    tokenizer = make_tokenizer(family)
    torch.manual_seed(3)
    place = tokenizer.token_to_id(family.place)
    config = family.config_class(**{**sizes, **changes}, image_token_id=place)
    model: PreTrainedModel = family.model_class(config)
    model.to(torch.bfloat16).save_pretrained(folder)
    if name == "lightonocr-3":
        _lay_out_as_published(folder)
    write_what_lies_beside(name, folder, tokenizer, PREPARATIONS[name])
    return folder


def write_what_lies_beside(
    name: str, folder: Path, tokenizer: Tokenizer, preparation: Mapping[str, Any]
) -> None:
    """Beside the weights and their configuration: words, template and how a page's pixels are prepared."""
    tokenizer.save(str(folder / "tokenizer.json"))
    if name in TEMPLATES:
        (folder / "chat_template.jinja").write_text(TEMPLATES[name], encoding="utf-8")
    inside = {"image_processor": preparation} if name == "lightonocr-3" else preparation
    (folder / PREPARATION_FILES[name]).write_text(json.dumps(inside), encoding="utf-8")


def _lay_out_as_published(folder: Path) -> None:
    """LightOnOCR's checkpoint says that it is Mistral 3, and names its tensors as no class does."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    published = {**config, "model_type": "mistral3", "architectures": LIGHTON["architectures"]}
    published["vision_config"]["rope_parameters"] = LIGHTON["vision_config"]["rope_parameters"]
    (folder / "config.json").write_text(json.dumps(published), encoding="utf-8")
    tensors = {name.removeprefix("model."): tensor for name, tensor in load_file(folder / WEIGHTS).items()}
    renamed = {
        name.replace("language_model.", "language_model.model."): tensor for name, tensor in tensors.items()
    }
    save_file(renamed, folder / WEIGHTS, {"format": "pt"})


def make_tokenizer(family: TemplatedFamily) -> Tokenizer:
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE({letter: place for place, letter in enumerate(alphabet)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = [
        family.place,
        *family.ends,
        *family.marks,
        "<|assistant|>",
        "<|begin_of_sentence|>",
        "[gMASK]",
        "<|im_start|>",
    ]
    tokenizer.add_special_tokens([AddedToken(token, special=True) for token in special])
    return tokenizer
