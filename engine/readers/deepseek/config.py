"""The publisher's config.json of DeepSeek-OCR and DeepSeek-OCR-2, as transformers' own classes want it.

The public files name a class that lives in remote code and leave out what that code has written into it.
Where that is a size, the weights tell it by their shapes. Other values are the defaults below.
"""

from collections.abc import Mapping
from typing import Any

from papertray.engine.inference.checkpoint import Checkpoint

Config = Mapping[str, Any]

SAM = "model.sam_model."

TEXT_KEYS = (
    "vocab_size",
    "hidden_size",
    "intermediate_size",
    "moe_intermediate_size",
    "num_hidden_layers",
    "num_attention_heads",
    "num_key_value_heads",
    "n_routed_experts",
    "n_shared_experts",
    "num_experts_per_tok",
    "n_group",
    "topk_group",
    "topk_method",
    "max_position_embeddings",
    "bos_token_id",
    "eos_token_id",
)


def text_config(published: Config) -> dict[str, Any]:
    """The language model. Its attention is a plain one (`use_mla` is false in both)."""
    language = published["language_config"]
    layers, dense = language["num_hidden_layers"], language["first_k_dense_replace"]
    return {
        **{key: language[key] for key in TEXT_KEYS},
        "routed_scaling_factor": language.get("routed_scaling_factor", 1.0),
        "rms_norm_eps": language.get("rms_norm_eps", 1e-6),
        "rope_parameters": {"rope_type": "default", "rope_theta": language.get("rope_theta", 10000.0)},
        "mlp_layer_types": ["dense"] * dense + ["sparse"] * (layers - dense),
    }


def sam_config(checkpoint: Checkpoint, encoder_width: int) -> dict[str, Any]:
    """The first half of the vision tower. What comes out of it is as wide as the second half."""
    vision = checkpoint.config["vision_config"]
    sam = vision["width"]["sam_vit_b"]
    return {
        "hidden_size": sam["width"],
        "num_hidden_layers": sam["layers"],
        "num_attention_heads": sam["heads"],
        "global_attn_indexes": sam["global_attn_indexes"],
        "downsample_channels": [sam["downsample_channels"][0], encoder_width],
        "output_channels": checkpoint.shape(f"{SAM}neck.0.weight")[0],
        "mlp_dim": checkpoint.shape(f"{SAM}blocks.0.mlp.lin1.weight")[0],
        "image_size": vision["image_size"],
    }
