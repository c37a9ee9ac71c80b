"""How a card looks back at what a page has said, in Triton: the newest token is turned, kept, and attends.

A page's tokens are looked at in parts, side by side; the part that is done last puts them together.
"""

import triton
import triton.language as tl

from papertray.engine.inference.decoder.card.kernels import is_last, wait


@triton.jit
def _turned(numbers, place, cosines, sines, d, DEPTH: tl.constexpr, NEIGHBOURS: tl.constexpr):
    """Of heads that begin at `numbers` [heads, 1]."""
    if NEIGHBOURS:
        other = d ^ 1
    else:
        other = (d + DEPTH // 2) % DEPTH
    cosine = tl.load(cosines + place * DEPTH + d).to(tl.float32)
    sine = tl.load(sines + place * DEPTH + d).to(tl.float32)
    straight = tl.load(numbers + d[None, :]).to(tl.float32)
    return straight * cosine[None, :] + tl.load(numbers + other[None, :]).to(tl.float32) * sine[None, :]


@triton.jit
def look_at_slots(product, cosines, sines, lengths, places, keys, values, seen, parts, tops, sums, counters,
              slot_stride, head_stride, nobody, scaling, HEADS: tl.constexpr, SHARED: tl.constexpr,
              DEPTH: tl.constexpr, PADDED: tl.constexpr, BLOCK_T: tl.constexpr, SPLITS: tl.constexpr,
              NEIGHBOURS: tl.constexpr, EARLY: tl.constexpr):  # fmt: skip
    """`product` [rows, queries, keys and values of all heads]; gives `seen` [rows, heads, DEPTH]."""
    GROUP: tl.constexpr = HEADS // SHARED
    row = tl.program_id(0)
    head = tl.program_id(1)
    part = tl.program_id(2)
    d = tl.arange(0, DEPTH)
    t = tl.arange(0, BLOCK_T)
    wait(EARLY)
    length = tl.load(lengths + row)
    place = tl.load(places + row)
    mine = product + row * ((HEADS + 2 * SHARED) * DEPTH)
    group = tl.minimum(tl.arange(0, PADDED), GROUP - 1)
    at = mine + (head * GROUP + group)[:, None] * DEPTH
    kind = keys.dtype.element_ty
    queries = _turned(at, place, cosines, sines, d, DEPTH, NEIGHBOURS).to(kind)
    start = row.to(tl.int64) * slot_stride + head * head_stride
    keys += start
    values += start
    visible = tl.where(length == nobody, 0, length).to(tl.int32)
    chunk = tl.cdiv(visible, SPLITS * BLOCK_T) * BLOCK_T
    end = tl.minimum(visible, (part + 1) * chunk)
    top = tl.full([PADDED], float("-inf"), tl.float32)
    all_weights = tl.zeros([PADDED], tl.float32)
    total = tl.zeros([PADDED, DEPTH], tl.float32)
    for begin in range(part * chunk, end, BLOCK_T):
        here = (begin + t < end)[:, None]
        places_in = (begin + t)[:, None] * DEPTH + d[None, :]
        near = tl.dot(
            queries, tl.trans(tl.load(keys + places_in, mask=here, other=0)), input_precision="ieee"
        )
        near = tl.where(tl.trans(here), near * scaling, float("-inf"))
        higher = tl.maximum(top, tl.max(near, 1))
        weights = tl.exp(near - higher[:, None])
        less = tl.exp(top - higher)
        all_weights = all_weights * less + tl.sum(weights, 1)
        said = tl.load(values + places_in, mask=here, other=0)
        total = tl.dot(weights.to(kind), said, total * less[:, None], input_precision="ieee")
        top = higher
    if part == SPLITS - 1:  # the newest token itself, which is kept as well
        key, value = _keep(mine, keys, values, length, place, cosines, sines, head, d, HEADS, SHARED, DEPTH,
                           NEIGHBOURS)  # fmt: skip
        near = tl.sum(queries.to(tl.float32) * key.to(tl.float32), 1) * scaling
        higher = tl.maximum(top, near)
        weight = tl.exp(near - higher)
        less = tl.exp(top - higher)
        all_weights = all_weights * less + weight
        total = total * less[:, None] + weight[:, None] * value.to(tl.float32)
        top = higher
    _hand_over(total, all_weights, top, seen, parts, tops, sums, counters, row, head, part, d, GROUP, SHARED,
               DEPTH, PADDED, SPLITS)  # fmt: skip


@triton.jit
def _keep(mine, keys, values, length, place, cosines, sines, head, d, HEADS: tl.constexpr,
          SHARED: tl.constexpr, DEPTH: tl.constexpr, NEIGHBOURS: tl.constexpr):  # fmt: skip
    """Key and value of the newest token go into its page's slot."""
    at = mine + (HEADS + head + tl.arange(0, 1))[:, None] * DEPTH
    key = _turned(at, place, cosines, sines, d, DEPTH, NEIGHBOURS).to(keys.dtype.element_ty)
    value = tl.load(at + SHARED * DEPTH + d[None, :])
    newest = length * DEPTH + d[None, :]
    tl.store(keys + newest, key)
    tl.store(values + newest, value)
    return key, value


@triton.jit
def _hand_over(total, all_weights, top, seen, parts, tops, sums, counters, row, head, part, d,
               GROUP: tl.constexpr, SHARED: tl.constexpr, DEPTH: tl.constexpr, PADDED: tl.constexpr,
               SPLITS: tl.constexpr):  # fmt: skip
    pair = row * SHARED + head
    g = tl.arange(0, PADDED)
    if SPLITS == 1:
        out = seen + (pair * GROUP + g)[:, None] * DEPTH + d[None, :]
        tl.store(out, (total / all_weights[:, None]).to(seen.dtype.element_ty), mask=(g < GROUP)[:, None])
    else:
        line = (pair * SPLITS + part) * GROUP + g
        tl.store(tops + line, top, mask=g < GROUP)
        tl.store(sums + line, all_weights, mask=g < GROUP)
        tl.store(parts + line[:, None] * DEPTH + d[None, :], total, mask=(g < GROUP)[:, None])
        if is_last(counters + pair, SPLITS):
            _join(parts, tops, sums, seen, pair, pair * GROUP, d, GROUP, DEPTH, SPLITS)


@triton.jit
def _join(parts, tops, sums, seen, pair, first, d, GROUP: tl.constexpr, DEPTH: tl.constexpr,
          SPLITS: tl.constexpr):  # fmt: skip
    for each in tl.static_range(GROUP):
        line = (pair * SPLITS + tl.arange(0, SPLITS)) * GROUP + each
        top = tl.load(tops + line, cache_modifier=".cg")
        less = tl.exp(top - tl.max(top, 0))
        together = tl.sum(tl.load(sums + line, cache_modifier=".cg") * less, 0)
        part = tl.load(parts + line[:, None] * DEPTH + d[None, :], cache_modifier=".cg")
        answer = tl.sum(part * less[:, None], 0) / together
        tl.store(seen + (first + each) * DEPTH + d, answer.to(seen.dtype.element_ty))
