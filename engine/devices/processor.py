"""What this machine's processor has. Imports torch late, as it is asked."""

from collections.abc import Mapping
from typing import Any


def has_matrix_units() -> bool:
    """AMX: with it, torch multiplies matrices in bfloat16 by other means."""
    import torch

    can: Mapping[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(can.get("amx_bf16"))
