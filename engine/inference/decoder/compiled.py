"""What a step does to few rows, as a little C that is compiled where this machine has a compiler.

Torch's operators start their threads once for every product, and wake them each time: for the one row of a
page that costs as much as the product. `few_rows.c` does all experts of a layer, and all heads of all pages,
in one go; `step.c` does all layers of a step (whole_step.py). Where they cannot be compiled nothing is
missing: torch's operators do the same.
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
from itertools import accumulate
from pathlib import Path
from threading import Lock
from typing import Any

import torch
from torch import Tensor

from papertray.engine.inference.decoder.attention import BLOCK, AttentionKind, PageContext

SOURCES = tuple(Path(__file__).with_name(name) for name in ("few_rows.c", "step.c"))
COMPILERS = ("cc", "gcc", "clang")
OPTIONS = ("-std=gnu11", "-O3", "-march=native", "-fno-math-errno", "-fno-trapping-math", "-fopenmp")
PATIENCE = 60.0
DEEPEST, LANES = 256, 16
"""Numbers of a head, at most, and what they are a multiple of."""
KEPT = (torch.bfloat16, torch.float32)
"""The formats of what is looked back at."""
_COMPILING = Lock()
_LOG = logging.getLogger(__name__)


Pages = Sequence[tuple[PageContext, int]]
"""Each with how many rows of those in hand are its own."""


class _Page(ctypes.Structure):
    _fields_ = (
        ("keys", ctypes.c_void_p),
        ("values", ctypes.c_void_p),
        ("layer", ctypes.c_ssize_t),
        ("kept", ctypes.c_int64),
        ("tokens", ctypes.c_int64),
        ("first", ctypes.c_int64),
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
        return queries.dtype in KEPT and fits_lanes(queries.shape[-1])

    def look_back(self, layer: int, queries: Tensor, pages: Pages, kind: AttentionKind) -> Tensor:
        """`queries` [tokens, heads, depth] of all pages, each of which has so many in it."""
        if queries.stride()[1:] != (queries.shape[2], 1):
            queries = queries.contiguous()
        table, longest = page_table(pages, layer), longest_of(pages)
        scores = torch.empty(len(pages), kind.heads, longest)
        seen = torch.empty(queries.shape, dtype=queries.dtype)
        self.library.look_back(
            *(torch.get_num_threads(), table, len(pages), kind.heads, kind.shared_heads, kind.depth),
            *(kind.scaling, queries.dtype == torch.float32, queries.data_ptr(), queries.stride(0)),
            *(scores.data_ptr(), longest, seen.data_ptr()),
        )
        return seen.view(len(seen), -1)


def fits_lanes(depth: int) -> bool:
    return depth <= DEEPEST and depth % LANES == 0


def page_table(pages: Pages, layer: int = 0) -> Any:
    """Where each has its keys and values, from this layer on."""
    firsts = accumulate((count for _, count in pages), initial=0)
    return (_Page * len(pages))(
        *(
            _Page(*context.places(layer), context.numbers_a_layer, context.length, count, first)
            for (context, count), first in zip(pages, firsts, strict=False)
        )
    )


def longest_of(pages: Pages) -> int:
    """Tokens of the longest page when its rows are taken in, in whole blocks."""
    return max(-(-(context.length + count) // BLOCK) * BLOCK for context, count in pages)


def compile_few_rows() -> FewRows | None:
    """Once for a process, also where several threads ask at the same time."""
    with _COMPILING:
        return compile_here()


@cache
def compile_here() -> FewRows | None:
    """Within a second or two; what another processor compiled would not do for this one."""
    compiler = next(filter(None, map(shutil.which, COMPILERS)), None)
    if compiler is None or os.name != "posix":
        return None
    with tempfile.TemporaryDirectory(prefix="papertray-") as folder:
        made = Path(folder) / "few_rows.so"
        command = [compiler, *OPTIONS, "-shared", "-fPIC", *map(str, SOURCES), "-o", str(made), "-lm"]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
            return FewRows(_declare(ctypes.CDLL(str(made))))
        except (OSError, subprocess.SubprocessError) as fault:
            _LOG.info("few_rows.c and step.c were not compiled: %s", fault)
            return None


def _declare(library: Any) -> Any:
    place, size, number = ctypes.c_void_p, ctypes.c_ssize_t, ctypes.c_int
    library.multiply.argtypes = (number, place, place, place, size, size, size, place, place, place, place)
    library.look_back.argtypes = (
        *(number, place, number, number, number, number),
        *(ctypes.c_float, number, place, size, place, size, place),
    )
    library.answer_rows.argtypes = (
        *(number, place, place, number, size),
        *(place, place, place, place, size),
    )
    library.multiply.restype = library.look_back.restype = library.answer_rows.restype = None
    return library
