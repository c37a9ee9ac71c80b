"""Read a decoder's description off a model that transformers has loaded; its weights are used, not copied.

Only layers that are known here are taken: another sort could differ in something that nobody looks at.
"""

from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from typing import Any

import torch
from torch import Tensor, nn

from papertray.engine.devices.memory import close_holes
from papertray.engine.devices.rows import DeviceRow
from papertray.engine.inference.decode import Decoder, LibraryDecoder
from papertray.engine.inference.decoder.attention import AttentionKind
from papertray.engine.inference.decoder.compiled import FewRows, compile_few_rows
from papertray.engine.inference.decoder.eight_bit import SCALES, must_pack, project_eight_bit
from papertray.engine.inference.decoder.feed_forward import (
    CompiledExperts,
    ExpertsByIndex,
    FeedForwardKind,
    GatedProduct,
    RoutedExperts,
)
from papertray.engine.inference.decoder.graphs import SlotDecoder
from papertray.engine.inference.decoder.layers import DecoderLayer, LayerDecoder, Norm
from papertray.engine.inference.decoder.projections import join_layers, plain_projection, project_head
from papertray.engine.inference.decoder.running.describe import describe_running, keeps_a_state
from papertray.engine.inference.decoder.whole_step import whole_step
from papertray.engine.inference.loading_progress import PACKING
from papertray.engine.pages import LoadProgress, ignore_progress
from papertray.engine.patches import PatchDoesNotFit

TURNS_NEIGHBOURS = {
    "DeepseekOcr2TextDecoderLayer": False,
    "UnlimitedOcrTextDecoderLayer": False,
    "Qwen2DecoderLayer": False,
    "Qwen2VLDecoderLayer": False,
    "PaddleOCRDecoderLayer": False,
    "Qwen3DecoderLayer": False,
    "GlmOcrTextDecoderLayer": True,
}
SEES_PROMPT = "reference_sliding_attention"
"""In transformers' words: a layer that sees the whole prompt, and the last tokens that were said."""
LAYERS_AT_ONCE = 4
"""So many are packed by a core each; while it is, a layer is held twice."""


def decoder_for(model: Any, row: DeviceRow, progress: LoadProgress = ignore_progress) -> Decoder:
    """As the device row says; a model that keeps a running state has a loop of its own on every device."""
    if keeps_a_state(model):
        running = describe_running(model, progress)
        close_holes()
        return running
    if row.decoding == "library":
        return LibraryDecoder(model)
    decoder = describe_decoder(model, progress)
    if row.decoding == "graphs":
        return SlotDecoder(decoder)
    close_holes()  # where weights lay that were packed
    return decoder


def describe_decoder(model: Any, progress: LoadProgress = ignore_progress) -> LayerDecoder:
    """`model` is one with a head; its vision tower is no part of this.

    `progress` hears how far weights are packed, where they are.
    """
    text = model.get_decoder()
    for layer in text.layers:
        _refuse_unknown(layer)
    few_rows = compile_few_rows() if text.norm.weight.device.type == "cpu" else None
    kind = _attention_kind(text.layers[0], _window(text.config))
    layers = _describe_layers(text.layers, progress)
    return LayerDecoder(
        kind=kind,
        layers=layers,
        norm=_norm(text.norm),
        head=project_head(model),
        embed=model.get_input_embeddings(),
        rotary=text.rotary_emb,
        few_rows=few_rows,
        whole_step=whole_step(few_rows, kind, layers) if few_rows else None,
    )


def _refuse_unknown(layer: Any) -> None:
    if type(layer).__name__ not in TURNS_NEIGHBOURS:
        raise PatchDoesNotFit(__name__, f"{type(layer).__name__} is no layer that it knows")
    if getattr(layer.self_attn, "sliding_window", None) is not None:
        raise PatchDoesNotFit(__name__, "the model forgets what lies far back")


def _window(config: Any) -> int | None:
    """How many of the tokens that it said itself the model looks back at; None where it is all of them."""
    kinds = set(getattr(config, "layer_types", None) or ())
    if SEES_PROMPT not in kinds:
        return None
    if len(kinds) > 1:
        raise PatchDoesNotFit(__name__, "some of its layers forget, and others do not")
    window: int = config.sliding_window
    return window


def _attention_kind(layer: Any, window: int | None) -> AttentionKind:
    attention = layer.self_attn
    shared = attention.k_proj.out_features // attention.head_dim
    return AttentionKind(
        heads=shared * attention.num_key_value_groups,
        shared_heads=shared,
        depth=attention.head_dim,
        scaling=attention.scaling,
        neighbours=TURNS_NEIGHBOURS[type(layer).__name__],
        window=window,
    )


