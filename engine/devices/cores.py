"""How many of this machine's cores a reader may use, and with what priority. Imports torch late."""

import os
import threading
from contextlib import suppress

import psutil


def count_cores() -> int:
    """Physical ones: two threads of one core wait for the same weights. No more than this process may use."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(allowed, psutil.cpu_count(logical=False) or allowed))


def use_cores(count: int) -> None:
    """For torch, from here on."""
    import torch

    torch.set_num_threads(count)


def stand_back(nice: int) -> None:
    """The calling thread, and all it starts, leave the processor to others: by so much, 0 to 19.

    Where threads have no priority of their own the whole process stands back. It cannot be taken back.
    """
    if nice <= 0:
        return
    with suppress(OSError, psutil.Error):
        if hasattr(psutil, "BELOW_NORMAL_PRIORITY_CLASS"):
            psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        else:
            who = threading.get_native_id() if psutil.LINUX else 0
            os.setpriority(os.PRIO_PROCESS, who, max(nice, os.getpriority(os.PRIO_PROCESS, who)))
