"""Whether a step of our own kernels is what this card plays: only where they run, and say what torch says.

They want Triton, which torch brings along on Linux only, and a compiler beside it; and a decoder that they
know. Once for each model one step of two pages is computed both ways. Where anything is missing or parts,
torch's calls stay.
"""

import importlib.util

import torch
from loguru import logger

from papertray.engine.inference.decoder.card.layers import Unknown, describe_for_card
from papertray.engine.inference.decoder.layers import Angles, LayerDecoder
from papertray.engine.inference.decoder.slots import SlotRoom
from papertray.engine.inference.decoder.steps import MakeStep, Step, TorchStep, angles_of_places

OLDEST = (8, 0)
"""Cards before it compute no bfloat16."""
TOKENS = 100
MANY_FOR_PACKED_EXPERTS = 8
"""So many rows unpack an expert so often that it is better unpacked once, as torch's way does."""
MOST_APART = {torch.float32: 1e-3}
MOST_APART_IN_16_BIT = 0.1
"""Relative: two ways of torch itself part by 0.03 at full size."""


def choose_step(decoder: LayerDecoder) -> MakeStep:
    weight = decoder.norm.weight
    if not weight.is_cuda or importlib.util.find_spec("triton") is None:
        return TorchStep
    if torch.cuda.get_device_capability(weight.device) < OLDEST:
        return TorchStep
    try:
        make_step = card_steps(decoder)
        apart = relative_distance(decoder, make_step)
    except Unknown:
        return TorchStep
    except Exception as problem:  # a missing compiler, a Triton that wants other words: torch is always there
        logger.warning("The card's own kernels are left out ({}).", type(problem).__name__)
        return TorchStep
    if not apart < MOST_APART.get(weight.dtype, MOST_APART_IN_16_BIT):
        logger.warning("The card's own kernels are left out: they are {:.3f} apart from torch.", apart)
        return TorchStep
    return make_step


def card_steps(decoder: LayerDecoder) -> MakeStep:
    """Raises `Unknown` where the decoder has something else; wants Triton."""
    from papertray.engine.inference.decoder.card.step import CardStep

    described = describe_for_card(decoder)

    four_bit = any(layer.experts and layer.experts.gates.four_bit for layer in described.layers)

    def make_step(_: LayerDecoder, room: SlotRoom, angles: Angles, rows: int, reach: int) -> Step:
        if four_bit and rows >= MANY_FOR_PACKED_EXPERTS:
            return TorchStep(decoder, room, angles, rows, reach)
        return CardStep(described, room, angles, rows)

    return make_step


@torch.inference_mode()
def relative_distance(decoder: LayerDecoder, make_step: MakeStep) -> float:
    """How far apart the scores of one page, and of two, are; the greater of them."""
    kind, device = decoder.kind, decoder.norm.weight.device
    made = torch.Generator().manual_seed(3)
    room = SlotRoom(len(decoder.layers), kind.shared_heads, kind.depth, decoder.norm.weight)
    room.make_slots(2, TOKENS)
    room.kept.copy_(torch.randn(room.kept.shape, generator=made))
    angles = angles_of_places(decoder, room)
    distances = []
    for rows in (1, 2):
        hidden = decoder.embed(torch.arange(7, 7 + rows, device=device))
        lengths = torch.tensor([TOKENS - 1, TOKENS // 3], device=device)[:rows]
        expected, answer = (
            make(decoder, room, angles, rows, room.tokens).compute(hidden.clone(), lengths, lengths).float()
            for make in (TorchStep, make_step)
        )
        distances.append(float((answer - expected).norm() / expected.norm()))
    return max(distances)
