"""A decoder as values: its layers with their projections, and one pass over them for rows of several pages.

A page's rows are its whole prompt, or its newest tokens. Pages do not see each other.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional

from papertray.engine.inference.decoder.attention import AttentionKind, PageContext, look_at_prompt
from papertray.engine.inference.decoder.compiled import FewRows, Pages
from papertray.engine.inference.decoder.eight_bit import CompiledProjection
from papertray.engine.inference.decoder.feed_forward import FeedForwardKind
from papertray.engine.inference.decoder.projections import Projection
from papertray.engine.inference.finite import TokenReading


@dataclass(frozen=True, slots=True)
class Norm:
    weight: Tensor
    epsilon: float

    def scale(self, rows: Tensor) -> Tensor:
        """In float32 inside, as the library does it; on a card in one call instead of five."""
        if self.weight.is_cuda:
            return functional.rms_norm(rows, self.weight.shape, self.weight, self.epsilon)
        scaled = functional.rms_norm(rows.float(), self.weight.shape, eps=self.epsilon)
        return self.weight * scaled.to(rows.dtype)


@dataclass(frozen=True, slots=True)
class DecoderLayer:
    """`after_attention` and `after_feed_forward` are norms that only some models have.

    So are `of_queries` and `of_keys`, which scale each head by itself before it is turned.
    """

    before_attention: Norm
    queries_keys_values: Projection
    of_queries: Norm | None
    of_keys: Norm | None
    out: Projection
    after_attention: Norm | None
    before_feed_forward: Norm
    feed_forward: FeedForwardKind
    after_feed_forward: Norm | None

    def answer(self, rows: Tensor, seen: Tensor) -> Tensor:
        """`seen` is what its attention says of these rows."""
        rows = rows + (self.after_attention.scale(seen) if self.after_attention else seen)
        answer = self.feed_forward.answer(self.before_feed_forward.scale(rows))
        return rows + (self.after_feed_forward.scale(answer) if self.after_feed_forward else answer)


LONGEST_DRAFT = 32
"""So many rows cost as much as a step that brings them all can be worth."""

Angles = tuple[Tensor, Tensor]
"""Cosines and signed sines [rows, 1, depth]."""
Rotary = Callable[[Tensor, Tensor], Angles]
"""Rows and their places [3 or 1, 1, rows] go in, cosines and sines [1, rows, depth] come out."""


class StepPass(Protocol):
    def answer(self, rows: Tensor, angles: Angles, pages: Pages) -> Tensor:
        """One pass over all layers, for pages that have been begun."""


@dataclass(frozen=True, slots=True)
class LayerDecoder:
    """`embed` gives the rows of token ids, `rotary` the angles of places.

    `whole_step` does in one go what `layers` do, where it is there.
    """

    kind: AttentionKind
    layers: tuple[DecoderLayer, ...]
    norm: Norm
    head: Projection
    embed: Callable[[Tensor], Tensor]
    rotary: Rotary
    few_rows: FewRows | None = None
    whole_step: StepPass | None = None

    @property
    def longest_draft(self) -> int:
        """What was forgotten for the tokens of a draft could not be seen again."""
        return 0 if self.kind.window else LONGEST_DRAFT

    @property
    def bytes_a_token(self) -> int:
        """What is kept of a token while its page is read."""
        numbers = 2 * len(self.layers) * self.kind.shared_heads * self.kind.depth
        return numbers * self.norm.weight.element_size()

    def begin(self, inputs: Mapping[str, Tensor]) -> tuple[PageContext, Tensor]:
        """Take in a page's prompt; gives the scores [1, vocabulary] of the token that comes after it."""
        rows = inputs["inputs_embeds"][0] if "inputs_embeds" in inputs else self.embed(inputs["input_ids"][0])
        places = inputs.get("position_ids")
        if places is None:
            places = torch.arange(len(rows), device=rows.device)[None]
        context = PageContext(len(self.layers), next_place=int(places.max()) + 1, prompt=len(rows))
        answer = self._pass(rows, places, [(context, len(rows))])
        return context, self.scores(answer[-1:])

    def step(self, contexts: Sequence[PageContext], tokens: Sequence[Sequence[int]]) -> Tensor:
        """Take in one or more tokens of each page; gives the scores after each [tokens, vocabulary]."""
        rows = self.embed(torch.tensor(list(chain.from_iterable(tokens))))
        places: list[int] = []
        for context, mine in zip(contexts, tokens, strict=True):
            if self.kind.window:
                context.forget_far(self.kind.window)
            places += range(context.next_place, context.next_place + len(mine))
            context.next_place += len(mine)
        pages = list(zip(contexts, map(len, tokens), strict=True))
        return self.scores(self._step(rows, torch.tensor([places]), pages))

    def forget(self, context: PageContext, tokens: int) -> None:
        """The last so many, as if they had not been taken in."""
        context.length -= tokens
        context.next_place -= tokens

    def foresee(self, contexts: Sequence[PageContext], said: TokenReading) -> None:
        """A processor has nothing else to do meanwhile."""

    def scores(self, rows: Tensor) -> Tensor:
        return self.head.multiply(self.head.prepare(self.norm.scale(rows)))

    def _step(self, rows: Tensor, places: Tensor, pages: Pages) -> Tensor:
        if self.whole_step is None:
            return self._pass(rows, places, pages)
        for context, count in pages:
            context.make_room(count, rows, self.kind.shared_heads, self.kind.depth)
        answer = self.whole_step.answer(rows, self.angles(rows.float(), places), pages)
        for context, count in pages:
            context.length += count
        return answer if isinstance(self.head, CompiledProjection) else answer.to(rows.dtype)

    def _pass(self, rows: Tensor, places: Tensor, pages: Pages) -> Tensor:
        angles = self.angles(rows, places)
        for context, count in pages:
            context.make_room(count, rows, self.kind.shared_heads, self.kind.depth)
        for number, layer in enumerate(self.layers):
            seen = self._attention(number, layer, rows, angles, pages)
            rows = layer.answer(rows, seen)
        for context, count in pages:
            context.length += count
        return rows

    def _attention(
        self,
        number: int,
        layer: DecoderLayer,
        rows: Tensor,
        angles: Angles,
        pages: Pages,
    ) -> Tensor:
        """What each page's new rows see of it, through the projection out of it."""
        turned, values = self.turned_heads(layer, rows, angles)
        counts = [count for _, count in pages]
        queries, keys = turned[:, : self.kind.heads], turned[:, self.kind.heads :]
        by_page = list(
            zip(pages, *(torch.split(each, counts) for each in (queries, keys, values)), strict=True)
        )
        for (context, _), _, mine, said in by_page:
            context.write(number, mine, said)
        begun = all(context.length or count == 1 for context, count in pages)
        if begun and self.few_rows and self.few_rows.can_look(queries):
            seen = self.few_rows.look_back(number, queries, pages, self.kind)
        else:
            seen = torch.cat([self._look(number, context, *page) for (context, _), *page in by_page])
        return layer.out.multiply(layer.out.prepare(seen))

    def _look(
        self, number: int, context: PageContext, queries: Tensor, keys: Tensor, values: Tensor
    ) -> Tensor:
        if context.length or len(queries) == 1:
            return context.look_back(number, queries, self.kind)
        return look_at_prompt(queries, keys, values, self.kind)

    def turned_heads(self, layer: DecoderLayer, rows: Tensor, angles: Angles) -> tuple[Tensor, Tensor]:
        """Queries and keys [rows, heads, depth], and the values."""
        kind, joined = self.kind, layer.queries_keys_values
        product = joined.multiply(joined.prepare(layer.before_attention.scale(rows)))
        by_head = product.view(len(rows), -1, kind.depth)
        scaled = _scale_heads(layer, by_head[:, : kind.heads + kind.shared_heads], kind)
        return turn_heads(scaled, angles, kind.neighbours), by_head[:, kind.heads + kind.shared_heads :]

    def angles(self, rows: Tensor, places: Tensor) -> Angles:
        return sign_angles(self.rotary(rows[None], places), self.kind.neighbours)


