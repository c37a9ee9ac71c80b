"""4-bit weights that are 4-bit: quantise the routed experts too, each as it is read.

bitsandbytes replaces `nn.Linear` only. transformers holds the routed experts as 3-D parameters, merged while
they load, so "4-bit" would leave three quarters of DeepSeek-OCR in 16 bit. Here the experts stay the linear
layers that they are in the checkpoint: every one is quantised by itself, and never two copies are in memory.
Vision tower, projector, embeddings and head are kept in 16 bit: they are small, and quantised they cost an
eighth of the logits.
"""

import itertools
import logging
from typing import Any

import torch
from torch import nn
from transformers import BitsAndBytesConfig
from transformers.core_model_loading import WeightConverter
from transformers.integrations.bitsandbytes import Bnb4bitQuantize
from transformers.quantizers.auto import register_quantizer
from transformers.quantizers.quantizer_bnb_4bit import Bnb4BitHfQuantizer

from papertray.engine.devices.memory import close_holes
from papertray.engine.patches import PatchDoesNotFit

IN_16_BIT = frozenset(
    {
        "vision_tower",
        "visual",
        "vision_encoder",
        "multi_modal_projector",
        "vision_projection",
        "merger",
        "in_proj_a",
        "in_proj_b",
        "lm_head",
    }
)
"""What stays in 16 bit. bitsandbytes wants full paths, and forgets the head as soon as it is given a list."""

METHOD = "papertray_nf4"

AT_A_TIME = 32
"""So many weights are quantised before the holes that they left in memory are closed."""

logging.getLogger("bitsandbytes").setLevel(logging.ERROR)  # it regrets compiled code that it may not fetch


class FourBitConfig(BitsAndBytesConfig):  # type: ignore[misc]
    """nf4 with double quantisation; `dtype` is what is computed in."""

    def __init__(self, dtype: torch.dtype) -> None:
        super().__init__(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=dtype,
        )
        self.quant_method = METHOD


@register_quantizer(METHOD)
class FourBitQuantizer(Bnb4BitHfQuantizer):  # type: ignore[misc]
    """Splits the experts before the weights are read, and keeps transformers from merging them."""

    def __init__(self, config: FourBitConfig, **kwargs: Any) -> None:
        super().__init__(config, **kwargs)
        self.conversions = itertools.count(1)

    def _process_model_before_weight_loading(self, model: nn.Module, device_map: Any, **kwargs: Any) -> None:
        paths = [path for path, _ in model.named_modules()]
        kept = [path for path in paths if path.rpartition(".")[2] in IN_16_BIT]
        if "lm_head" not in kept:
            raise PatchDoesNotFit(__name__, "the model has no lm_head")
        self.quantization_config.llm_int8_skip_modules = kept
        for path, experts in [
            (path, module) for path, module in model.named_modules() if _has_merged_experts(module)
        ]:
            model.set_submodule(path, SplitExperts(experts))
        super()._process_model_before_weight_loading(model, device_map, **kwargs)

    def get_quantize_ops(self) -> "Bnb4bitQuantize":
        return _Quantise(self)

    def update_weight_conversions(self, conversions: list[Any], model: nn.Module) -> list[Any]:
        merging = [
            each for each in conversions if isinstance(each, WeightConverter) and _merges_experts(each)
        ]
        if not merging and any(isinstance(module, SplitExperts) for module in model.modules()):
            raise PatchDoesNotFit(__name__, "transformers no longer merges the experts while loading")
        kept = [each for each in conversions if each not in merging]
        updated: list[Any] = super().update_weight_conversions(kept, model)
        return updated


class _Quantise(Bnb4bitQuantize):  # type: ignore[misc]
    """A weight is read, a smaller one is made of it and kept. Left alone, what was freed lies between what
    is kept, and a 4-bit model may take as much memory while it loads as the whole one would."""

    def convert(self, *args: Any, **kwargs: Any) -> Any:
        quantised = super().convert(*args, **kwargs)
        if next(self.hf_quantizer.conversions) % AT_A_TIME == 0:
            close_holes()
        return quantised


class SplitExperts(nn.ModuleList):
    """Routed experts as the checkpoint has them: a gate, an up and a down projection each."""

    def __init__(self, experts: nn.Module) -> None:
        down: torch.Tensor = experts.get_parameter("down_proj")
        count, hidden, inner = down.shape
        with torch.device("meta"):
            super().__init__(_Expert(hidden, inner, experts.act_fn) for _ in range(count))

    def forward(
        self, hidden_states: torch.Tensor, top_k_index: torch.Tensor, top_k_weights: torch.Tensor
    ) -> torch.Tensor:
        """Each expert sees its tokens together. Which those are is asked of the device once."""
        chosen = top_k_index.reshape(-1)
        order = chosen.argsort()
        tokens = order // top_k_index.shape[-1]
        weights = top_k_weights.reshape(-1)[order].unsqueeze(-1)
        answer = torch.zeros_like(hidden_states)
        start = 0
        for expert, count in zip(self, torch.bincount(chosen, minlength=len(self)).tolist(), strict=True):
            if count:
                mine = slice(start, start + count)
                output = expert(hidden_states[tokens[mine]]) * weights[mine]
                answer.index_add_(0, tokens[mine], output.to(answer.dtype))
                start += count
        return answer


class _Expert(nn.Module):
    def __init__(self, hidden: int, inner: int, act_fn: Any) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(hidden, inner, bias=False)
        self.up_proj = nn.Linear(hidden, inner, bias=False)
        self.down_proj = nn.Linear(inner, hidden, bias=False)
        self.act_fn = act_fn

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        output: torch.Tensor = self.down_proj(self.act_fn(self.gate_proj(states)) * self.up_proj(states))
        return output


def _has_merged_experts(module: nn.Module) -> bool:
    """Routed experts as transformers holds them: 3-D parameters of all experts."""
    parameters = dict(module.named_parameters(recurse=False))
    return {"gate_up_proj", "down_proj"} <= parameters.keys() and parameters["down_proj"].dim() == 3


def _merges_experts(converter: Any) -> bool:
    return any("experts" in target for target in converter.target_patterns)
