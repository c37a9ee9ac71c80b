"""What a step does to few rows, as a little C that is compiled where this machine has a compiler.

Torch's operators start their threads once for every product, and wake them each time: for the one row of a
page that costs as much as the product. `few_rows.c` does all experts of a layer, and all heads of all pages,
in one go. Where it cannot be compiled nothing is missing: torch's operators do the same.
"""

import ctypes
import logging
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from papertray.engine.inference.decoder.attention import BLOCK, AttentionKind, PageContext

SOURCE = Path(__file__).with_name("few_rows.c")
COMPILERS = ("cc", "gcc", "clang")
OPTIONS = ("-std=gnu11", "-O3", "-march=native", "-fno-math-errno", "-fno-trapping-math", "-fopenmp")
PATIENCE = 60.0
DEEPEST = 256
"""Numbers of a head, at most."""
_LOG = logging.getLogger(__name__)


class _Page(ctypes.Structure):
    _fields_ = (
        ("keys", ctypes.c_void_p),
        ("values", ctypes.c_void_p),
        ("kept", ctypes.c_int64),
        ("tokens", ctypes.c_int64),
    )


@dataclass(frozen=True, slots=True)
class FewRows:
    """The compiled functions, for tensors on the processor."""

    library: Any

    def multiply(self, weights: Tensor, scales: Tensor, chosen: Tensor, rows: Tensor) -> Tensor:
        """`rows` by the one of the `weights` [matrices, out, in] that each has chosen, in this order."""
        count, width = rows.shape
        outs = scales.shape[-1]
        given, whole = rows.contiguous(), torch.empty(rows.shape, dtype=torch.int16)
        meaning, answers = torch.empty(count), torch.empty(count, outs)
        self.library.multiply(
            torch.get_num_threads(),
            *(each.data_ptr() for each in (weights, scales, chosen)),
            *(count, width, outs),
            *(each.data_ptr() for each in (given, whole, meaning, answers)),
        )
        return answers

    def can_look(self, queries: Tensor) -> bool:
        return queries.dtype == torch.bfloat16 and queries.shape[-1] <= DEEPEST

    def look_back(
        self, layer: int, queries: Tensor, pages: Sequence[tuple[PageContext, int]], kind: AttentionKind
    ) -> Tensor:
        """`queries` [tokens, heads, depth] of all pages, each of which has so many in it."""
        if queries.stride()[1:] != (queries.shape[2], 1):
            queries = queries.contiguous()
        table = (_Page * len(pages))(
            *(_Page(*context.places(layer), context.length, count) for context, count in pages)
        )
        longest = max(-(-(context.length + count) // BLOCK) * BLOCK for context, count in pages)
        scores = torch.empty(len(pages), kind.heads, longest)
        seen = torch.empty(queries.shape, dtype=queries.dtype)
        self.library.look_back(
            *(torch.get_num_threads(), table, len(pages), kind.heads, kind.shared_heads, kind.depth),
            *(kind.scaling, queries.data_ptr(), queries.stride(0)),
            *(scores.data_ptr(), longest, seen.data_ptr()),
        )
        return seen.view(len(seen), -1)


@cache
def compile_few_rows() -> FewRows | None:
    """Within a second, once for a process: what another processor compiled would not do for this one."""
    compiler = next(filter(None, map(shutil.which, COMPILERS)), None)
    if compiler is None or os.name != "posix":
        return None
    with tempfile.TemporaryDirectory(prefix="papertray-") as folder:
        made = Path(folder) / "few_rows.so"
        command = [compiler, *OPTIONS, "-shared", "-fPIC", str(SOURCE), "-o", str(made), "-lm"]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
            return FewRows(_declare(ctypes.CDLL(str(made))))
        except (OSError, subprocess.SubprocessError) as fault:
            _LOG.info("few_rows.c was not compiled: %s", fault)
            return None


def _declare(library: Any) -> Any:
    place, size, number = ctypes.c_void_p, ctypes.c_ssize_t, ctypes.c_int
    library.multiply.argtypes = (number, place, place, place, size, size, size, place, place, place, place)
    library.look_back.argtypes = (
        *(number, place, number, number, number, number),
        *(ctypes.c_float, place, size, place, size, place),
    )
    library.multiply.restype = library.look_back.restype = None
    return library
