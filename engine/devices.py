"""The device rows: which device, number format and corrections a model gets, and why.

A row is a value. Nothing here imports torch; what the machine has is measured in `machine`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One way of running a model. `dtype` is torch's name for it; `patches` are names in `engine.patches`."""

    device: str
    dtype: str
    weights: str = "plain"  # or "nf4"
    longest_side: int | None = None
    patches: tuple[str, ...] = ()
    reason: str = ""


CPU_FLOAT32 = Row("cpu", "float32", reason="float32 runs on every processor")
