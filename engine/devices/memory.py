"""Memory while a model works: how much it took at most, giving it back, and knowing when it ran out.

Readings of a device are made on the thread that calls, never beside it: Metal bears one thread only.
"""

import ctypes
import errno
import gc
import os
import threading
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

EVERY_SECONDS = 0.02
RAN_OUT = ("out of memory", "can't allocate memory", "alloc_failed", "not enough memory")
"""How CUDA, Metal, Ascend, cuBLAS and the processor's allocator put it, in lower case."""


def is_out_of_memory(problem: BaseException) -> bool:
    """Whether memory ran out, said by this exception or by one that it was raised from."""
    if isinstance(problem, MemoryError) or getattr(problem, "errno", None) == errno.ENOMEM:
        return True
    if isinstance(problem, RuntimeError) and any(words in str(problem).lower() for words in RAN_OUT):
        return True
    return problem.__cause__ is not None and is_out_of_memory(problem.__cause__)


def drop_frames(problem: BaseException) -> None:
    """Let go of what the frames of an exception, and of those before it, still hold."""
    link: BaseException | None = problem
    while link is not None:
        traceback.clear_frames(link.__traceback__)
        link = link.__cause__ or link.__context__


def free_memory(device: str) -> None:
    """What nobody holds any longer goes back to the device."""
    gc.collect()
    module = _module(device)
    if module is not None:
        module.empty_cache()
    else:
        close_holes()


def close_holes() -> None:
    """Free memory between pieces that are kept goes back to the system, where the C library can do so."""
    library = ctypes.CDLL(None) if os.name == "posix" else None
    if trim := getattr(library, "malloc_trim", None):
        trim(0)


class MemoryPeak:
    """The most memory taken within the `with`, beyond what was taken before, in bytes."""

    def __init__(self, device: str) -> None:
        self.bytes = 0
        self._device = device
        self._module = _module(device)
        self._done = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "MemoryPeak":
        free_memory(self._device)
        self._before = self._most = self._bytes_taken()
        if self._counts_itself:
            self._module.reset_peak_memory_stats()
        elif self._module is None:
            self._watcher.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, where: TracebackType | None
    ) -> None:
        self._done.set()
        if self._watcher.is_alive():
            self._watcher.join()
        last = self._module.max_memory_allocated() if self._counts_itself else self._bytes_taken()
        self.bytes = max(self._most, last) - self._before

    @property
    def _counts_itself(self) -> bool:
        return hasattr(self._module, "reset_peak_memory_stats")

    def _watch(self) -> None:
        while not self._done.wait(EVERY_SECONDS):
            self._most = max(self._most, self._bytes_taken())

    def _bytes_taken(self) -> int:
        if self._module is None:
            return _process_memory()
        ask = getattr(self._module, "memory_allocated", None) or self._module.driver_allocated_memory
        return int(ask())


def _process_memory() -> int:
    """What this process alone holds: pages of files that are only looked at do not count."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("RssAnon"))
        return int(line.split()[1]) * 1024
    import psutil

    return int(psutil.Process().memory_info().rss)


def _module(device: str) -> Any:
    """torch's module for a device with a memory of its own."""
    if device == "cpu":
        return None
    import torch

    return getattr(torch, device)
