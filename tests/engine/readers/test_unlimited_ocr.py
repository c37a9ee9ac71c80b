"""Unlimited-OCR says what transformers' own class says, also where it has forgotten what it said first.

The checkpoint is the reference set's of DeepSeek-OCR, whose layout it shares, with another config.json.
"""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch

from papertray.engine.devices.rows import CPU_FLOAT32
from papertray.engine.inference.checkpoint import CheckpointMisfit
from papertray.engine.inference.decode import LibraryDecoder, decode
from papertray.engine.inference.decoder.describe import describe_decoder
from papertray.engine.inference.decoder.graphs import SlotDecoder, play_by_processor
from papertray.engine.models.catalog import find_entry
from papertray.engine.pages import PageImage, ReadOptions, Watch
from papertray.engine.readers.deepseek import unlimited
from papertray.engine.readers.deepseek.prompts import NoSuchPrompt
from papertray.engine.readers.deepseek.views import grid_of, make_views
from tests.engine.readers import references

ENTRY = find_entry("unlimited-ocr")
WINDOW, TOKENS = 8, 40


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("unlimited") / "checkpoint"
    shutil.copytree(references.checkpoint("deepseek-ocr"), made)
    config = json.loads((made / "config.json").read_text(encoding="utf-8"))
    config |= {"architectures": ["UnlimitedOCRForCausalLM"], "model_type": "unlimited-ocr"}
    config |= {"sliding_window": WINDOW, "sliding_window_size": WINDOW}
    (made / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def reader(folder: Path) -> Any:
    return unlimited.load(ENTRY, folder, CPU_FLOAT32, ReadOptions(max_tokens=TOKENS, no_repeat_ngram=0))


@torch.inference_mode()
def librarys_tokens(reader: Any, page: PageImage, mode: str, prompt: tuple[int, ...]) -> list[int]:
    """What `generate` says, given the pixels: its own preparation needs torchvision."""
    views = make_views(page.image, unlimited.MODES[mode])
    tiles = [torch.from_numpy(tile) for tile in views.tiles]
    answer = reader.model.generate(
        input_ids=torch.tensor([prompt]),
        pixel_values=torch.from_numpy(views.whole)[None],
        pixel_values_local=torch.stack(tiles) if tiles else None,
        num_local_patches=[len(tiles)],
        patches_grid=[list(views.grid)],
        max_new_tokens=TOKENS,
        do_sample=False,
    )
    tokens: list[int] = answer[0, len(prompt) :].tolist()
    return tokens


@pytest.mark.parametrize("mode", unlimited.MODES)
def test_all_tokens_are_those_of_the_class_that_transformers_has(reader: Any, mode: str) -> None:
    page = references.page("p300x200.png" if mode == "base" else "p2000x700.png")
    prompt = reader.encode_page(page, mode, Watch())
    expected = librarys_tokens(reader, page, mode, prompt.token_ids)
    assert len(expected) > 4 * WINDOW
    for decoder in (reader.decoder, LibraryDecoder(reader.model)):
        said = decode(decoder, prompt.inputs, eos=reader.model_format.ends, max_tokens=TOKENS, watch=Watch())
        assert list(said.ids) == expected


@torch.inference_mode()
def test_pages_in_slots_forget_as_each_does_alone(reader: Any) -> None:
    """Of other lengths, begun at other times, in room that moves."""
    model = reader.model
    prompt = reader.encode_page(references.page("p300x200.png"), "base", Watch())
    decoder = SlotDecoder(describe_decoder(model), play_by_processor)
    assert (decoder.longest_draft, describe_decoder(model).longest_draft) == (0, 0)
    pages = [{"inputs_embeds": prompt.inputs["inputs_embeds"][:, :length]} for length in (9, 140)]
    tokens = [7, 31, 5, 120, 44, 9, 200, 3] * 3
    alone = [_scores(LibraryDecoder(model), page, tokens) for page in pages]
    first, _ = decoder.begin(pages[0])
    early = [decoder.step([first], [[token]]) for token in tokens[:5]]
    (second, _), late = decoder.begin(pages[1]), []
    for token, other in zip(tokens[5:], tokens, strict=False):
        both = decoder.step([first, second], [[token], [other]])
        early.append(both[:1])
        late.append(both[1:])
    for said, expected in ((early, alone[0]), (late, alone[1])):
        assert torch.allclose(torch.cat(said), expected[: len(said)], atol=1e-4)


def _scores(decoder: Any, page: Any, tokens: list[int]) -> Any:
    context, _ = decoder.begin(page)
    return torch.cat([decoder.step([context], [[token]]) for token in tokens])


GRIDS = {  # as transformers' own preparation says, which cannot be imported without torchvision
    (641, 640): (2, 2),
    (1654, 2339): (2, 3),
    (2480, 3508): (4, 6),
    (4961, 7016): (4, 6),
    (5000, 5000): (5, 5),
    (3000, 900): (10, 3),
    (700, 4000): (2, 11),
}


def test_a_large_page_becomes_up_to_32_tiles() -> None:
    assert {size: grid_of(size, unlimited.MODES["tiles"]) for size in GRIDS} == GRIDS


def test_what_it_was_not_taught_is_not_asked_for(folder: Path) -> None:
    with pytest.raises(NoSuchPrompt):
        unlimited.load(ENTRY, folder, CPU_FLOAT32, ReadOptions(prompt="figure"))


def test_a_checkpoint_that_does_not_say_how_far_it_sees_is_refused(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "made")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    del config["sliding_window"], config["sliding_window_size"]
    (tmp_path / "made" / "config.json").write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(CheckpointMisfit, match="how far it looks back"):
        unlimited.load(ENTRY, tmp_path / "made", CPU_FLOAT32, ReadOptions())
