"""Set what must stand before torch starts, and afterwards what one device needs.

Importing this imports neither torch nor transformers.
"""

import importlib
import importlib.util
import logging
import os
import sys
from collections.abc import MutableMapping
from types import ModuleType

BEFORE_TORCH = {
    "PYTORCH_ENABLE_MPS_FALLBACK": "1",  # an operator that Metal lacks runs on the processor
    "PYTORCH_CUDA_ALLOC_CONF": "expandable_segments:True",  # a small card is not lost to gaps
    "OMP_WAIT_POLICY": "PASSIVE",  # waiting threads leave a busy desktop alone
    "TOKENIZERS_PARALLELISM": "false",
    "TORCH_DEVICE_BACKEND_AUTOLOAD": "0",  # torch-npu without CANN breaks `import torch`
}
CANN = ("ASCEND_TOOLKIT_HOME", "ASCEND_HOME_PATH")
"""What the toolkit's set_env.sh sets."""

BACKENDS = {"npu": "torch_npu"}


def prepare_environment(
    environ: MutableMapping[str, str] = os.environ,
    modules: MutableMapping[str, ModuleType | None] = sys.modules,  # type: ignore[assignment]
) -> None:
    """Call before the first `import torch`. What the user has set stays as it is.

    transformers imports torch-npu wherever it is installed, and that fails without CANN whatever device is
    asked for: there it is hidden, as if it were not installed. So is kernels, with which transformers and
    bitsandbytes would fetch compiled code from the hub.
    """
    for name, value in BEFORE_TORCH.items():
        environ.setdefault(name, value)
    modules.setdefault("kernels", None)
    logging.getLogger("bitsandbytes.backends.cpu.ops").setLevel(logging.ERROR)  # it advises to install them
    installed = importlib.util.find_spec("torch_npu") is not None
    if installed and not any(environ.get(name) for name in CANN):
        modules["torch_npu"] = None


def load_backend(device: str) -> None:
    """Import the package that drives a device which torch does not know by itself.

    cuDNN's attention, which torch prefers on an H100, is left out: it makes a new plan for every length, over
    40 ms for each token of a first page. The others are as fast from the first token on.
    """
    if device in BACKENDS:
        importlib.import_module(BACKENDS[device])
    if device == "cuda":
        import torch

        torch.backends.cuda.enable_cudnn_sdp(False)