def sign_angles(angles: Angles, neighbours: bool) -> Angles:
    """The sign of a half is put into its sine, so that turning is two products and a sum."""
    cosines, sines = angles[0], angles[1][0].clone()
    (sines[:, 0::2] if neighbours else sines[:, : sines.shape[1] // 2]).neg_()
    return cosines[0].unsqueeze(1), sines.unsqueeze(1)


def turn_heads(heads: Tensor, angles: Angles, neighbours: bool) -> Tensor:
    """[rows, heads, depth]; what angles do not reach of a head stays as it is."""
    cosines, sines = angles
    turning = heads[..., : cosines.shape[-1]]
    if neighbours:
        swapped = turning.reshape(*turning.shape[:-1], -1, 2).flip(-1).flatten(-2)
    else:
        swapped = turning.roll(turning.shape[-1] // 2, -1)
    turned = turning * cosines + swapped * sines
    if turned.shape[-1] == heads.shape[-1]:
        return turned
    return torch.cat([turned, heads[..., turned.shape[-1] :]], -1)


def _scale_heads(layer: DecoderLayer, heads: Tensor, kind: AttentionKind) -> Tensor:
    if layer.of_queries is None or layer.of_keys is None:
        return heads
    queries, keys = heads[:, : kind.heads], heads[:, kind.heads :]
    return torch.cat([layer.of_queries.scale(queries), layer.of_keys.scale(keys)], 1)
