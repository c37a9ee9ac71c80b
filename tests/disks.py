"""A second disk for tests, where there is one: memory, mostly."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

MEMORY = Path("/dev/shm")


@contextmanager
def other_disk(than: Path) -> Iterator[Path]:
    """A folder that no link leads to from `than`."""
    if not MEMORY.is_dir() or MEMORY.stat().st_dev == than.stat().st_dev:
        pytest.skip("there is no second disk here: moves to another disk are NOT tested")
    with TemporaryDirectory(dir=MEMORY) as folder:
        yield Path(folder)
