"""How much of a machine reading takes, from the settings: a desktop is never quiet.

Pure: settings and a number of cores go in, a number of threads and a priority come out.
"""

from dataclasses import dataclass

from papertray.daemon.settings import EngineSettings

MANY_CORES = 4
"""From so many on, one is left to others: the weights come no faster for it."""
GENTLE_NICE = 10


@dataclass(frozen=True, slots=True)
class Effort:
    """`threads` None is as many as a reader likes. `nice` is how far reading stands back, 0 to 19."""

    threads: int | None
    nice: int


def effort_for(engine: EngineSettings, cores: int) -> Effort:
    threads = {
        "gentle": max(1, cores // 2),
        "normal": cores - 1 if cores >= MANY_CORES else None,
        "all": None,
    }[engine.effort]
    nice = GENTLE_NICE if engine.effort == "gentle" else 0
    return Effort(threads, nice if engine.nice is None else engine.nice)
