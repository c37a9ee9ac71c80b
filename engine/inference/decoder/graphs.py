"""A decoder for cards: a step has a fixed shape, is recorded once and played again for every token.

A step of a small model is hundreds of short calls, and a card would wait for the processor before each. All
that changes from step to step is written into a few rows of numbers; the rest is played by the card alone.
Prompts go the way of `layers`. Pages have slots (`slots`); rows without a page are computed and left.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor

from papertray.engine.inference.decoder.layers import Angles, LayerDecoder
from papertray.engine.inference.decoder.slots import SlotContext, SlotRoom

TRIALS = 2
STRIDE = 1024
"""A step looks back so many tokens, or a multiple of it: each has a record of its own."""

Play = Callable[[], None]
Recorder = Callable[[Play], Play]
"""Takes a step that reads and writes fixed places, gives what does it again."""


@dataclass(frozen=True, slots=True)
class RecordedStep:
    """`inputs` [rows, width] and `changing` [lengths, places; rows] are read by `play`, `scores` written."""

    inputs: Tensor
    changing: Tensor
    scores: Tensor
    play: Play


class SlotDecoder:
    """The same decoder as `layers`, of as many pages as have begun."""

    def __init__(self, layers: LayerDecoder, recorder: Recorder) -> None:
        self._layers = layers
        self._recorder = recorder
        kind, weight = layers.kind, layers.norm.weight
        self._room = SlotRoom(len(layers.layers), kind.shared_heads, kind.depth, weight)
        self._steps: dict[tuple[int, int], RecordedStep] = {}
        self._angles: Angles | None = None

    @property
    def longest_draft(self) -> int:
        """A step has one token of each page."""
        return 0

    @property
    def bytes_a_token(self) -> int:
        return self._layers.bytes_a_token

    @property
    def _place(self) -> torch.device:
        return self._room.kept.device

    def begin(self, inputs: Mapping[str, Tensor]) -> tuple[SlotContext, Tensor]:
        page, scores = self._layers.begin(inputs)
        with self._steps_of_this_room():
            context = self._room.take(page)
        return context, scores

    def step(self, contexts: Sequence[SlotContext], tokens: Sequence[Sequence[int]]) -> Tensor:
        length = 1 + max(context.length for context in contexts)
        with self._steps_of_this_room():
            self._room.make_room(length)
        recorded = self._recorded(1 + max(context.slot for context in contexts), length)
        changes = self._changes(contexts, tokens, len(recorded.inputs)).to(self._place, non_blocking=True)
        recorded.inputs.copy_(self._layers.embed(changes[0]))
        recorded.changing.copy_(changes[1:])
        recorded.play()
        slots = [context.slot for context in contexts]
        if slots == list(range(len(slots))):
            return recorded.scores[: len(slots)]
        return recorded.scores[torch.tensor(slots, device=self._place)]

    def forget(self, context: SlotContext, tokens: int) -> None:
        """Nothing is drafted."""

    def _changes(self, contexts: Sequence[SlotContext], tokens: Sequence[Sequence[int]], rows: int) -> Tensor:
        changes = torch.zeros(3, rows, dtype=torch.long, pin_memory=self._room.kept.is_cuda)
        numbers = changes.numpy()
        numbers[1] = self._room.tokens
        for context, (token,) in zip(contexts, tokens, strict=True):
            numbers[:, context.slot] = token, context.length, context.next_place
            context.length += 1
            context.next_place += 1
        return changes

    @contextmanager
    def _steps_of_this_room(self) -> Iterator[None]:
        """What was recorded looks at places: where they have moved, it is worth nothing."""
        before = self._room.kept
        yield
        if self._room.kept is not before:
            self._steps.clear()
            self._angles = None

    def _recorded(self, rows: int, tokens: int) -> RecordedStep:
        """They have few sizes, so that few are recorded."""
        rows = 1 << (rows - 1).bit_length()
        reach = min(-(-tokens // STRIDE) * STRIDE, self._room.tokens)
        if (rows, reach) not in self._steps:
            self._steps[rows, reach] = self._record(rows, reach)
        return self._steps[rows, reach]

    def _record(self, rows: int, reach: int) -> RecordedStep:
        inputs = self._layers.embed(torch.zeros(rows, dtype=torch.long, device=self._place))
        changing = torch.full((2, rows), self._room.tokens, device=self._place)  # where nobody looks
        scores = torch.empty_like(self._compute(inputs, changing, reach))

        def compute() -> None:
            scores.copy_(self._compute(inputs, changing, reach))

        return RecordedStep(inputs, changing, scores, self._recorder(compute))

    def _compute(self, hidden: Tensor, changing: Tensor, reach: int) -> Tensor:
        lengths, places = changing
        cosines, sines = self._angles_of_places()
        angles = cosines[places], sines[places]
        rows = torch.arange(len(hidden), device=lengths.device)
        behind = torch.arange(reach, device=lengths.device) > lengths.unsqueeze(1)
        hiding = torch.zeros(behind.shape, dtype=hidden.dtype, device=behind.device)
        hiding = hiding.masked_fill_(behind, float("-inf")).repeat_interleave(
            self._layers.kind.shared_heads, 0
        )
        for number, layer in enumerate(self._layers.layers):
            turned, values = self._layers.turned_heads(layer, hidden, angles)
            keys_kept, values_kept = self._room.kept[number, :, : len(rows)]
            keys_kept[rows, :, lengths] = turned[:, self._layers.kind.heads :]
            values_kept[rows, :, lengths] = values
            queries = turned[:, : self._layers.kind.heads]
            seen = self._look_back(queries, keys_kept[:, :, :reach], values_kept[:, :, :reach], hiding)
            hidden = layer.answer(hidden, layer.out.multiply(layer.out.prepare(seen)))
        return self._layers.scores(hidden)

    def _look_back(self, queries: Tensor, keys: Tensor, values: Tensor, hiding: Tensor) -> Tensor:
        """`queries` [rows, heads, depth], the others [rows, shared heads, tokens, depth]."""
        kind = self._layers.kind
        sharing = queries.reshape(len(hiding), -1, kind.depth)
        near = torch.baddbmm(hiding.unsqueeze(1), sharing, keys.flatten(0, 1).mT, alpha=kind.scaling)
        weights = near.softmax(-1, dtype=torch.float32).to(values.dtype)
        return torch.bmm(weights, values.flatten(0, 1)).reshape(len(queries), -1)

    def _angles_of_places(self) -> Angles:
        """Of every place that a token can have, made once: angles are the same for all layers and pages."""
        if self._angles is None:
            places = torch.arange(self._room.tokens + 1, device=self._place)[None]
            like = self._room.kept.new_empty(places.shape[1], self._layers.norm.weight.shape[0])
            self._angles = self._layers.angles(like, places)
        return self._angles


def play_by_card(step: Play) -> Play:
    """Recorded by CUDA. What libraries set up at a first call is set up by trial runs."""
    beside = torch.cuda.Stream()  # type: ignore[no-untyped-call]
    beside.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(beside):
        for _ in range(TRIALS):
            step()
    torch.cuda.current_stream().wait_stream(beside)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph, capture_error_mode="thread_local"):  # others may ask how much memory is free
        step()
    return graph.replay


def play_by_processor(step: Play) -> Play:
    """The same, call by call: for devices that record nothing."""
    return step
