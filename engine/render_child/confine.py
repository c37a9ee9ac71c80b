"""Put limits on the process that calls: what it may take of memory, what it may open, that it writes nothing.

To be called when all is loaded and before there are threads: documents come in open. Each system has its own
way, and each way is a row of `WAYS`: Linux confines best; macOS and Windows forbid little without privileges.
Memory that runs out shows as MemoryError where the system says no to an allocation, and as the exit status
`OUT_OF_MEMORY` where it can only be watched.
"""

import os
import sys
import sysconfig
import threading
from collections.abc import Callable
from pathlib import Path

OUT_OF_MEMORY = 75
"""The exit status of a child that ended itself because it had grown too big."""

FONTS = tuple(  # pdfium looks there for letters that a PDF asks for and does not bring
    map(
        Path,
        (
            "/usr/share/fonts",
            "/usr/share/X11/fonts/Type1",
            "/usr/share/X11/fonts/TTF",
            "/usr/local/share/fonts",
        ),
    )
)
# Python's own library besides: it loads a codec when a title or a remark is first written in it.
LOOK_EVERY = 0.05  # seconds: a page takes longer than this to fill two gigabytes


def confine(megabytes: int) -> None:
    """Limit this process to `megabytes` of memory from now on, and to what its system can forbid."""
    WAYS.get(sys.platform, limit_address_space)(megabytes)


def confine_on_linux(megabytes: int) -> None:
    """As far as the kernel goes: no file is opened but these, no program started, nobody called."""
    from papertray.engine.render_child import landlock

    limit_address_space(megabytes)
    landlock.refuse_new_privileges()
    landlock.forbid((*FONTS, Path(sysconfig.get_path("stdlib"))))


def limit_address_space(megabytes: int) -> None:
    """The kernel refuses what goes beyond, and the decoder reports it like any error."""
    import resource

    _write_nothing()
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))


def watch_resident_memory(megabytes: int) -> None:
    """macOS does not hold a process to its address space: look at what it uses, end it above the limit."""
    import resource

    _write_nothing()
    unit = 1 if sys.platform == "darwin" else 1024

    def watch() -> None:
        rest = threading.Event()
        while resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit < megabytes << 20:
            rest.wait(LOOK_EVERY)
        os._exit(OUT_OF_MEMORY)

    threading.Thread(target=watch, name="memory", daemon=True).start()


def _write_nothing() -> None:
    """Nor a core dump. What is sent through pipes is no file."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def join_job_object(megabytes: int) -> None:
    """Windows: a job object with a memory limit, which this process puts itself into."""
    if sys.platform == "win32":
        from papertray.engine.children import job_object

        job_object.limit_memory(megabytes << 20)


WAYS: dict[str, Callable[[int], None]] = {
    "linux": confine_on_linux,
    "darwin": watch_resident_memory,
    "win32": join_job_object,
}
