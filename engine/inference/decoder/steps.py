"""One step of pages in slots by torch's calls, in a fixed shape that a card can record.

Takes the rows of the newest tokens and what has changed; writes their keys and values into the slots and
gives scores. Rows without a page are computed and left.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from papertray.engine.inference.decoder.layers import Angles, LayerDecoder
from papertray.engine.inference.decoder.slots import SlotRoom


class Step(Protocol):
    def compute(self, hidden: Tensor, lengths: Tensor, places: Tensor) -> Tensor:
        """`hidden` [rows, width]; of each row how long its page is, and where its token stands."""
        ...


MakeStep = Callable[[LayerDecoder, SlotRoom, Angles, int, int], Step]
"""Of a decoder and its room: angles, rows, and how many tokens are looked back at."""


def angles_of_places(decoder: LayerDecoder, room: SlotRoom) -> Angles:
    """Of every place that a token can have: they are the same for all layers and pages."""
    places = torch.arange(room.tokens + 1, device=room.kept.device)[None]
    like = room.kept.new_empty(places.shape[1], decoder.norm.weight.shape[0])
    return decoder.angles(like, places)


@dataclass(frozen=True, slots=True)
class TorchStep:
    decoder: LayerDecoder
    room: SlotRoom
    angles: Angles
    rows: int
    reach: int

    def compute(self, hidden: Tensor, lengths: Tensor, places: Tensor) -> Tensor:
        cosines, sines = self.angles
        angles = cosines[places], sines[places]
        rows = torch.arange(len(hidden), device=lengths.device)
        hiding = self._hiding(lengths, hidden.dtype)
        heads = self.decoder.kind.heads
        for number, layer in enumerate(self.decoder.layers):
            turned, values = self.decoder.turned_heads(layer, hidden, angles)
            keys_kept, values_kept = self.room.kept[number, :, : len(rows)]
            keys_kept[rows, :, lengths] = turned[:, heads:]
            values_kept[rows, :, lengths] = values
            near = keys_kept[:, :, : self.reach], values_kept[:, :, : self.reach]
            seen = self._look_back(turned[:, :heads], *near, hiding)
            hidden = layer.answer(hidden, layer.out.multiply(layer.out.prepare(seen)))
        return self.decoder.scores(hidden)

    def _hiding(self, lengths: Tensor, dtype: torch.dtype) -> Tensor:
        """Of a row for every shared head what it may not see."""
        behind = torch.arange(self.reach, device=lengths.device) > lengths.unsqueeze(1)
        hiding = torch.zeros(behind.shape, dtype=dtype, device=behind.device)
        return hiding.masked_fill_(behind, float("-inf")).repeat_interleave(self.decoder.kind.shared_heads, 0)

    def _look_back(self, queries: Tensor, keys: Tensor, values: Tensor, hiding: Tensor) -> Tensor:
        """`queries` [rows, heads, depth], the others [rows, shared heads, tokens, depth]."""
        kind = self.decoder.kind
        sharing = queries.reshape(len(hiding), -1, kind.depth)
        near = torch.baddbmm(hiding.unsqueeze(1), sharing, keys.flatten(0, 1).mT, alpha=kind.scaling)
        weights = near.softmax(-1, dtype=torch.float32).to(values.dtype)
        return torch.bmm(weights, values.flatten(0, 1)).reshape(len(queries), -1)
