"""Weights as a card's kernels take them, in Triton: whole, or in nf4 as bitsandbytes packs it.

A weight is a tuple: its numbers alone, or packed numbers, a scale for 64 of them in 8 bits, the scale and the
offset of 256 such scales, and the two tables that all these are looked up in, one after the other.
"""

import triton
import triton.language as tl


@triton.jit
def shift_weight(weight, numbers, FOUR_BIT: tl.constexpr):
    """The weight that begins so many numbers further on."""
    if FOUR_BIT:
        groups = numbers // 16384
        return (
            weight[0] + numbers // 2,
            weight[1] + numbers // 64,
            weight[2] + groups,
            weight[3] + groups,
            weight[4],
        )
    else:
        return (weight[0] + numbers,)


@triton.jit
def fetch_weights(weight, n, outs, start, K: tl.constexpr, BLOCK_K: tl.constexpr, FOUR_BIT: tl.constexpr):
    """Of lines `n` of [outs, K] the numbers from `start`, as they are kept."""
    line = n[:, None] * K
    wanted = (n < outs)[:, None]
    if FOUR_BIT:
        at = start + tl.arange(0, BLOCK_K // 2)[None, :] * 2
        packed = tl.load(weight[0] + (line + at) // 2, mask=wanted & (at < K), other=0)
        at = start + tl.arange(0, BLOCK_K // 64)[None, :] * 64
        inside = wanted & (at < K)
        block = (line + at) // 64
        small = tl.load(weight[1] + block, mask=inside, other=0).to(tl.int32)
        above = tl.load(weight[2] + block // 256, mask=inside, other=0)
        offset = tl.load(weight[3] + block // 256, mask=inside, other=0)
        return packed, tl.load(weight[4] + 16 + small) * above + offset
    else:
        at = start + tl.arange(0, BLOCK_K)[None, :]
        return (tl.load(weight[0] + line + at, mask=wanted & (at < K), other=0),)


@triton.jit
def begin_sums(
    ROWS: tl.constexpr,
    PADDED: tl.constexpr,
    BLOCK_N: tl.constexpr,
    BLOCK_K: tl.constexpr,
    FOUR_BIT: tl.constexpr,
):
    """One row is multiplied number by number and summed at the end, several by matrix units."""
    if ROWS == 1:
        return tl.zeros([BLOCK_N, BLOCK_K // (64 if FOUR_BIT else 1)], tl.float32)
    else:
        return tl.zeros([PADDED, BLOCK_N], tl.float32)


@triton.jit
def add_products(
    sums,
    rows,
    fetched,
    weight,
    ROWS: tl.constexpr,
    BLOCK_N: tl.constexpr,
    BLOCK_K: tl.constexpr,
    FOUR_BIT: tl.constexpr,
):
    """`rows` [padded, BLOCK_K] are what these weights are multiplied with."""
    if FOUR_BIT:
        high = tl.load(weight[4] + (fetched[0] >> 4).to(tl.int32))
        low = tl.load(weight[4] + (fetched[0] & 15).to(tl.int32))
        if ROWS == 1:
            even, odd = tl.split(tl.reshape(rows.to(tl.float32), [1, BLOCK_K // 2, 2]))
            products = tl.reshape(high * even + low * odd, [BLOCK_N, BLOCK_K // 64, 32])
            return sums + tl.sum(products, 2) * fetched[1]
        else:
            blocks = tl.reshape(tl.interleave(high, low), [BLOCK_N, BLOCK_K // 64, 64])
            whole = tl.reshape(blocks * fetched[1][:, :, None], [BLOCK_N, BLOCK_K]).to(rows.dtype)
            return tl.dot(rows, tl.trans(whole), sums, input_precision="ieee")
    elif ROWS == 1:
        return sums + fetched[0].to(tl.float32) * rows.to(tl.float32)
    else:
        return tl.dot(rows, tl.trans(fetched[0]), sums, input_precision="ieee")


@triton.jit
def end_sums(sums, ROWS: tl.constexpr):
    """[padded, BLOCK_N]."""
    if ROWS == 1:
        return tl.sum(sums, 1)[None, :]
    else:
        return sums
