"""A decoder with a running state: one pass over its layers for rows of several pages, on any device."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import torch
from torch import Tensor

from papertray.engine.inference.decoder.attention import AttentionKind, PageContext
from papertray.engine.inference.decoder.layers import Rotary, sign_angles
from papertray.engine.inference.decoder.projections import Projection
from papertray.engine.inference.decoder.running.layers import (
    CentredNorm,
    DeltaKind,
    DeltaState,
    RunningContext,
    RunningLayer,
    RunningPages,
)
from papertray.engine.inference.finite import TokenReading


@dataclass(frozen=True, slots=True)
class RunningDecoder:
    """`looking` of its layers look back, `remembering` have a state, where a row meets `reach` earlier ones.

    `embed` gives the rows of token ids, `rotary` the angles of places.
    """

    looking: int
    remembering: int
    reach: int
    kind: AttentionKind
    delta: DeltaKind
    layers: tuple[RunningLayer, ...]
    norm: CentredNorm
    head: Projection
    embed: Callable[[Tensor], Tensor]
    rotary: Rotary
    longest_draft: int = 0

    @property
    def device(self) -> torch.device:
        return self.norm.weight.device

    @property
    def bytes_a_token(self) -> int:
        """What is kept of a token while its page is read."""
        return 2 * self.looking * self.kind.shared_heads * self.kind.depth * self.norm.dtype.itemsize

    @property
    def bytes_a_page(self) -> int:
        """What is kept of a page, however much it says."""
        memory = self.delta.heads * self.delta.key_depth * self.delta.depth * torch.float32.itemsize
        return self.remembering * (memory + self.reach * self.delta.channels * self.norm.dtype.itemsize)

    def begin(self, inputs: Mapping[str, Tensor]) -> tuple[RunningContext, Tensor]:
        """Take in a page's prompt; gives the scores [1, vocabulary] of the token that comes after it."""
        rows = inputs["inputs_embeds"][0] if "inputs_embeds" in inputs else self.embed(inputs["input_ids"][0])
        context = self._new_context()
        answer = self._pass(rows, [(context, len(rows))])
        return context, self._scores(answer[-1:])

    def step(self, contexts: Sequence[RunningContext], tokens: Sequence[Sequence[int]]) -> Tensor:
        """Take in one or more tokens of each page; gives the scores after each [tokens, vocabulary]."""
        rows = self.embed(torch.tensor(list(chain.from_iterable(tokens)), device=self.device))
        return self._scores(self._pass(rows, list(zip(contexts, map(len, tokens), strict=True))))

    def forget(self, _context: RunningContext, tokens: int) -> None:
        """What a state has heard it cannot unhear."""
        assert not tokens, "nothing is drafted"

    def foresee(self, contexts: Sequence[RunningContext], said: TokenReading) -> None:
        """Nothing is begun that was not asked for."""

    def _new_context(self) -> RunningContext:
        delta, like = self.delta, self.norm.weight
        states = [
            DeltaState(
                like.new_zeros(self.reach, delta.channels, dtype=self.norm.dtype),
                like.new_zeros(delta.heads, delta.key_depth, delta.depth),
            )
            for _ in range(self.remembering)
        ]
        return RunningContext(PageContext(self.looking), states)

    def _pass(self, rows: Tensor, pages: RunningPages) -> Tensor:
        kept = rows.new_empty(0, dtype=self.norm.dtype)
        places: list[int] = []
        for context, count in pages:
            places += range(context.attention.length, context.attention.length + count)
            context.attention.make_room(count, kept, self.kind.shared_heads, self.kind.depth)
        where = torch.tensor(places, device=self.device)[None, None]
        angles = sign_angles(self.rotary(rows.to(self.norm.dtype)[None], where), self.kind.neighbours)
        rows = rows.float() if self.norm.dtype == torch.float16 else rows
        for layer in self.layers:
            rows = layer.answer(rows, angles, pages)
        for context, count in pages:
            context.attention.length += count
        return rows

    def _scores(self, rows: Tensor) -> Tensor:
        return self.head.multiply(self.head.prepare(self.norm.scale(rows)))
