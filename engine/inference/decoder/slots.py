"""Room for what several pages have said, of one shape, so that a step can be recorded and played again.

A page has a slot: its row in every step, and its keys and values at a place that does not move while the
room is as large as it is. Slots that nobody has are taken again, lowest first.
"""

import weakref
from dataclasses import dataclass

from torch import Tensor

from papertray.engine.inference.decoder.attention import PageContext

SMALLEST = 2048
"""Tokens that a slot holds at first; where a page says more, all get twice as much."""


@dataclass(eq=False, slots=True, weakref_slot=True)
class SlotContext:
    """A page that has a slot: `length` tokens are kept of it, the next one stands at `next_place`.

    The first `prompt` of them are what was asked; of the others the one at `oldest` was said first.
    """

    slot: int
    length: int
    next_place: int
    prompt: int
    oldest: int = 0

    def go(self, tokens: int) -> None:
        self.length += tokens
        self.next_place += tokens


class SlotRoom:
    """`kept` is [layers, keys or values, slots, heads, tokens, depth]; the last token is nobody's.

    Rows of a step that belong to no page write there.
    """

    def __init__(self, layers: int, heads: int, depth: int, like: Tensor) -> None:
        self._shape = layers, heads, depth
        self._owners: list[weakref.ref[SlotContext] | None] = []
        self.kept = like.new_zeros(layers, 2, 0, heads, 0, depth)

    @property
    def slots(self) -> int:
        return len(self._owners)

    @property
    def tokens(self) -> int:
        """How many a page can have."""
        return max(0, self.kept.shape[4] - 1)

    def make_slots(self, slots: int, tokens: int) -> None:
        """Of pages that nobody has."""
        self._owners += [None] * slots
        self.make_room(tokens)

    def take(self, page: PageContext) -> SlotContext:
        """What was read of a page moves into a slot; nothing of an earlier page is left there."""
        free = (slot for slot, owner in enumerate(self._owners) if owner is None or owner() is None)
        slot = next(free, self.slots)
        if slot == self.slots:
            self._owners += [None] * max(1, self.slots)
        context = SlotContext(slot, page.length, page.next_place, page.prompt)
        self._owners[slot] = weakref.ref(context)
        self.make_room(page.length + 1)
        mine = self.kept[:, :, slot]
        mine.zero_()  # what is behind a page's end is multiplied by nothing, and must be a number
        mine[..., : page.length, :] = page.kept
        return context

    def forget_far(self, page: SlotContext, window: int) -> None:
        """What the next token cannot see any more. Where a token lies makes no difference to what it says."""
        if page.length - page.prompt < window:
            return
        mine = self.kept[:, :, page.slot]
        mine[..., page.prompt + page.oldest, :] = mine[..., page.length - 1, :]
        page.oldest = (page.oldest + 1) % (window - 1)
        page.length -= 1

    def make_room(self, tokens: int) -> None:
        """For so many of each page. Where there is not enough, everything moves, to twice the room."""
        wanted = self.tokens or SMALLEST
        while wanted < tokens:
            wanted *= 2
        if (self.slots, wanted) == (self.kept.shape[2], self.tokens):
            return
        layers, heads, depth = self._shape
        larger = self.kept.new_zeros(layers, 2, self.slots, heads, wanted + 1, depth)
        larger[:, :, : self.kept.shape[2], :, : self.tokens] = self.kept[..., : self.tokens, :]
        self.kept = larger
