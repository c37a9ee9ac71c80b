"""Tiny GLM-OCR and PaddleOCR-VL with random weights, in folders laid out as on the hub."""

import json
from pathlib import Path
from typing import Any

import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedModel

from papertray.engine.readers import glm_ocr, paddleocr_vl
from papertray.engine.readers.templated import TemplatedFamily

WORDS = 300

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
TEMPLATES = {
    "glm-ocr": "[gMASK]<sop>{% for m in messages %}<|user|>\n"
    "{% for c in m.content %}{% if c.type == 'image' %}<|begin_of_image|><|image|><|end_of_image|>"
    "{% else %}{{ c.text }}{% endif %}{% endfor %}{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>\n{% endif %}",
    "paddleocr-vl": "<|begin_of_sentence|>{% for m in messages %}User: {% for c in m.content %}"
    "{% if c.type == 'image' %}<|IMAGE_START|><|IMAGE_PLACEHOLDER|><|IMAGE_END|>{% else %}{{ c.text }}\n"
    "{% endif %}{% endfor %}{% endfor %}{% if add_generation_prompt %}Assistant: {% endif %}",
}
PREPARATION = {"patch_size": 14, "merge_size": 2, "min_pixels": 3136, "max_pixels": 100_000}
FAMILIES = {"glm-ocr": (glm_ocr.FAMILY, GLM), "paddleocr-vl": (paddleocr_vl.FAMILY, PADDLE)}


def write_small_model(name: str, folder: Path, **changes: Any) -> Path:
    """`changes` go into the configuration."""
    family, sizes = FAMILIES[name]
    tokenizer = _tokenizer(family, TEMPLATES[name])
    place = tokenizer.token_to_id(family.place)
    torch.manual_seed(3)
    config = family.config_class(**{**sizes, **changes}, image_token_id=place)
    model: PreTrainedModel = family.model_class(config)
    model.to(torch.bfloat16).save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "chat_template.jinja").write_text(TEMPLATES[name], encoding="utf-8")
    (folder / "preprocessor_config.json").write_text(json.dumps(_preparation(name)), encoding="utf-8")
    return folder


def _preparation(name: str) -> dict[str, Any]:
    if name == "paddleocr-vl":
        return PREPARATION
    return {"patch_size": 14, "merge_size": 2, "size": {"shortest_edge": 12544, "longest_edge": 100_000}}


def _tokenizer(family: TemplatedFamily, template: str) -> Tokenizer:
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE({letter: place for place, letter in enumerate(alphabet)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = [family.place, *family.ends, "<|assistant|>", "<|begin_of_sentence|>", "[gMASK]", "<sop>"]
    tokenizer.add_special_tokens([AddedToken(token, special=True) for token in special])
    return tokenizer
