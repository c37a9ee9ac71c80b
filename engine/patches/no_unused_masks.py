"""Make no masks that no layer looks at.

DeepSeek-OCR runs on a class with two sorts of attention, of which it has one; the other's mask is made anew
for every token all the same. Where all layers attend to all that came before, torch's fused attention needs
no mask at all: not for a page that goes in alone, nor for one token after it.
"""

from typing import Any

from torch import nn

from papertray.engine.patches import PatchDoesNotFit

FULL = "full_attention"


def patch(model: nn.Module) -> None:
    parts = [part for part in model.modules() if hasattr(part, "layers") and hasattr(part, "embed_tokens")]
    if len(parts) != 1 or set(getattr(parts[0].config, "layer_types", ())) != {FULL}:
        raise PatchDoesNotFit(__name__, "its layers do not all attend to everything")
    parts[0].register_forward_pre_hook(_leave_out, with_kwargs=True)


def _leave_out(
    _model: nn.Module, arguments: tuple[Any, ...], options: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """A caller's own mask stays, and so does the library's where several tokens come after others."""
    tokens = options.get("inputs_embeds") if options.get("input_ids") is None else options["input_ids"]
    cache = options.get("cache", options.get("past_key_values"))  # its name until transformers 5.23
    if options.get("attention_mask") is not None or tokens is None:
        return arguments, options
    if tokens.shape[1] == 1 or cache is None or cache.get_seq_length() == 0:
        options = options | {"attention_mask": {FULL: None}}
    return arguments, options
