"""Checkpoints with random weights in the publishers' layout, of any size, written shard by shard.

The configuration is the reference set's with other sizes, the tokenizer is the reference set's own.
"""

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor
from transformers.core_model_loading import revert_weight_conversion

from papertray.engine.inference.checkpoint import Checkpoint, open_checkpoint
from papertray.engine.inference.vocabulary import Vocabulary
from papertray.engine.models.catalog import find_entry
from papertray.engine.readers.deepseek import ocr, ocr2
from papertray.engine.readers.dots.model import DotsOcr, language_config

REFERENCE = Path(__file__).parents[2] / "reference"
SHARD = 500_000_000


def _language(vocab: int, hidden: int, dense: int, expert: int, experts: int, layers: int) -> dict[str, Any]:
    return {
        "vocab_size": vocab,
        "hidden_size": hidden,
        "intermediate_size": dense,
        "moe_intermediate_size": expert,
        "n_routed_experts": experts,
        "num_experts_per_tok": 6,
        "num_hidden_layers": layers,
        "num_attention_heads": hidden // 128,
        "num_key_value_heads": hidden // 128,
    }


LANGUAGE = {
    "small": _language(1024, 128, 256, 64, 16, 3),
    "medium": _language(16384, 640, 1280, 448, 64, 6),
    "full": _language(129280, 1280, 6848, 896, 64, 12),
}
WIDTH = {
    "sam_vit_b": {
        "width": 768,
        "heads": 12,
        "layers": 12,
        "downsample_channels": [512, 1024],
        "global_attn_indexes": [2, 5, 8, 11],
    },
    "clip-l-14-224": {"heads": 16, "image_size": 224, "layers": 24, "patch_size": 14, "width": 1024},
    "qwen2-0-5b": {"dim": 896},
}
QWEN = "model.qwen2_model.model.model.layers."
FULL_SHAPES: dict[str, tuple[int, ...]] = {  # what config.json leaves out
    "model.sam_model.neck.0.weight": (256, 768, 1, 1),
    "model.sam_model.blocks.0.mlp.lin1.weight": (3072, 768),
    "model.vision_model.transformer.layers.0.mlp.fc1.weight": (4096, 1024),
    f"{QWEN}0.self_attn.k_proj.weight": (128, 896),
    f"{QWEN}0.mlp.gate_proj.weight": (4864, 896),
    **{f"{QWEN}{layer}.input_layernorm.weight": (896,) for layer in range(24)},
}
DOTS = {
    "small": ({"vocab_size": 1024, "hidden_size": 128, "intermediate_size": 256, "num_hidden_layers": 3}, {}),
    "full": (
        {"vocab_size": 151936, "hidden_size": 1536, "intermediate_size": 8960, "num_hidden_layers": 28},
        {"embed_dim": 1536, "hidden_size": 1536, "intermediate_size": 4224, "num_hidden_layers": 42},
    ),
}


@dataclass(frozen=True)
class Made:
    """A checkpoint of random weights on the disk, and what is needed to load it."""

    model_class: Any
    checkpoint: Checkpoint
    config: Any


def random_checkpoint(model: str, size: str, folder: Path) -> Made:
    """Never more than one shard in memory."""
    folder.mkdir(parents=True, exist_ok=True)
    for small in (REFERENCE / model / "checkpoint").glob("*[!x].json"):  # not the index
        shutil.copyfile(small, folder / small.name)
    published = _published(model, size)
    (folder / "config.json").write_text(json.dumps(published))
    model_class, config = _native(model, size, published)
    write_weights(_shapes(model_class, config), folder)
    return Made(model_class, open_checkpoint(folder, find_entry(model)), config)


def full_size(model: str, layers: int | None = None) -> Any:
    """A model of the publisher's sizes, without weights where it is made on torch's "meta" device.

    `layers` says how many layers its language model has instead of all.
    """
    published = _published(model, "full")
    if layers:
        published.get("language_config", published)["num_hidden_layers"] = layers
    model_class, config = _native(model, "full", published)
    return model_class(config)


def _published(model: str, size: str) -> dict[str, Any]:
    config: dict[str, Any] = json.loads((REFERENCE / model / "checkpoint" / "config.json").read_text())
    if model == "dots-ocr":
        language, vision = DOTS[size]
        heads = language["hidden_size"] // (128 if size == "full" else 32)
        config |= language | {"num_attention_heads": heads, "num_key_value_heads": 2}
        towers = {"hidden_size": language["hidden_size"]} | vision
        config["vision_config"] |= towers | ({"num_attention_heads": 12} if size == "full" else {})
        return config
    config["language_config"] |= LANGUAGE[size] | {"n_group": 1}
    config["projector_config"]["n_embed"] = LANGUAGE[size]["hidden_size"]
    if size == "full":
        config["vision_config"]["width"] = {name: WIDTH[name] for name in config["vision_config"]["width"]}
    return config


def _native(model: str, size: str, published: Mapping[str, Any]) -> tuple[Any, Any]:
    """The vision tower is as large as the reference set's, or as the publisher's."""
    reference = open_checkpoint(REFERENCE / model / "checkpoint", find_entry(model))
    shapes = FULL_SHAPES if size == "full" else reference.shapes
    checkpoint = replace(reference, config=published, shapes=shapes)
    if model == "dots-ocr":
        return DotsOcr, language_config(checkpoint)
    family = {"deepseek-ocr": ocr, "deepseek-ocr-2": ocr2}[model].FAMILY
    return family.model_class, family.config(checkpoint, Vocabulary.of(checkpoint).token("<image>"))


def _shapes(model_class: Any, config: Any) -> dict[str, Tensor]:
    with torch.device("meta"):
        model = model_class(config)
    return revert_weight_conversion(model, dict(model.state_dict()))


def write_weights(shapes: Mapping[str, Tensor], folder: Path) -> None:
    """Random ones of these shapes; a name that says what it holds decides how large they are."""
    places: dict[str, str] = {}
    for number, shard in enumerate(_shards(shapes), 1):
        name = f"model-{number:05}.safetensors"
        save_file(shard, folder / name, metadata={"format": "pt"})
        places |= dict.fromkeys(shard, name)
    index = {"metadata": {}, "weight_map": places}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))


def _shards(shapes: Mapping[str, Tensor]) -> Iterator[dict[str, Tensor]]:
    made = torch.Generator("cuda" if torch.cuda.is_available() else "cpu").manual_seed(7)  # a card is quicker
    shard: dict[str, Tensor] = {}
    for name, empty in shapes.items():
        shard[name] = _random(name, empty, made)
        if sum(tensor.nbytes for tensor in shard.values()) > SHARD:
            yield shard
            shard = {}
    yield shard


def _random(name: str, empty: Tensor, made: torch.Generator) -> Tensor:
    """As in a trained model, what a token brings along outweighs what a single layer adds to it."""
    drawn = torch.randn(empty.shape, generator=made, device=made.device)
    drawn *= 0.2 if "embed_tokens" in name else 0.02
    return (drawn + 1 if "norm" in name and empty.dim() == 1 else drawn).bfloat16().cpu()
