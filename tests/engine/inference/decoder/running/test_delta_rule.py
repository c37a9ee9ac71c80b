"""A prompt by chunks leaves the memory that its tokens leave one by one."""

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from papertray.engine.inference.decoder.running.delta_rule import (
    CHUNK,
    TokenSignals,
    invert_triangles,
    take_prompt,
    take_token,
)

HEADS, DEPTH, WIDTH = 3, 16, 8


def signals(count: int) -> TokenSignals:
    """Heads that forget at once, slowly and never."""
    drawn = torch.Generator().manual_seed(count)
    queries, keys = (torch.randn(count, HEADS, DEPTH, generator=drawn) for _ in range(2))
    staying = -torch.rand(count, HEADS, generator=drawn) * torch.tensor([30.0, 0.1, 0.0])
    return TokenSignals(
        functional.normalize(queries, dim=-1),
        functional.normalize(keys, dim=-1),
        torch.randn(count, HEADS, WIDTH, generator=drawn),
        staying,
        torch.rand(count, HEADS, generator=drawn),
    )


def part(whole: TokenSignals, which: slice) -> TokenSignals:
    each: list[Tensor] = [getattr(whole, name)[which] for name in TokenSignals.__dataclass_fields__]
    return TokenSignals(*each)


@pytest.mark.parametrize("count", [2, CHUNK, CHUNK + 1, 3 * CHUNK - 5])
def test_a_prompt_is_its_tokens_one_by_one(count: int) -> None:
    """Into a memory that holds something already."""
    said, before = (
        signals(count),
        torch.randn(HEADS, DEPTH, WIDTH, generator=torch.Generator().manual_seed(1)),
    )
    together, one_by_one = before.clone(), before.clone()
    heard = take_prompt(together, said)
    expected = [take_token(one_by_one, part(said, slice(at, at + 1))) for at in range(count)]
    torch.testing.assert_close(heard, torch.cat(expected), atol=2e-5, rtol=1e-4)
    torch.testing.assert_close(together, one_by_one, atol=2e-5, rtol=1e-4)


def test_a_system_of_tokens_that_all_say_the_same_is_solved() -> None:
    """Its powers grow beyond all numbers; its inverse does not."""
    below = torch.ones(CHUNK, CHUNK).tril(-1)
    inverse = invert_triangles(below[None])[0]
    torch.testing.assert_close(inverse, torch.eye(CHUNK) - torch.diag(torch.ones(CHUNK - 1), -1))
