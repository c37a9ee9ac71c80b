"""A program of somebody else's, as papertray holds it: started without a shell, heard line by line, ended.

It ends with papertray at the latest, whatever ends that. Its environment is papertray's own, its input empty;
or both are told it.
"""

import contextlib
import os
import shutil
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import IO, Self

from papertray.engine.children.command import module_command
from papertray.engine.children.process import ChildDied, ChildProcess
from papertray.engine.children.program_keeper import TOLD

KEEPER = "papertray.engine.children.program_keeper"
_LONGEST_LINE = 4096


def find_command(name: str) -> str | None:
    """Where the system finds it; None where there is none."""
    return shutil.which(os.path.expanduser(name))  # noqa: PTH111  # a bare name is no path


class KeptProgram(ChildProcess[bytes]):
    """Its messages are the lines that it writes, errors included. What it has started ends with it.

    One that is `told` something on its input, a line without its end, is heard by its errors alone.
    """

    def __init__(
        self,
        command: Sequence[str],
        variables: Mapping[str, str] = MappingProxyType({}),
        told: bytes | None = None,
    ) -> None:
        option = () if told is None else (TOLD,)
        super().__init__([*module_command(KEEPER), *option, *command], _read_line, variables)
        if told is not None:
            with contextlib.suppress(ChildDied):  # whoever listens learns of it
                self.send(told + b"\n")

    def weigh(self) -> int:
        """Bytes that it and all that it has started hold in memory; 0 where the system does not say."""
        import psutil

        weight = 0
        with contextlib.suppress(psutil.Error):
            for started in psutil.Process(self._process.pid).children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    weight += started.memory_info().rss
        return weight

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_problem: object) -> None:
        """Asked first, so that it can put things away."""
        self.end()


def _read_line(stream: IO[bytes]) -> bytes:
    return stream.readline(_LONGEST_LINE)