def _describe_layers(layers: nn.ModuleList, progress: LoadProgress) -> tuple[DecoderLayer, ...]:
    """Only packing keeps a core busy; what is joined on a card is joined layer by layer."""
    first: Any = layers[0]
    if first.self_attn.q_proj.weight.dtype != torch.int8:
        return tuple(_layer(layer) for layer in layers)
    described = []
    with ThreadPoolExecutor(min(LAYERS_AT_ONCE, torch.get_num_threads())) as cores:
        for layer in cores.map(_layer, layers):
            described.append(layer)
            if must_pack():
                progress(PACKING + (1 - PACKING) * len(described) / len(layers))
    return tuple(described)


def _layer(layer: Any) -> DecoderLayer:
    attention = layer.self_attn
    after_attention = getattr(layer, "post_self_attn_layernorm", None)
    after_feed_forward = getattr(layer, "post_mlp_layernorm", None)
    of_queries, of_keys = getattr(attention, "q_norm", None), getattr(attention, "k_norm", None)
    return DecoderLayer(
        before_attention=_norm(layer.input_layernorm),
        queries_keys_values=join_layers([attention.q_proj, attention.k_proj, attention.v_proj]),
        of_queries=_norm(of_queries) if of_queries else None,
        of_keys=_norm(of_keys) if of_keys else None,
        out=join_layers([attention.o_proj]),
        after_attention=_norm(after_attention) if after_attention else None,
        before_feed_forward=_norm(layer.post_attention_layernorm),
        feed_forward=_feed_forward(layer.mlp),
        after_feed_forward=_norm(after_feed_forward) if after_feed_forward else None,
    )


def _norm(norm: Any) -> Norm:
    return Norm(norm.weight.detach(), norm.variance_epsilon)


def _feed_forward(module: Any) -> FeedForwardKind:
    if not hasattr(module, "experts"):
        return _gated_product(module)
    router = deepcopy(module.gate).float()  # it computes in float32, and would convert for every token
    if getattr(module.experts, "by_index", False):
        return ExpertsByIndex(router, module.experts, _gated_product(module.shared_experts))
    compiled = _compiled_weights(module.experts)
    routed = RoutedExperts(
        router=router,
        experts=_experts(module.experts),
        shared=_gated_product(module.shared_experts),
    )
    return CompiledExperts(*compiled, routed) if compiled else routed


def _compiled_weights(
    module: Any,
) -> tuple[FewRows, tuple[Tensor, Tensor], tuple[Tensor, Tensor]] | None:
    """What those of 8 bits need where they can be multiplied together: they lie as they were read."""
    few_rows = compile_few_rows()
    if isinstance(module, nn.ModuleList) or module.down_proj.dtype != torch.int8 or few_rows is None:
        return None
    gate_up, down = (
        (module.get_parameter(name).detach(), getattr(module, f"{name}{SCALES}"))
        for name in ("gate_up_proj", "down_proj")
    )
    return few_rows, gate_up, down


def _experts(module: Any) -> tuple[GatedProduct, ...]:
    if isinstance(module, nn.ModuleList):
        return tuple(_gated_product(each) for each in module)
    if module.down_proj.dtype == torch.int8:
        return _eight_bit_experts(module)
    return tuple(
        GatedProduct(plain_projection(gate_up), plain_projection(down), module.act_fn)
        for gate_up, down in zip(module.gate_up_proj, module.down_proj, strict=True)
    )


def _eight_bit_experts(module: Any) -> tuple[GatedProduct, ...]:
    """They are not kept in the module as well."""
    packed = {}
    for name in ("gate_up_proj", "down_proj"):
        weight, scales = module.get_parameter(name).detach(), getattr(module, f"{name}{SCALES}")
        packed[name] = [project_eight_bit(*each) for each in zip(weight, scales, strict=True)]
        setattr(module, name, nn.Parameter(weight[:0].clone(), requires_grad=False))
        del weight
    pairs = zip(packed["gate_up_proj"], packed["down_proj"], strict=True)
    return tuple(GatedProduct(gate_up, down, module.act_fn) for gate_up, down in pairs)


def _gated_product(module: Any) -> GatedProduct:
    joined = getattr(module, "gate_up_proj", None)
    gate_up = [module.gate_proj, module.up_proj] if joined is None else [joined]
    activation = getattr(module, "act_fn", None) or module.activation_fn
    return GatedProduct(join_layers(gate_up), join_layers([module.down_proj]), activation)
