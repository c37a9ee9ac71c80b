"""Round a decoder's weights to 8 bits as they are read, so that they are never held in 16 as well.

Linear layers and routed experts then hold whole numbers, and their scales beside them; such a model only
speaks through `decoder.describe`, which packs them. Vision tower, embeddings and routers stay as they are.
"""

from typing import Any

from torch import Tensor, nn
from transformers.core_model_loading import ConversionOps
from transformers.quantizers.auto import register_quantizer
from transformers.quantizers.base import HfQuantizer
from transformers.quantizers.quantizers_utils import get_module_from_name
from transformers.utils.quantization_config import QuantizationConfigMixin

from papertray.engine.inference.decoder.eight_bit import SCALES, round_to_8_bits

METHOD = "papertray_int8"
EXPERT_WEIGHTS = frozenset({"gate_up_proj", "down_proj"})
"""Of all routed experts of a layer together [experts, out, in]."""
EXACT = frozenset({"in_proj_a", "in_proj_b"})
"""Layers that say how much of a running state stays: small, and what they are off adds up over a page."""


class EightBitConfig(QuantizationConfigMixin):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__(quant_method=METHOD)


@register_quantizer(METHOD)
class EightBitQuantizer(HfQuantizer):  # type: ignore[misc]
    """A head that is tied to the embeddings stays with them: `projections.project_head` rounds it."""

    requires_calibration = False

    @property
    def quantized_element_size(self) -> float:
        return 1

    @property
    def is_trainable(self) -> bool:
        return False

    def is_serializable(self) -> bool:
        return False

    def _process_model_before_weight_loading(self, model: Any, **_kwargs: Any) -> None:
        decoder = [part for layer in model.get_decoder().layers for part in layer.modules()]
        tied = bool(model.all_tied_weights_keys)
        self._rounded = {id(part) for part in (*decoder, *([] if tied else [model.get_output_embeddings()]))}

    def param_needs_quantization(self, model: Any, param_name: str, **_kwargs: Any) -> bool:
        module, name = get_module_from_name(model, param_name)
        linear = type(module) is nn.Linear and name == "weight" and param_name.split(".")[-2] not in EXACT
        return id(module) in self._rounded and (linear or name in EXPERT_WEIGHTS)

    def get_quantize_ops(self) -> ConversionOps:
        return _Round(self)


class _Round(ConversionOps):  # type: ignore[misc]
    def __init__(self, hf_quantizer: EightBitQuantizer) -> None:
        self.hf_quantizer = hf_quantizer

    def convert(
        self, input_dict: dict[str, Any], model: nn.Module | None = None, **_kwargs: Any
    ) -> dict[str, Tensor]:
        rounded = {}
        for place, value in input_dict.items():
            module, name = get_module_from_name(model, place)
            numbers, scales = round_to_8_bits(value[0] if isinstance(value, list) else value)
            setattr(module, f"{name}{SCALES}", scales)
            rounded[place] = numbers
        return rounded
