"""Put limits on the process that calls: what it may take of memory, and that it leaves no core dump.

Each system has its own way, and each way is a row of `WAYS`. Memory that runs out shows as MemoryError where
the system says no to an allocation, and as the exit status `OUT_OF_MEMORY` where it can only be watched.
"""

import os
import sys
import threading
from collections.abc import Callable

OUT_OF_MEMORY = 75
"""The exit status of a child that ended itself because it had grown too big."""

LOOK_EVERY = 0.05  # seconds: a page takes longer than this to fill two gigabytes


def confine(megabytes: int) -> None:
    """Limit this process to `megabytes` of memory from now on."""
    WAYS.get(sys.platform, limit_address_space)(megabytes)


def limit_address_space(megabytes: int) -> None:
    """Linux: the kernel refuses what goes beyond, and the decoder reports it like any error."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))


def watch_resident_memory(megabytes: int) -> None:
    """macOS does not hold a process to its address space: look at what it uses, end it above the limit."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    unit = 1 if sys.platform == "darwin" else 1024

    def watch() -> None:
        rest = threading.Event()
        while resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit < megabytes << 20:
            rest.wait(LOOK_EVERY)
        os._exit(OUT_OF_MEMORY)

    threading.Thread(target=watch, name="memory", daemon=True).start()


def join_job_object(megabytes: int) -> None:
    """Windows: a job object with a memory limit, which this process puts itself into."""
    if sys.platform == "win32":
        from papertray.engine.render_child import job_object

        job_object.join(megabytes << 20)


WAYS: dict[str, Callable[[int], None]] = {
    "linux": limit_address_space,
    "darwin": watch_resident_memory,
    "win32": join_job_object,
}
