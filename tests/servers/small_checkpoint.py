"""A tiny LightOnOCR with random weights, in a folder as transformers itself loads and serves one."""

import json
from pathlib import Path

import torch
from transformers import PreTrainedModel

from tests.engine.readers.small_models import FAMILIES, TEMPLATES, make_tokenizer

_SIDE = 280


def write_served_model(folder: Path) -> Path:
    family, sizes = FAMILIES["lightonocr-3"]
    tokenizer = make_tokenizer(family)
    parts = {"image_token": family.place, "image_break_token": "<|break|>", "image_end_token": "<|end|>"}
    tokenizer.add_special_tokens(list(parts.values()))
    torch.manual_seed(3)
    config = family.config_class(**sizes, image_token_id=tokenizer.token_to_id(family.place))
    model: PreTrainedModel = family.model_class(config)
    model.to(torch.bfloat16).save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    words = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "eos_token": family.ends[-1],
        "pad_token": family.ends[-1],
    }
    preparation = {
        "image_processor_type": "PixtralImageProcessor",
        "patch_size": 14,
        "size": {"longest_edge": _SIDE},
    }
    processor = {"processor_class": "LightOnOcrProcessor", "patch_size": 14, "image_processor": preparation}
    for name, value in {
        "tokenizer_config.json": {**words, "extra_special_tokens": parts},
        "processor_config.json": {**processor, "spatial_merge_size": 2},
    }.items():
        (folder / name).write_text(json.dumps(value), encoding="utf-8")
    (folder / "chat_template.jinja").write_text(TEMPLATES["lightonocr-3"], encoding="utf-8")
    return folder
