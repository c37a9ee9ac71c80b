"""Read the description of a decoder with a running state off a model that transformers has loaded."""

from typing import Any

import torch

from papertray.engine.inference.decoder.attention import AttentionKind
from papertray.engine.inference.decoder.eight_bit import must_pack
from papertray.engine.inference.decoder.feed_forward import GatedProduct
from papertray.engine.inference.decoder.projections import join_layers, project_head
from papertray.engine.inference.decoder.running.decoder import RunningDecoder
from papertray.engine.inference.decoder.running.layers import (
    CentredNorm,
    DeltaKind,
    DeltaMixer,
    GatedAttention,
    RowMixer,
    RunningLayer,
)
from papertray.engine.inference.loading_progress import PACKING
from papertray.engine.pages import LoadProgress
from papertray.engine.patches import PatchDoesNotFit

LAYER = "Qwen3_5DecoderLayer"
REMEMBERS, LOOKS_BACK = "linear_attention", "full_attention"
"""In transformers' words."""


def keeps_a_state(model: Any) -> bool:
    """Whether some of the layers of its language model do."""
    return REMEMBERS in (getattr(model.get_decoder().config, "layer_types", None) or ())


def describe_running(model: Any, progress: LoadProgress) -> RunningDecoder:
    """`model` is one with a head; its vision tower is no part of this."""
    text = model.get_decoder()
    kinds = [layer.block_type if type(layer).__name__ == LAYER else "" for layer in text.layers]
    if set(kinds) != {REMEMBERS, LOOKS_BACK}:
        raise PatchDoesNotFit(__name__, f"its layers are not those of {LAYER}")
    dtype = text.embed_tokens.weight.dtype
    delta, attention = (text.layers[kinds.index(kind)] for kind in (REMEMBERS, LOOKS_BACK))
    layers: list[RunningLayer] = []
    for number, layer in enumerate(text.layers):
        layers.append(_layer(layer, kinds[:number].count(kinds[number]), dtype))
        if layer.mlp.down_proj.weight.dtype == torch.int8 and must_pack():
            progress(PACKING + (1 - PACKING) * len(layers) / len(kinds))
    return RunningDecoder(
        looking=kinds.count(LOOKS_BACK),
        remembering=kinds.count(REMEMBERS),
        reach=delta.linear_attn.conv_kernel_size - 1,
        kind=_attention_kind(attention.self_attn),
        delta=_delta_kind(delta.linear_attn),
        layers=tuple(layers),
        norm=_norm(text.norm, dtype),
        head=project_head(model),
        embed=model.get_input_embeddings(),
        rotary=text.rotary_emb,
    )


def _layer(layer: Any, number: int, dtype: torch.dtype) -> RunningLayer:
    product = layer.mlp
    remembers = layer.block_type == REMEMBERS
    return RunningLayer(
        before_mixing=_norm(layer.input_layernorm, dtype),
        mixer=_delta(layer.linear_attn, number) if remembers else _attention(layer.self_attn, number, dtype),
        before_feed_forward=_norm(layer.post_attention_layernorm, dtype),
        feed_forward=GatedProduct(
            join_layers([product.gate_proj, product.up_proj]),
            join_layers([product.down_proj]),
            product.act_fn,
        ),
    )


def _attention(module: Any, number: int, dtype: torch.dtype) -> RowMixer:
    return GatedAttention(
        number=number,
        kind=_attention_kind(module),
        queries_keys_values=join_layers([module.q_proj, module.k_proj, module.v_proj]),
        of_queries=_norm(module.q_norm, dtype),
        of_keys=_norm(module.k_norm, dtype),
        out=join_layers([module.o_proj]),
    )


def _attention_kind(module: Any) -> AttentionKind:
    shared = module.config.num_key_value_heads
    return AttentionKind(
        heads=shared * module.num_key_value_groups,
        shared_heads=shared,
        depth=module.head_dim,
        scaling=module.scaling,
        neighbours=False,
    )


def _delta(module: Any, number: int) -> RowMixer:
    return DeltaMixer(
        number=number,
        kind=_delta_kind(module),
        channels_and_gates=join_layers([module.in_proj_qkv, module.in_proj_z]),
        signals=join_layers([module.in_proj_b, module.in_proj_a]),
        taps=module.conv1d.weight.detach()[:, 0].T.contiguous(),
        fading=-module.A_log.detach().float().exp(),
        offset=module.dt_bias.detach().float(),
        norm_weight=module.norm.weight.detach(),
        epsilon=module.norm.variance_epsilon,
        out=join_layers([module.out_proj]),
    )


def _delta_kind(module: Any) -> DeltaKind:
    return DeltaKind(module.num_k_heads, module.num_v_heads, module.head_k_dim, module.head_v_dim)


def _norm(norm: Any, dtype: torch.dtype) -> CentredNorm:
    """What the weight says is by how much it differs from one."""
    return CentredNorm(norm.weight.detach().float() + 1, norm.eps, dtype)
