"""Take the best token of each row of scores, and notice where the scores are no numbers.

A number that outgrows its format becomes infinite, and what is computed with it soon means nothing: a model
then says the same token until its budget ends. The page is not to blame for that, nor would another try help.
Scores go in, token ids come out; the device is read once for all rows together.
"""

from functools import cached_property

import torch
from torch import Tensor

from papertray.engine.errors import ReaderError

NOT_FINITE = -1
"""Stands in the place of a token on the device, where an answer and a fault have to share one read."""


class NumbersOverflowed(ReaderError):
    """`row` is where it happened, as a device row is written; empty while only the model is known."""

    def __init__(self, row: str = "") -> None:
        super().__init__(
            f"The model's numbers overflowed{f' on {row}' if row else ''}, so what it says means nothing."
            " The page is not to blame.",
            "Its files may be damaged: `papertray models verify` looks at them. Or choose another model,"
            " or engine.dtype float32.",
        )


def best_tokens(scores: Tensor, allowed: Tensor | None = None) -> Tensor:
    """`scores` [rows, vocabulary] as the model gave them, `allowed` the same without what a rule forbids.

    Stays on the device. Where a row has a score that is no finite number, its token is `NOT_FINITE`.
    """
    tokens = (scores if allowed is None else allowed).argmax(-1)
    return torch.where(scores.isfinite().all(-1), tokens, NOT_FINITE)


class TokenReading:
    """`tokens` on their way from the device, which goes on meanwhile."""

    def __init__(self, tokens: Tensor) -> None:
        self.tokens = tokens
        self._copy, self._arrived = tokens, None
        if tokens.is_cuda:
            self._copy = torch.empty(tokens.shape, dtype=tokens.dtype, pin_memory=True)
            self._copy.copy_(tokens, non_blocking=True)
            self._arrived = torch.cuda.Event()  # type: ignore[no-untyped-call]
            self._arrived.record()

    @cached_property
    def numbers(self) -> list[int]:
        """Waits for them."""
        if self._arrived is not None:
            self._arrived.synchronize()
        return read_tokens(self._copy)


def read_tokens(tokens: Tensor) -> list[int]:
    """The one read of the device in a step. One row without numbers speaks against the model as it runs."""
    read: list[int] = tokens.tolist()
    if NOT_FINITE in read:
        raise NumbersOverflowed
    return read
