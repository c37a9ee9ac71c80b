"""A layer's second half on a card, in Triton: gates, and experts that are chosen for each row."""

import triton
import triton.language as tl

from papertray.engine.inference.decoder.card.kernels import finish_sums, is_last, wait
from papertray.engine.inference.decoder.card.weights import (
    add_products,
    begin_sums,
    end_sums,
    fetch_weights,
    shift_weight,
)


@triton.jit
def open_gates(rows, norm, gates, ups, shared_gate, shared_up, active, count, shares, inner, stride, epsilon,
               K: tl.constexpr, INNER: tl.constexpr, SHARED: tl.constexpr, ACTIVE: tl.constexpr,
               EXPERTS: tl.constexpr, ROWS: tl.constexpr, PADDED: tl.constexpr, BLOCK_N: tl.constexpr,
               BLOCK_K: tl.constexpr, FOUR_BIT: tl.constexpr, EARLY: tl.constexpr):  # fmt: skip
    """What gates let through [rows, ACTIVE * INNER + SHARED], of the chosen experts and of what all share.

    One row is scaled by the norm here, several are scaled already.
    """
    TILES: tl.constexpr = (INNER + BLOCK_N - 1) // BLOCK_N
    WIDTH: tl.constexpr = ACTIVE * INNER + SHARED
    pid = tl.program_id(0)
    wait(EARLY)
    if pid < ACTIVE * TILES:
        number = pid // TILES
        if number < tl.load(count):
            expert = tl.load(active + number)
            r = tl.arange(0, PADDED)
            share = tl.load(shares + r * EXPERTS + expert, mask=r < ROWS, other=0)
            first = expert.to(tl.int64) * stride
            gate = shift_weight(gates, first, FOUR_BIT)
            up = shift_weight(ups, first, FOUR_BIT)
            _open(rows, norm, gate, up, share, inner + number * INNER, pid % TILES, epsilon, K, INNER, WIDTH,
                  ROWS, PADDED, BLOCK_N, BLOCK_K, FOUR_BIT)  # fmt: skip
    else:
        share = tl.full([PADDED], 1.0, tl.float32)
        _open(rows, norm, shared_gate, shared_up, share, inner + ACTIVE * INNER, pid - ACTIVE * TILES,
              epsilon, K, SHARED, WIDTH, ROWS, PADDED, BLOCK_N, BLOCK_K, FOUR_BIT)  # fmt: skip


@triton.jit
def _open(rows, norm, gate, up, share, inner, tile, epsilon, K: tl.constexpr, LINES: tl.constexpr,
          WIDTH: tl.constexpr, ROWS: tl.constexpr, PADDED: tl.constexpr, BLOCK_N: tl.constexpr,
          BLOCK_K: tl.constexpr, FOUR_BIT: tl.constexpr):  # fmt: skip
    n = tile * BLOCK_N + tl.arange(0, BLOCK_N)
    r = tl.arange(0, PADDED)
    opened = begin_sums(ROWS, PADDED, BLOCK_N, BLOCK_K, FOUR_BIT)
    raised = begin_sums(ROWS, PADDED, BLOCK_N, BLOCK_K, FOUR_BIT)
    squares = tl.zeros([BLOCK_K], tl.float32)
    for start in range(0, K, BLOCK_K):
        k = start + tl.arange(0, BLOCK_K)
        of_gate = fetch_weights(gate, n, LINES, start, K, BLOCK_K, FOUR_BIT)
        of_up = fetch_weights(up, n, LINES, start, K, BLOCK_K, FOUR_BIT)
        mine = (r < ROWS)[:, None] & (k < K)[None, :]
        given = tl.load(rows + r[:, None] * K + k[None, :], mask=mine, other=0)
        if ROWS == 1:
            given = given.to(tl.float32)
            squares += tl.sum(given * given, 0)
            given *= tl.load(norm + k, mask=k < K, other=0).to(tl.float32)[None, :]
        opened = add_products(opened, given, of_gate, gate, ROWS, BLOCK_N, BLOCK_K, FOUR_BIT)
        raised = add_products(raised, given, of_up, up, ROWS, BLOCK_N, BLOCK_K, FOUR_BIT)
    scale = tl.rsqrt(tl.sum(squares) / K + epsilon) if ROWS == 1 else 1.0
    let = end_sums(opened, ROWS) * scale
    answer = let * tl.sigmoid(let) * end_sums(raised, ROWS) * scale * share[:, None]
    at = inner + r[:, None] * WIDTH + n[None, :]
    tl.store(at, answer.to(inner.dtype.element_ty), mask=(r < ROWS)[:, None] & (n < LINES)[None, :])


