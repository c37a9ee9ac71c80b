"""What a card does in a decoder's step, in Triton: few calls for a layer, each of what lies side by side.

Rows of numbers and weights come in, rows go out. A call reads each weight once for all rows. Sums are taken
in one order, so that the same step gives the same numbers. Where `EARLY`, weights are fetched while the call
before ends: nothing else is read, and nothing written, before `wait`.
"""

import triton
import triton.language as tl
from triton.language.extra.cuda import gdc_launch_dependents, gdc_wait

from papertray.engine.inference.decoder.card.weights import (
    add_products,
    begin_sums,
    end_sums,
    fetch_weights,
)


@triton.jit
def wait(EARLY: tl.constexpr):
    if EARLY:
        gdc_launch_dependents()
        gdc_wait()


@triton.jit
def is_last(counter, OF: tl.constexpr):
    """Whether all others that count here have written what they have. The last one starts anew."""
    tl.debug_barrier()
    last = tl.atomic_add(counter, 1) == OF - 1
    if last:
        tl.store(counter, 0)
    return last


@triton.jit
def finish_sums(sums, part, parts, counters, n, outs, bias, before, answer, ROWS: tl.constexpr,
            PADDED: tl.constexpr, BLOCK_N: tl.constexpr, SPLITS: tl.constexpr, HAS_BIAS: tl.constexpr,
            HAS_BEFORE: tl.constexpr):  # fmt: skip
    """The parts of a sum together, in their order, with what was there before."""
    r = tl.arange(0, PADDED)
    at = r[:, None] * outs + n[None, :]
    inside = (r < ROWS)[:, None] & (n < outs)[None, :]
    write = True
    if SPLITS > 1:
        tile = tl.program_id(0)
        here = r[:, None] * BLOCK_N + tl.arange(0, BLOCK_N)[None, :]
        first = parts + tile * SPLITS * PADDED * BLOCK_N
        tl.store(first + part * PADDED * BLOCK_N + here, sums)
        write = is_last(counters + tile, SPLITS)
        if write:
            sums = tl.zeros([PADDED, BLOCK_N], tl.float32)
            for each in tl.static_range(SPLITS):
                sums += tl.load(first + each * PADDED * BLOCK_N + here, cache_modifier=".cg")
    if write:
        if HAS_BIAS:
            sums += tl.load(bias + n, mask=n < outs, other=0).to(tl.float32)[None, :]
        if HAS_BEFORE:
            sums += tl.load(before + at, mask=inside, other=0).to(tl.float32)
        tl.store(answer + at, sums.to(answer.dtype.element_ty), mask=inside)


@triton.jit
def multiply(rows, norm, weight, bias, before, answer, parts, counters, outs, epsilon, K: tl.constexpr,
             ROWS: tl.constexpr, PADDED: tl.constexpr, BLOCK_N: tl.constexpr, BLOCK_K: tl.constexpr,
             SPLITS: tl.constexpr, HAS_NORM: tl.constexpr, HAS_BIAS: tl.constexpr, HAS_BEFORE: tl.constexpr,
             FOUR_BIT: tl.constexpr, EARLY: tl.constexpr):  # fmt: skip
    """Rows times `weight` [outs, K]; `before` is added. One row may be scaled by a norm, in one part."""
    n = tl.program_id(0) * BLOCK_N + tl.arange(0, BLOCK_N)
    part = tl.program_id(1)
    r = tl.arange(0, PADDED)
    k = part * BLOCK_K + tl.arange(0, BLOCK_K)
    coming = fetch_weights(weight, n, outs, part * BLOCK_K, K, BLOCK_K, FOUR_BIT)
    wait(EARLY)
    sums = begin_sums(ROWS, PADDED, BLOCK_N, BLOCK_K, FOUR_BIT)
    squares = tl.zeros([BLOCK_K], tl.float32)
    for start in tl.static_range(0, K, SPLITS * BLOCK_K):
        fetched = coming
        here = (r < ROWS)[:, None] & (k < K)[None, :]
        given = tl.load(rows + r[:, None] * K + k[None, :], mask=here, other=0)
        if HAS_NORM:
            given = given.to(tl.float32)
            squares += tl.sum(given * given, 0)
            given *= tl.load(norm + k, mask=k < K, other=0).to(tl.float32)[None, :]
        k += SPLITS * BLOCK_K
        if start + SPLITS * BLOCK_K < K:
            further = start + (SPLITS + part) * BLOCK_K
            coming = fetch_weights(weight, n, outs, further, K, BLOCK_K, FOUR_BIT)
        sums = add_products(sums, given, fetched, weight, ROWS, BLOCK_N, BLOCK_K, FOUR_BIT)
    sums = end_sums(sums, ROWS)
    if HAS_NORM:
        sums *= tl.rsqrt(tl.sum(squares) / K + epsilon)
    finish_sums(sums, part, parts, counters, n, outs, bias, before, answer, ROWS, PADDED, BLOCK_N, SPLITS,
            HAS_BIAS, HAS_BEFORE)  # fmt: skip


@triton.jit
def add_and_scale(rows, more, norm, together, answer, epsilon, K: tl.constexpr, BLOCK_K: tl.constexpr,
                  HAS_MORE: tl.constexpr, EARLY: tl.constexpr):  # fmt: skip
    """`more` is added to the rows, and what comes out is scaled by a norm."""
    k = tl.arange(0, BLOCK_K)
    at = tl.program_id(0) * K + k
    scales = tl.load(norm + k, mask=k < K, other=0).to(tl.float32)
    wait(EARLY)
    given = tl.load(rows + at, mask=k < K, other=0)
    if HAS_MORE:
        given += tl.load(more + at, mask=k < K, other=0)
        tl.store(together + at, given, mask=k < K)
    given = given.to(tl.float32)
    given *= tl.rsqrt(tl.sum(given * given) / K + epsilon)
    tl.store(answer + at, (given * scales).to(answer.dtype.element_ty), mask=k < K)


@triton.jit
def let_through_gates(opened, inner, K: tl.constexpr, BLOCK_K: tl.constexpr, EARLY: tl.constexpr):
    k = tl.program_id(1) * BLOCK_K + tl.arange(0, BLOCK_K)
    row = tl.program_id(0)
    wait(EARLY)
    gate = tl.load(opened + row * 2 * K + k, mask=k < K, other=0).to(tl.float32)
    up = tl.load(opened + row * 2 * K + K + k, mask=k < K, other=0).to(tl.float32)
    tl.store(inner + row * K + k, (gate * tl.sigmoid(gate) * up).to(inner.dtype.element_ty), mask=k < K)
