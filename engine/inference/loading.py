"""Put a checkpoint's weights into a model of transformers, in the number format of a device row.

The names and sizes that the model wants are compared with the files first, on a model without memory. What
comes out has one dtype throughout: every weight and every buffer, quantised weights excepted.
"""

from typing import Any

import torch
from torch import nn
from transformers.core_model_loading import revert_weight_conversion
from transformers.utils import logging as transformers_logging

from papertray.engine.devices.environment import load_backend
from papertray.engine.devices.rows import DeviceRow
from papertray.engine.inference.checkpoint import Checkpoint, Renames
from papertray.engine.inference.decoder.eight_bit import must_pack
from papertray.engine.inference.eight_bit_loading import EightBitConfig
from papertray.engine.inference.loading_progress import PACKING, follow_loading, share_of
from papertray.engine.inference.rounded_weights import keep_rounded, load_rounded
from papertray.engine.pages import LoadProgress, ignore_progress


def load_model(
    model_class: Any,
    checkpoint: Checkpoint,
    config: Any,
    row: DeviceRow,
    unused: frozenset[str] = frozenset(),
    renames: Renames = (),
    progress: LoadProgress = ignore_progress,
) -> Any:
    """`unused` are tensors of the checkpoint that this class does not read; a name may end in `*`.

    `renames` are patterns of names that the publisher gave, and what the class has for them.
    """
    checkpoint = checkpoint.with_names(renames)
    with torch.device("meta"):
        outline = model_class(config)
    checkpoint.refuse_unless(_tensor_shapes(outline, checkpoint), unused)
    transformers_logging.disable_progress_bar()
    load_backend(row.device)
    rounded = row.weights == "int8"
    if rounded and must_pack():
        progress = share_of(progress, 0.0, PACKING)
    if rounded:
        kept = load_rounded(model_class, checkpoint, config, row.dtype, progress)
        if kept is not None:
            return kept
    try:
        with follow_loading(outline, progress):
            model, report = model_class.from_pretrained(
                checkpoint.folder,
                config=config,
                dtype=getattr(torch, row.dtype),
                device_map={"": row.device},
                use_safetensors=True,
                local_files_only=True,
                output_loading_info=True,
                key_mapping=dict(renames) or None,
                **_quantisation(row),
            )
    except (KeyError, ValueError) as fault:
        raise checkpoint.misfit(f"transformers does not understand it ({fault})") from fault
    faults = [*report["missing_keys"], *report["mismatched_keys"], *report["error_msgs"]]
    if faults:
        raise checkpoint.misfit(f"transformers did not load {faults[0]}")
    _keep_angles_exact(model)
    _narrow_weights(model, getattr(torch, row.dtype))
    if rounded:
        keep_rounded(model, checkpoint, row.dtype)
    return model.eval()


def _quantisation(row: DeviceRow) -> dict[str, Any]:
    if row.weights == "plain":
        return {}
    if row.weights == "int8":
        return {"quantization_config": EightBitConfig()}
    from papertray.engine.patches.experts_4bit import FourBitConfig  # bitsandbytes is not everywhere

    return {"quantization_config": FourBitConfig(getattr(torch, row.dtype))}


def _tensor_shapes(model: Any, checkpoint: Checkpoint) -> dict[str, tuple[int, ...]]:
    """The tensors that a checkpoint of this model has, under the publisher's names.

    A weight that is tied to another may be there or not.
    """
    tensors = revert_weight_conversion(model, dict(model.state_dict()))
    tied = model.all_tied_weights_keys.keys() - checkpoint.shapes.keys()
    return {name: tuple(tensor.shape) for name, tensor in tensors.items() if name not in tied}


def _narrow_weights(model: nn.Module, dtype: torch.dtype) -> None:
    """Since its version 5.24 transformers reads routers into float32, where they are no more exact."""
    for parameter in model.parameters():
        if parameter.dtype == torch.float32 and dtype != torch.float32:
            parameter.data = parameter.data.to(dtype)


def _keep_angles_exact(model: nn.Module) -> None:
    """Rotary frequencies are no weights: they stay in float32, outside the model's buffers, on every row.

    In 16 bit the angle of the thousandth token would be off by a whole turn. Only the sines and cosines
    are handed on in the row's dtype.
    """
    for module in model.modules():
        for name in ("inv_freq", "original_inv_freq"):
            if name in module._buffers:
                angles = module._buffers.pop(name)
                module._non_persistent_buffers_set.discard(name)
                setattr(module, name, angles)
