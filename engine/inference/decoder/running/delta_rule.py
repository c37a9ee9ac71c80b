"""The gated delta rule: a memory that fades, and in which each token puts right what it finds wrong.

Queries and keys [tokens, heads, depth of keys], values [tokens, heads, depth of values], and for each token
and head [tokens, heads] how much of the memory stays (the logarithm of it) and how much of a difference is
written. All in float32, for a memory adds up over thousands of tokens. A prompt goes in by chunks, whose
tokens are worked out together, a token by the rule itself. No operator is used that a device may lack.
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

CHUNK = 64
"""Tokens that are worked out together: a power of two."""


@dataclass(frozen=True, slots=True)
class TokenSignals:
    """What the tokens of a page ask, look for and say, and what they do to its memory."""

    queries: Tensor
    keys: Tensor
    values: Tensor
    staying: Tensor
    writing: Tensor


def take_token(memory: Tensor, token: TokenSignals) -> Tensor:
    """Into `memory` [heads, depth of keys, depth of values], in place; gives what it hears of it."""
    memory.mul_(token.staying[0].exp()[:, None, None])
    key = token.keys[0].unsqueeze(1)
    wrong = (token.values[0].unsqueeze(1) - key @ memory) * token.writing[0][:, None, None]
    memory.addcmul_(key.mT, wrong)
    return (token.queries[0].unsqueeze(1) @ memory).transpose(0, 1)


def take_prompt(memory: Tensor, prompt: TokenSignals) -> Tensor:
    """All its tokens into `memory`, in place; gives what each hears [tokens, heads, depth of values].

    Within a chunk each token finds wrong what those before it have not put right: a system of equations whose
    inverse is the same whatever the memory is.
    """
    queries, keys, values = (_by_chunk(each) for each in (prompt.queries, prompt.keys, prompt.values))
    stayed = _by_chunk(prompt.staying.unsqueeze(-1)).cumsum(-2)
    writing = _by_chunk(prompt.writing.unsqueeze(-1))
    between = (stayed - stayed.mT).tril().exp().tril()  # of what one wrote, what another still finds
    correcting = invert_triangles((writing * (keys @ keys.mT) * between).tril(-1))
    looking = queries @ keys.mT * between
    finding = torch.stack((writing * keys, queries)) * stayed.exp()
    left, leaving = stayed[..., -1:, :].exp(), keys * (stayed[..., -1:, :] - stayed).exp()
    heard = torch.empty_like(values)
    for chunk in range(values.shape[1]):
        found, asked = finding[:, :, chunk] @ memory
        written = correcting[:, chunk] @ (writing[:, chunk] * values[:, chunk] - found)
        heard[:, chunk] = asked + looking[:, chunk] @ written
        memory.mul_(left[:, chunk]).add_(leaving[:, chunk].mT @ written)
    return heard.flatten(1, 2)[:, : len(prompt.values)].transpose(0, 1)


def invert_triangles(below: Tensor) -> Tensor:
    """Of matrices [..., n, n] with ones on the diagonal and `below` under it; n is a power of two.

    Halves are inverted first, then what joins them: as exact as putting in one line after the other.
    """
    size, half = below.shape[-1], 1
    inverse = torch.eye(size, dtype=below.dtype, device=below.device).expand_as(below).clone()
    while half < size:
        for start in range(0, size, 2 * half):
            upper, lower = slice(start, start + half), slice(start + half, start + 2 * half)
            joining = inverse[..., lower, lower] @ below[..., lower, upper] @ inverse[..., upper, upper]
            inverse[..., lower, upper] = -joining
        half *= 2
    return inverse


def _by_chunk(numbers: Tensor) -> Tensor:
    """[heads, chunks, tokens, depth]; tokens that fill up the last chunk are zeros, and change nothing."""
    tokens, heads, depth = numbers.shape
    filled = functional.pad(numbers.transpose(0, 1), (0, 0, 0, -tokens % CHUNK))
    return filled.reshape(heads, -1, CHUNK, depth)
