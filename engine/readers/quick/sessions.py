"""How onnxruntime works a model: without spinning, and in 8 bits where the processor is made for that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

AVX512_VNNI = 20
"""OpenCV's number for instructions that multiply whole numbers of 8 bits."""

AVX_VNNI = "avx_vnni"
"""The same on smaller processors, by Linux's name; OpenCV does not know them, other systems do not say."""


def open_session(model: str | bytes, threads: int) -> Any:
    """A model's file or its bytes, worked by so many threads at once; who waits for another sleeps."""
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.log_severity_level = 4
    options.enable_cpu_mem_arena = False
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return InferenceSession(model, options, providers=["CPUExecutionProvider"])


def multiplies_eight_bits() -> bool:
    """Whether this processor has instructions for it: without them, sums of products overflow 16 bits."""
    import cv2

    return bool(cv2.checkHardwareSupport(AVX512_VNNI)) or AVX_VNNI in _flags()


def _flags() -> list[str]:
    try:
        told = Path("/proc/cpuinfo").read_text("ascii", "replace").splitlines()
    except OSError:
        return []
    return next((line for line in told if line.startswith("flags")), "").split()
