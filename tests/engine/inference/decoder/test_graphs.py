"""A step of fixed shape says what the library says: pages in slots that move, are left and are taken again.

What records it on a card is not at hand here; the same step is done call by call.
"""

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor

from papertray.engine.choice import load_model_reader
from papertray.engine.devices.rows import CUDA_PATCHES, DeviceRow
from papertray.engine.inference.decode import LibraryDecoder
from papertray.engine.inference.decoder import slots
from papertray.engine.inference.decoder.card.choice import choose_step
from papertray.engine.inference.decoder.card.layers import Unknown, describe_for_card
from papertray.engine.inference.decoder.describe import decoder_for, describe_decoder
from papertray.engine.inference.decoder.graphs import SlotDecoder, play_by_processor
from papertray.engine.inference.decoder.steps import TorchStep
from papertray.engine.inference.finite import TokenReading, best_tokens
from papertray.engine.models.catalog import find_entry
from papertray.engine.pages import ReadOptions, Watch
from tests.engine.inference.decoder.test_layers import LARGE, SMALL, TOKENS, off, scores
from tests.engine.readers import references
from tests.engine.readers.small_models import write_small_model


def open_model(name: str, folder: Any) -> tuple[Any, Any]:
    """As a card has it, with a page that it takes."""
    checkpoint = write_small_model(name, folder / name) if name in SMALL else references.checkpoint(name)
    row = DeviceRow("cpu", "float32", patches=CUDA_PATCHES)
    reader = load_model_reader(find_entry(name), checkpoint, row, ReadOptions())
    prompt = reader.encode_page(references.page("p300x200.png"), reader.attempts[0].mode, Watch())
    return reader.model, prompt.inputs


@pytest.mark.parametrize("model", [*LARGE, *SMALL])
@torch.inference_mode()
def test_pages_in_slots_say_what_each_says_alone(
    model: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four, of other lengths, in room that is too small for the longer ones; the first ends early."""
    monkeypatch.setattr(slots, "SMALLEST", 16)
    library, inputs = open_model(model, tmp_path)
    decoder = SlotDecoder(describe_decoder(library), play_by_processor)
    pages = [{"inputs_embeds": inputs["inputs_embeds"][:, :length]} for length in (9, 15, 20)]
    alone = [scores(LibraryDecoder(library), page) for page in (*pages, inputs)]
    begun = [decoder.begin(page) for page in pages]
    decoder.step([begun[0][0]], [TOKENS[:1]])
    contexts = [context for context, _ in begun[1:]]
    spoken = [[first] for _, first in begun[1:]]
    del begun
    late, first = decoder.begin(inputs)
    assert late.slot == 0, "of the page that has ended"
    contexts, spoken = [*contexts, late], [*spoken, [first]]
    for token in TOKENS:
        for rows, row in zip(spoken, decoder.step(contexts, [[token]] * 3), strict=True):
            rows.append(row[None])
    for rows, expected in zip(spoken, alone[1:], strict=True):
        assert off(torch.cat(rows), expected) < 1e-5


@torch.inference_mode()
def test_a_step_begun_before_it_was_asked_for_says_the_same(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two pages; then one says what was not foreseen, and the other ends."""
    library, inputs = open_model("dots-ocr", tmp_path)
    monkeypatch.setattr(SlotDecoder, "on_card", True)
    expected, ahead = (SlotDecoder(describe_decoder(library), play_by_processor) for _ in range(2))
    shorter = {"inputs_embeds": inputs["inputs_embeds"][:, :9]}
    plain, foreseen = (
        [decoder.begin(page)[0] for page in (inputs, shorter)] for decoder in (expected, ahead)
    )
    tokens = [[3], [4]]
    for _ in range(3):
        wanted, answer = expected.step(plain, tokens), ahead.step(foreseen, tokens)
        assert torch.equal(answer, wanted)
        said = TokenReading(best_tokens(answer))
        ahead.foresee(foreseen, said)
        tokens = [[token] for token in said.numbers]
    other = [[token + 1] for (token,) in tokens]
    assert torch.equal(ahead.step(foreseen, other), expected.step(plain, other))
    last = TokenReading(best_tokens(expected.step(plain, tokens)))
    ahead.step(foreseen, tokens)
    ahead.foresee(foreseen, last)
    alone = [[last.numbers[1]]]
    assert off(ahead.step(foreseen[1:], alone), expected.step(plain[1:], alone)) < 1e-5
    assert [page.length for page in foreseen[1:]] == [page.length for page in plain[1:]]


@pytest.mark.parametrize("model", ["deepseek-ocr", "deepseek-ocr-2", "dots-ocr"])
def test_a_cards_own_kernels_know_a_decoder_and_stay_away_from_a_processor(model: str, tmp_path: Any) -> None:
    library, _ = open_model(model, tmp_path)
    decoder = describe_decoder(library)
    assert len(describe_for_card(decoder).layers) == len(decoder.layers)
    assert choose_step(decoder) is TorchStep
    more_norms = replace(decoder.layers[0], after_attention=decoder.norm)
    with pytest.raises(Unknown):
        describe_for_card(replace(decoder, layers=(more_norms,)))


@torch.inference_mode()
def test_what_overflowed_in_a_slot_does_not_reach_the_next_page(tmp_path: Any) -> None:
    library, inputs = open_model("deepseek-ocr-2", tmp_path)
    decoder = SlotDecoder(describe_decoder(library), play_by_processor)
    expected = scores(decoder, inputs)
    broken = {"inputs_embeds": torch.full_like(inputs["inputs_embeds"], float("nan"))}
    longer = {"inputs_embeds": torch.cat([broken["inputs_embeds"]] * 2, 1)}
    assert scores(decoder, longer).isnan().any()
    assert torch.equal(scores(decoder, inputs), expected)


@pytest.mark.parametrize("rows", [1, 3, 9, 33])
@torch.inference_mode()
def test_experts_answer_by_index_what_they_answer_one_by_one(rows: int, tmp_path: Any) -> None:
    """Gathered for a few rows, each asked about every row, and in groups for many."""
    library, inputs = open_model("deepseek-ocr", tmp_path)
    described = describe_decoder(library).layers[-1].feed_forward
    library_layer = library.get_decoder().layers[-1].mlp
    hidden = inputs["inputs_embeds"][0, :rows]
    assert len(hidden) == rows
    asked: list[Tensor] = []
    kind = type(library_layer.experts)
    answer = described.answer(hidden)
    library_layer.experts.__class__ = kind.__mro__[2]  # the library's own
    asked.append(library_layer(hidden[None])[0])
    assert off(answer, asked[0]) < 1e-5


def test_a_card_plays_what_it_recorded(tmp_path: Any) -> None:
    library, _ = open_model("dots-ocr", tmp_path)
    assert isinstance(decoder_for(library, DeviceRow("cuda", "bfloat16", decoding="graphs")), SlotDecoder)