@triton.jit
def close_experts(inner, experts, shared, active, count, before, answer, parts, counters, outs,
                  INNER: tl.constexpr, SHARED: tl.constexpr, ACTIVE: tl.constexpr, ROWS: tl.constexpr,
                  PADDED: tl.constexpr, BLOCK_N: tl.constexpr, BLOCK_K: tl.constexpr, SPLITS: tl.constexpr,
                  FOUR_BIT: tl.constexpr, EARLY: tl.constexpr):  # fmt: skip
    """What the chosen experts, and what all share, make of what was let through; `before` is added."""
    WIDTH: tl.constexpr = ACTIVE * INNER + SHARED
    n = tl.program_id(0) * BLOCK_N + tl.arange(0, BLOCK_N)
    part = tl.program_id(1)
    sums = begin_sums(ROWS, PADDED, BLOCK_N, BLOCK_K, FOUR_BIT)
    wait(EARLY)
    for start in range(part * BLOCK_K, SHARED, SPLITS * BLOCK_K):
        sums = _close(sums, inner + ACTIVE * INNER, shared, n, start, outs, SHARED, WIDTH, ROWS, PADDED,
                      BLOCK_N, BLOCK_K, FOUR_BIT)  # fmt: skip
    for number in range(part, tl.load(count), SPLITS):
        first = tl.load(active + number).to(tl.int64) * (outs * INNER)
        expert = shift_weight(experts, first, FOUR_BIT)
        for start in range(0, INNER, BLOCK_K):
            sums = _close(sums, inner + number * INNER, expert, n, start, outs, INNER, WIDTH, ROWS, PADDED,
                          BLOCK_N, BLOCK_K, FOUR_BIT)  # fmt: skip
    finish_sums(end_sums(sums, ROWS), part, parts, counters, n, outs, before, before, answer, ROWS, PADDED,
            BLOCK_N, SPLITS, False, True)  # fmt: skip


@triton.jit
def _close(sums, inner, weight, n, start, outs, K: tl.constexpr, WIDTH: tl.constexpr, ROWS: tl.constexpr,
           PADDED: tl.constexpr, BLOCK_N: tl.constexpr, BLOCK_K: tl.constexpr,
           FOUR_BIT: tl.constexpr):  # fmt: skip
    r = tl.arange(0, PADDED)
    k = start + tl.arange(0, BLOCK_K)
    fetched = fetch_weights(weight, n, outs, start, K, BLOCK_K, FOUR_BIT)
    mine = (r < ROWS)[:, None] & (k < K)[None, :]
    given = tl.load(inner + r[:, None] * WIDTH + k[None, :], mask=mine, other=0)
    return add_products(sums, given, fetched, weight, ROWS, BLOCK_N, BLOCK_K, FOUR_BIT)


@triton.jit
def route(rows, norm, weight, lengths, logits, shares, active, count, counter, nobody, epsilon, factor,
          K: tl.constexpr, EXPERTS: tl.constexpr, CHOSEN: tl.constexpr, ROWS: tl.constexpr,
          BLOCK_E: tl.constexpr, BLOCK_K: tl.constexpr, EARLY: tl.constexpr):  # fmt: skip
    """Each page's share in each expert [rows, EXPERTS]; who has any are listed, and counted."""
    row = tl.program_id(0)
    e = tl.program_id(1) * BLOCK_E + tl.arange(0, BLOCK_E)
    k = tl.arange(0, BLOCK_K)
    coming = tl.load(weight + e[:, None] * K + k[None, :], mask=(k < K)[None, :], other=0)
    wait(EARLY)
    total = tl.zeros([BLOCK_E, BLOCK_K], tl.float32)
    squares = tl.zeros([BLOCK_K], tl.float32)
    for _ in range(0, K, BLOCK_K):
        given = tl.load(rows + row * K + k, mask=k < K, other=0).to(tl.float32)
        squares += given * given
        if ROWS == 1:
            given *= tl.load(norm + k, mask=k < K, other=0).to(tl.float32)
        weights = coming
        k += BLOCK_K
        coming = tl.load(weight + e[:, None] * K + k[None, :], mask=(k < K)[None, :], other=0)
        total += weights * given[None, :]
    scale = tl.rsqrt(tl.sum(squares) / K + epsilon) if ROWS == 1 else 1.0
    tl.store(logits + row * EXPERTS + e, tl.sum(total, 1) * scale)
    if is_last(counter, ROWS * (EXPERTS // BLOCK_E)):
        _choose(lengths, logits, shares, active, count, nobody, factor, EXPERTS, CHOSEN, ROWS)


@triton.jit
def _choose(lengths, logits, shares, active, count, nobody, factor, EXPERTS: tl.constexpr,
            CHOSEN: tl.constexpr, ROWS: tl.constexpr):  # fmt: skip
    r = tl.arange(0, ROWS)
    e = tl.arange(0, EXPERTS)
    at = r[:, None] * EXPERTS + e[None, :]
    scores = tl.load(logits + at, cache_modifier=".cg")
    scores = tl.exp(scores - tl.max(scores, 1)[:, None])
    scores = scores / tl.sum(scores, 1)[:, None]
    left = scores
    kept = tl.zeros([ROWS, EXPERTS], tl.float32)
    for _ in tl.static_range(CHOSEN):
        hit = e[None, :] == tl.argmax(left, 1)[:, None]
        kept = tl.where(hit, scores * factor, kept)
        left = tl.where(hit, -1.0, left)
    somebody = tl.load(lengths + r) != nobody
    kept = tl.where(somebody[:, None], kept, 0.0)
    tl.store(shares + at, kept)
    used = (tl.max(kept, 0) > 0).to(tl.int32)
    tl.store(active + tl.cumsum(used, 0) - 1, e, mask=used > 0)
    tl.store(count, tl.sum(used))
