"""Let the routed experts run in a plain loop: CANN 8.3 has no grouped matrix product."""

from typing import Any

from torch import nn

from papertray.engine.patches import PatchDoesNotFit


def patch(model: nn.Module) -> None:
    set_implementation: Any = getattr(model, "set_experts_implementation", None)
    if set_implementation is None or not any(
        "gate_up_proj" in dict(part.named_parameters(recurse=False)) for part in model.modules()
    ):
        raise PatchDoesNotFit(__name__, "the model has no routed experts")
    set_implementation("eager")
