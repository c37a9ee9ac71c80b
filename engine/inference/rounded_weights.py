"""Keep a model beside its files as it was rounded to 8 bits, so that the next load only has to read it.

What was loaded goes to the disk once, in the format of safetensors, with a mark of the files that it came
from. Only a folder that papertray fetched or took in is written to. Whatever fails here costs time, nothing
else: a file that does not fit is passed over, and made anew.
"""

import hashlib
import json
import mmap
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from filelock import FileLock, Timeout
from torch import Tensor, nn

from papertray.engine.inference.checkpoint import Checkpoint
from papertray.engine.models.manifest import MANIFEST
from papertray.engine.pages import LoadProgress

FILE = "papertray-8-bit.weights"
"""Not named as the publisher's files are, which are found by their ending."""
FORMAT = "1"
MARK = "made_from"
KINDS = ("_parameters", "_buffers", "__dict__")
"""Where a module has tensors; a name in the file says in which of them it belongs."""
SPARE = 2
"""How many times as much as the file takes has to be free on the disk."""
_NAMES = {torch.int8: "I8", torch.int64: "I64", torch.bfloat16: "BF16", torch.float32: "F32"}


def load_rounded(
    model_class: Any, checkpoint: Checkpoint, config: Any, dtype: str, progress: LoadProgress
) -> Any | None:
    """The model, its weights looked at in the file, or None where there is none of these files' making."""
    from safetensors import SafetensorError, safe_open

    done = 0
    try:
        with safe_open(checkpoint.folder / FILE, framework="pt") as file:
            if (file.metadata() or {}).get(MARK) != _mark(model_class, checkpoint, dtype):
                return None
            with torch.device("meta"):
                model = model_class(config)
            size = (checkpoint.folder / FILE).stat().st_size
            progress(0.0)
            for key in file.keys():  # noqa: SIM118
                tensor = file.get_tensor(key)
                _bring_in(tensor)
                _put(model, key, tensor)
                done += tensor.nbytes
                progress(done / size)
    except (OSError, SafetensorError, AttributeError, KeyError):
        return None
    progress(1.0)
    model.tie_weights()
    whole = not any(tensor.is_meta for _, tensor in _tensors(model))
    return model.eval() if whole else None


def keep_rounded(model: nn.Module, checkpoint: Checkpoint, dtype: str) -> None:
    """Never more in memory than the model itself."""
    folder = checkpoint.folder
    tensors = sorted(_tensors(model), key=lambda pair: -pair[1].element_size())  # each on a whole multiple
    size = sum(tensor.nbytes for _, tensor in tensors)
    known = all(tensor.dtype in _NAMES for _, tensor in tensors)
    if not known or not (folder / MANIFEST).is_file() or shutil.disk_usage(folder).free < SPARE * size:
        return
    partial = folder / f"{FILE}.partial"
    try:
        with FileLock(f"{partial}.lock", timeout=0):
            _write(partial, tensors, _mark(type(model), checkpoint, dtype))
            partial.replace(folder / FILE)
    except Timeout:
        return  # another papertray is at it
    except OSError:
        partial.unlink(missing_ok=True)


def _write(path: Path, tensors: Sequence[tuple[str, Tensor]], mark: str) -> None:
    with path.open("wb") as file:
        file.write(_header(tensors, mark))
        for _, tensor in tensors:
            file.write(tensor.detach().contiguous().flatten().view(torch.uint8).numpy().data)
        file.flush()
        os.fsync(file.fileno())


def _mark(model_class: type, checkpoint: Checkpoint, dtype: str) -> str:
    """Another one after any change of the model's files, of its class or of this format."""
    import transformers

    told = [FORMAT, dtype, model_class.__name__, transformers.__version__]
    for path in sorted(checkpoint.folder.glob("*.safetensors")):
        stat = path.stat()
        told += [path.name, str(stat.st_size), str(stat.st_mtime_ns)]
    told += [(checkpoint.folder / name).read_text(encoding="utf-8") for name in (MANIFEST, "config.json")]
    return hashlib.sha256("\0".join(told).encode()).hexdigest()


def _tensors(model: nn.Module) -> Iterator[tuple[str, Tensor]]:
    """Each once, however many places it has; scales and rotary frequencies are neither weight nor buffer."""
    met = set()
    for place, module in model.named_modules():
        for kind in KINDS:
            for name, value in getattr(module, kind).items():
                if isinstance(value, Tensor) and id(value) not in met:
                    met.add(id(value))
                    yield f"{kind}:{place}:{name}", value


def _bring_in(tensor: Tensor) -> None:
    """From the disk now, in the order of the file: the first page would wait for it, piece by piece."""
    tensor.flatten().view(torch.uint8)[:: mmap.PAGESIZE].sum()


def _put(model: nn.Module, key: str, tensor: Tensor) -> None:
    kind, place, name = key.split(":")
    module = model.get_submodule(place)
    for each in KINDS:
        getattr(module, each).pop(name, None)
    weight = kind == "_parameters"
    getattr(module, kind)[name] = nn.Parameter(tensor, requires_grad=False) if weight else tensor


def _header(tensors: Sequence[tuple[str, Tensor]], mark: str) -> bytes:
    head: dict[str, Any] = {"__metadata__": {MARK: mark}}
    start = 0
    for key, tensor in tensors:
        ends = [start, start + tensor.nbytes]
        head[key] = {"dtype": _NAMES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": ends}
        start = ends[1]
    text = json.dumps(head).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text
