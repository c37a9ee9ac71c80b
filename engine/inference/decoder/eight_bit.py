"""Products with 8-bit weights: compiled here, or by the operator that torch ships for Intel and AMD.

A row of weights is whole numbers up to 127 and one scale. The rows that come in are made whole numbers, too,
of 12 bits and more. For torch's operator each is written as two numbers of 7 bits, of which the second is
what the first leaves over: they cost next to nothing beside the weights, and no product of two can overflow
where a processor adds in 16 bits. All sums are of whole numbers, so a page's answer is the same, bit for bit,
whoever is read beside it.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from papertray.engine.inference.decoder.compiled import FewRows, compile_few_rows

SCALES = "_scales"
"""Behind a weight's name: where its scales are. No buffer, for transformers fills those anew."""
ROWS_AT_ONCE = 512
"""So many, in float32, stay in the processor's caches between two looks."""
MOST = 63
"""The largest of a 7-bit number."""
LEFT_OVER = 126.0
"""By how much the second numbers are finer than the first."""
MOST_ROWS = 264
"""A step has no more: a token of eight pages each, and 32 that are drafted."""
_FILTERS = Lock()
"""What is warned of is one list for all threads."""


@dataclass(frozen=True, slots=True)
class SplitRows:
    """`numbers` [rows, 2, width] are whole, or get rounded; `scales` [rows, 1] say what one of them means."""

    numbers: Tensor
    scales: Tensor
    dtype: torch.dtype

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, which: slice | Tensor) -> "SplitRows":
        return SplitRows(self.numbers[which], self.scales[which], self.dtype)


@dataclass(frozen=True, slots=True)
class EightBitProjection:
    """`product` multiplies split rows with the packed weights."""

    product: Callable[[Tensor], Tensor]
    bias: Tensor | None

    def prepare(self, rows: Tensor) -> SplitRows:
        return split_rows(rows)

    def multiply(self, prepared: SplitRows) -> Tensor:
        both = self.product(prepared.numbers)
        answer = torch.add(both[:, 0], both[:, 1], alpha=1 / LEFT_OVER) * prepared.scales
        return (answer if self.bias is None else answer + self.bias).to(prepared.dtype)


@dataclass(frozen=True, slots=True)
class ExactRows:
    """To be multiplied as whole numbers."""

    rows: Tensor
    dtype: torch.dtype

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, which: slice | Tensor) -> "ExactRows":
        return ExactRows(self.rows[which], self.dtype)


@dataclass(frozen=True, slots=True)
class CompiledProjection:
    """`numbers` [out, in] lie as they were read; rows as many as a prompt's meet them in their own format."""

    few_rows: FewRows
    numbers: Tensor
    scales: Tensor
    bias: Tensor | None

    def prepare(self, rows: Tensor) -> ExactRows | Tensor:
        return ExactRows(rows.float(), rows.dtype) if len(rows) <= MOST_ROWS else rows

    def multiply(self, prepared: ExactRows | Tensor) -> Tensor:
        if isinstance(prepared, ExactRows):
            one = torch.zeros(len(prepared), dtype=torch.long)
            answer = self.few_rows.multiply(self.numbers, self.scales, one, prepared.rows)
        else:
            answer = functional.linear(prepared, self.numbers.to(prepared.dtype)) * self.scales
        return (answer if self.bias is None else answer + self.bias).to(prepared.dtype)


def split_rows(rows: Tensor) -> SplitRows:
    exact = rows.float()
    scales = torch.linalg.vector_norm(exact, float("inf"), -1, keepdim=True).clamp_min_(1e-30).div_(MOST)
    exact = exact / scales
    first = exact.round()
    return SplitRows(torch.stack((first, (exact - first).mul_(LEFT_OVER)), 1), scales, rows.dtype)


def round_to_8_bits(weight: Tensor) -> tuple[Tensor, Tensor]:
    """Whole numbers of the same shape, and a scale for each row of the last dimension.

    A part at a time, so that never much of it is held in another format as well.
    """
    numbers = torch.empty(weight.shape, dtype=torch.int8)
    scales = torch.empty(weight.shape[:-1])
    flat = weight.flatten(0, -2), numbers.flatten(0, -2), scales.flatten()
    for given, rounded, scale in zip(*(torch.split(each, ROWS_AT_ONCE) for each in flat), strict=True):
        exact = given.to(torch.float32, copy=True)
        scale.copy_(exact.abs().amax(-1).clamp_min_(1e-30).div_(127))
        rounded.copy_(exact.div_(scale.unsqueeze(-1)).round_())
    return numbers, scales


def must_pack() -> bool:
    """Whether weights are copied into the order of torch's operator, which takes as long as reading them."""
    return compile_few_rows() is None


def project_eight_bit(
    numbers: Tensor, scales: Tensor, bias: Tensor | None = None
) -> CompiledProjection | EightBitProjection:
    few_rows = compile_few_rows()
    if few_rows is None:
        return pack_eight_bit(numbers, scales, bias)
    return CompiledProjection(few_rows, numbers, scales, None if bias is None else bias.float())


def pack_eight_bit(numbers: Tensor, scales: Tensor, bias: Tensor | None = None) -> EightBitProjection:
    """`numbers` [out, in] are copied into the operator's own order."""
    with _FILTERS, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch will go another way one day
        weight = torch._make_per_channel_quantized_tensor(
            numbers, scales.double(), torch.zeros(len(numbers)).long(), 0
        )
    packed = torch.ops.quantized.linear_prepack(weight, None)
    product: Any = torch.ops.quantized.linear_with_input_q_dq_qweight_dq_output_fp32
    offset = MOST + 1
    return EightBitProjection(
        lambda rows: product(rows, 1.0, offset, packed), None if bias is None else bias.float()
    )
