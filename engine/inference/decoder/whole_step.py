"""A step of a decoder in one compiled call: rows go in, and come out as the last layer leaves them.

For layers with 8-bit weights that lie as they were read. What the layers add up, and all between two
products, is float32 here. Keys and values go where their page keeps them, in its format.
"""

import ctypes
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from papertray.engine.inference.decoder.attention import AttentionKind
from papertray.engine.inference.decoder.compiled import (
    KEPT,
    FewRows,
    Pages,
    fits_lanes,
    longest_of,
    page_table,
)
from papertray.engine.inference.decoder.eight_bit import CompiledProjection
from papertray.engine.inference.decoder.feed_forward import CompiledExperts
from papertray.engine.inference.decoder.layers import Angles, DecoderLayer, Norm

ACTIVATIONS = ("SiLU", "SiLUActivation")
NORMS = (
    *("before_attention", "of_queries", "of_keys", "after_attention"),
    *("before_feed_forward", "after_feed_forward"),
)
_PLACE, _SIZE, _NUMBER = ctypes.c_void_p, ctypes.c_ssize_t, ctypes.c_float


class _Matrix(ctypes.Structure):
    _fields_ = (
        *((name, _PLACE) for name in ("weights", "scales", "bias")),
        *((name, _SIZE) for name in ("width", "outs")),
    )


class _Layer(ctypes.Structure):
    _fields_ = (
        *((name, _PLACE) for name in NORMS),
        *((name, _Matrix) for name in ("joined", "out", "gate_up", "down")),
        ("router", _PLACE),
        *((name, _Matrix) for name in ("expert_gate_up", "expert_down")),
        *((name, _SIZE) for name in ("experts", "chosen")),
        ("importance", _NUMBER),
    )


class _Decoder(ctypes.Structure):
    _fields_ = (
        ("layers", ctypes.POINTER(_Layer)),
        *((name, _SIZE) for name in ("count", "width", "heads", "shared", "depth", "turning")),
        *((name, ctypes.c_int) for name in ("neighbours", "wide")),
        *((name, _NUMBER) for name in ("scaling", "epsilon")),
    )


_ROOM = {
    **dict.fromkeys(("normed", "opened", "closed", "seen", "queries", "scores"), torch.float32),
    **dict.fromkeys(("expert_opened", "expert_closed", "weights"), torch.float32),
    **dict.fromkeys(("whole", "expert_whole"), torch.int16),
    **dict.fromkeys(("meaning", "expert_meaning"), torch.float32),
    **dict.fromkeys(("chosen", "sorted", "order"), torch.int64),
}


class _Room(ctypes.Structure):
    _fields_ = tuple((name, _PLACE) for name in _ROOM)


