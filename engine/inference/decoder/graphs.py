"""A decoder for cards: a step has a fixed shape, is recorded once and played again for every token.

A step of a small model is hundreds of short calls, and a card would wait for the processor before each. All
that changes from step to step is written into a few rows of numbers; the rest is played by the card alone.
Prompts go the way of `layers`. Pages have slots (`slots`); a step is made of torch's calls (`steps`), or of
few of our own (`card`).
"""

import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor

from papertray.engine.inference.decoder.card.choice import choose_step
from papertray.engine.inference.decoder.layers import Angles, LayerDecoder
from papertray.engine.inference.decoder.slots import SlotContext, SlotRoom
from papertray.engine.inference.decoder.steps import MakeStep, Step, angles_of_places
from papertray.engine.inference.finite import NOT_FINITE, TokenReading

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
    step: Step
    """What is played looks at its places."""


@dataclass(frozen=True, slots=True)
class ForeseenStep:
    """A step under way before it was asked for: its pages, what they are thought to say, the scores."""

    pages: tuple[weakref.ref[SlotContext], ...]
    said: TokenReading
    scores: Tensor

    def rows(self, contexts: Sequence[SlotContext], tokens: Sequence[Sequence[int]]) -> list[int] | None:
        """Where the answers for these are; None where one of them said something else."""
        said = {
            page(): (row, token)
            for row, (page, token) in enumerate(zip(self.pages, self.said.numbers, strict=True))
        }
        rows = []
        for context, (token,) in zip(contexts, tokens, strict=True):
            row, foreseen = said.get(context, (0, NOT_FINITE))
            if foreseen != token:
                return None
            rows.append(row)
        return rows

    def take_back(self) -> None:
        for page in self.pages:
            if context := page():
                context.go(-1)


class SlotDecoder:
    """The same decoder as `layers`, of as many pages as have begun."""

    def __init__(
        self, layers: LayerDecoder, recorder: Recorder | None = None, make_step: MakeStep | None = None
    ) -> None:
        """Without a recorder, that of the device on which its weights are; so with the making of a step."""
        self._layers = layers
        self._recorder = recorder or (play_by_card if layers.norm.weight.is_cuda else play_by_processor)
        self._make_step = make_step or choose_step(layers)
        kind, weight = layers.kind, layers.norm.weight
        self._room = SlotRoom(len(layers.layers), kind.shared_heads, kind.depth, weight)
        self._steps: dict[tuple[int, int], RecordedStep] = {}
        self._angles: Angles | None = None
        self._foreseen: ForeseenStep | None = None

    @property
    def longest_draft(self) -> int:
        """A step has one token of each page."""
        return 0

    @property
    def bytes_a_token(self) -> int:
        return self._layers.bytes_a_token

    @property
    def on_card(self) -> bool:
        return self._place.type == "cuda"

    @property
    def _place(self) -> torch.device:
        return self._room.kept.device

    def begin(self, inputs: Mapping[str, Tensor]) -> tuple[SlotContext, Tensor]:
        page, scores = self._layers.begin(inputs)
        with self._steps_of_this_room():
            context = self._room.take(page)
        return context, scores

    def step(self, contexts: Sequence[SlotContext], tokens: Sequence[Sequence[int]]) -> Tensor:
        foreseen, self._foreseen = self._foreseen, None
        if foreseen is not None:
            rows = foreseen.rows(contexts, tokens)
            if rows is not None:
                return foreseen.scores if len(rows) == len(foreseen.scores) else foreseen.scores[rows]
            foreseen.take_back()
        return self._play(contexts, torch.tensor(tokens)[:, 0])

    def foresee(self, contexts: Sequence[SlotContext], said: TokenReading) -> None:
        """A card goes on with what was probably said while the processor looks at it.

        Pages seldom end, and rules seldom forbid a token: then what was begun is left, and written over.
        """
        if self.on_card and getattr(self._layers.embed, "weight", None) is not None:  # it lies on the card
            self._foreseen = ForeseenStep(
                tuple(map(weakref.ref, contexts)), said, self._play(contexts, said.tokens)
            )

    def forget(self, context: SlotContext, tokens: int) -> None:
        """Nothing is drafted."""

    def _play(self, contexts: Sequence[SlotContext], tokens: Tensor) -> Tensor:
        if window := self._layers.kind.window:
            for context in contexts:
                self._room.forget_far(context, window)
        length = 1 + max(context.length for context in contexts)
        with self._steps_of_this_room():
            self._room.make_room(length)
        recorded = self._recorded(1 + max(context.slot for context in contexts), length)
        changes = self._changes(contexts, len(recorded.inputs)).to(self._place, non_blocking=True)
        slots = changes[2, : len(contexts)]
        by_slot = torch.zeros_like(changes[0]).index_copy_(0, slots, tokens.to(self._place).clamp(min=0))
        recorded.inputs.copy_(self._layers.embed(by_slot))
        recorded.changing.copy_(changes[:2])
        recorded.play()
        return recorded.scores[slots]

    def _changes(self, contexts: Sequence[SlotContext], rows: int) -> Tensor:
        """Lengths and places by slot, and the slots in their order."""
        changes = torch.zeros(3, rows, dtype=torch.long, pin_memory=self._room.kept.is_cuda)
        numbers = changes.numpy()
        numbers[0] = self._room.tokens
        for number, context in enumerate(contexts):
            numbers[:2, context.slot] = context.length, context.next_place
            numbers[2, number] = context.slot
            context.go(1)
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
        if self._angles is None:
            self._angles = angles_of_places(self._layers, self._room)
        step = self._make_step(self._layers, self._room, self._angles, rows, reach)
        inputs = self._layers.embed(torch.zeros(rows, dtype=torch.long, device=self._place))
        changing = torch.full((2, rows), self._room.tokens, device=self._place)  # where nobody looks
        scores = torch.empty_like(step.compute(inputs, *changing))

        def compute() -> None:
            scores.copy_(step.compute(inputs, *changing))

        return RecordedStep(inputs, changing, scores, self._recorder(compute), step)


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
