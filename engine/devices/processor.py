"""What this machine's processor has. Imports torch late, as it is asked."""

from collections.abc import Mapping
from typing import Any


def has_matrix_units() -> bool:
    """AMX: with it, torch multiplies matrices in bfloat16 by other means."""
    import torch

    can: Mapping[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(can.get("amx_bf16"))


def has_eight_bit_product() -> bool:
    """Torch ships one for processors of Intel and AMD, and will one day make its weights another way."""
    import torch

    quantised = torch.ops.quantized
    there = hasattr(quantised, "linear_with_input_q_dq_qweight_dq_output_fp32")
    makes_weights = hasattr(torch, "_make_per_channel_quantized_tensor")
    return there and makes_weights and "fbgemm" in torch.backends.quantized.supported_engines
