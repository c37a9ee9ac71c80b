"""The publisher's config.json of DeepSeek-OCR and DeepSeek-OCR-2, as transformers' own classes want it.

The public files name a class that lives in remote code and leave out what that code has written into it;
those values are the defaults below. A checkpoint of another size says so in `_tiny_sizes`.
"""

from collections.abc import Mapping
from typing import Any

Config = Mapping[str, Any]

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


def sam_config(published: Config, encoder_width: int) -> dict[str, Any]:
    """The first half of the vision tower. What comes out of it is as wide as the second half."""
    sizes, sam = tiny_sizes(published), published["vision_config"]["width"]["sam_vit_b"]
    return {
        "hidden_size": sam["width"],
        "num_hidden_layers": sam["layers"],
        "num_attention_heads": sam["heads"],
        "global_attn_indexes": sam["global_attn_indexes"],
        "downsample_channels": [sam["downsample_channels"][0], encoder_width],
        "output_channels": sizes.get("sam_out_channels", 256),
        "mlp_dim": int(sam["width"] * sizes.get("sam_mlp_ratio", 4)),
        "image_size": published["vision_config"]["image_size"],
    }


def tiny_sizes(published: Config) -> Config:
    sizes: Config = published.get("_tiny_sizes", {})
    return sizes