class WholeStep:
    """What it works in is kept from step to step, and so are the weights that it made float32."""

    def __init__(self, few_rows: FewRows, kind: AttentionKind, layers: Sequence[DecoderLayer]) -> None:
        self._few_rows = few_rows
        self._kept: list[Tensor] = []
        self._room: dict[str, Tensor] = {}
        self._layers = (_Layer * len(layers))(*map(self._layer, layers))
        norm = layers[0].before_attention
        self._decoder = _Decoder(
            self._layers,
            *(len(layers), len(norm.weight), kind.heads, kind.shared_heads, kind.depth, 0),
            *(kind.neighbours, norm.weight.dtype == torch.float32, kind.scaling, norm.epsilon),
        )
        self._numbers = self._numbers_a_row()

    def answer(self, rows: Tensor, angles: Angles, pages: Pages) -> Tensor:
        """`rows` are those of all pages, one after the other; gives them in float32."""
        states = rows.to(torch.float32, copy=True)
        cosines, sines = (each.float().contiguous() for each in angles)
        self._decoder.turning = cosines.shape[-1]
        threads, longest = torch.get_num_threads(), longest_of(pages)
        room = self._make_room(len(rows), threads * longest)
        self._few_rows.library.answer_rows(
            *(threads, ctypes.byref(self._decoder), page_table(pages), len(pages), len(rows)),
            *(each.data_ptr() for each in (states, cosines, sines)),
            *(ctypes.byref(room), longest),
        )
        return states

    def _layer(self, layer: DecoderLayer) -> _Layer:
        it = _Layer(**{name: self._norm(getattr(layer, name)) for name in NORMS})
        it.joined, it.out = self._matrix(layer.queries_keys_values), self._matrix(layer.out)
        product: Any = layer.feed_forward
        if isinstance(product, CompiledExperts):
            router: Any = product.one_by_one.router
            it.router, it.experts = self._place(router.weight), router.num_experts
            it.chosen, it.importance = router.top_k, router.routed_scaling_factor
            it.expert_gate_up, it.expert_down = map(self._experts, (product.gate_up, product.down))
            product = product.one_by_one.shared
        it.gate_up, it.down = self._matrix(product.gate_up), self._matrix(product.down)
        return it

    def _norm(self, norm: Norm | None) -> int | None:
        return None if norm is None else self._place(norm.weight)

    def _place(self, weights: Tensor) -> int:
        self._kept.append(weights.detach().float().contiguous())
        return self._kept[-1].data_ptr()

    def _matrix(self, by: Any) -> _Matrix:
        outs, width = by.numbers.shape
        bias = None if by.bias is None else self._place(by.bias)
        return _Matrix(by.numbers.data_ptr(), by.scales.data_ptr(), bias, width, outs)

    def _experts(self, weights: tuple[Tensor, Tensor]) -> _Matrix:
        numbers, scales = weights
        return _Matrix(numbers.data_ptr(), scales.data_ptr(), None, numbers.shape[2], numbers.shape[1])

    def _make_room(self, rows: int, scores: int) -> _Room:
        for name, numbers in self._numbers.items():
            wanted = scores if name == "scores" else rows * numbers
            if name not in self._room or len(self._room[name]) < wanted:
                self._room[name] = torch.empty(wanted, dtype=_ROOM[name])
        return _Room(*(self._room[name].data_ptr() for name in _ROOM))

    def _numbers_a_row(self) -> dict[str, int]:
        width, seen = self._decoder.width, self._decoder.heads * self._decoder.depth
        chosen = max(it.chosen for it in self._layers)
        widest = max(max(it.joined.outs, it.gate_up.outs) for it in self._layers)
        inner = max(it.down.width for it in self._layers)
        opened = max(it.expert_gate_up.outs for it in self._layers)
        return dict.fromkeys(_ROOM, chosen) | {
            "normed": width,
            "opened": widest,
            "closed": width,
            "seen": seen,
            "queries": seen,
            "expert_opened": chosen * opened,
            "expert_closed": chosen * width,
            "whole": max(width, seen, inner),
            "expert_whole": chosen * max(width, opened // 2),
            "meaning": 1,
        }


def whole_step(few_rows: FewRows, kind: AttentionKind, layers: Sequence[DecoderLayer]) -> WholeStep | None:
    """None where a layer has something that `step.c` does not know."""
    norms = [norm for layer in layers for name in NORMS if (norm := getattr(layer, name)) is not None]
    alike = len({(norm.weight.dtype, norm.epsilon) for norm in norms}) == 1 and norms[0].weight.dtype in KEPT
    known = alike and fits_lanes(kind.depth) and all(map(_is_known, layers))
    return WholeStep(few_rows, kind, layers) if known else None


def _is_known(layer: DecoderLayer) -> bool:
    product: Any = layer.feed_forward
    if isinstance(product, CompiledExperts):
        if getattr(product.one_by_one.router, "topk_method", None) != "greedy":
            return False
        product = product.one_by_one.shared
    parts = (
        layer.queries_keys_values,
        layer.out,
        getattr(product, "gate_up", None),
        getattr(product, "down", None),
    )
    activation = type(getattr(product, "activation", None)).__name__
    return activation in ACTIVATIONS and all(isinstance(part, CompiledProjection) for part in parts)
