"""A program of somebody else's, as papertray holds it: started without a shell, heard line by line, ended.

It ends with papertray at the latest, whatever ends that. Its input is empty, its environment papertray's own.
"""

import os
import shutil
from collections.abc import Sequence
from typing import IO, Self

from papertray.engine.children.command import module_command
from papertray.engine.children.process import ChildProcess

KEEPER = "papertray.engine.children.program_keeper"
_LONGEST_LINE = 4096


def find_command(name: str) -> str | None:
    """Where the system finds it; None where there is none."""
    return shutil.which(os.path.expanduser(name))  # noqa: PTH111  # a bare name is no path


class KeptProgram(ChildProcess[bytes]):
    """Its messages are the lines that it writes, errors included. What it has started ends with it."""

    def __init__(self, command: Sequence[str]) -> None:
        super().__init__([*module_command(KEEPER), *command], _read_line)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_problem: object) -> None:
        """Asked first, so that it can put things away."""
        self.end()


def _read_line(stream: IO[bytes]) -> bytes:
    return stream.readline(_LONGEST_LINE)
