"""DeepSeek-OCR and DeepSeek-OCR-2 give the publisher's numbers: pixels, token ids, logits, tokens."""

from functools import cache
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from papertray.engine.devices.rows import CPU_FLOAT32
from papertray.engine.models.catalog import find_entry
from papertray.engine.pages import Ending, ReadOptions, Watch
from papertray.engine.readers.deepseek import ocr, ocr2
from papertray.engine.readers.deepseek.views import grid_of, make_views
from tests.engine.readers import references

MODULES = {"deepseek-ocr": ocr, "deepseek-ocr-2": ocr2}
TOLERANCE = {"deepseek-ocr": 1e-4, "deepseek-ocr-2": 5e-4}
CASES = [
    pytest.param(model, case, id=f"{model}-{case['name']}")
    for model in MODULES
    for case in references.goldens(model)["cases"]
]


def mode_of(model: str, case: dict[str, Any]) -> str:
    modes = MODULES[model].MODES
    return (
        "tiles"
        if case["crop_mode"]
        else next(n for n in modes if modes[n].side == case["base_size"] and n != "tiles")
    )


@cache
def reader(model: str, mode: str, prompt: str, max_tokens: int, ngram: int) -> Any:
    options = ReadOptions(mode=mode, prompt=prompt, max_tokens=max_tokens, no_repeat_ngram=ngram)
    return MODULES[model].load(find_entry(model), references.checkpoint(model), CPU_FLOAT32, options)


def reader_for(model: str, case: dict[str, Any]) -> Any:
    return reader(
        model, mode_of(model, case), case["prompt"], case["max_new_tokens"], case["no_repeat_ngram_size"]
    )


@pytest.mark.parametrize(("model", "case"), CASES)
def test_pixels_are_the_publishers(model: str, case: dict[str, Any]) -> None:
    seen = make_views(references.page(case["image"]).image, MODULES[model].MODES[mode_of(model, case)])
    assert list(seen.grid) == case["crop_grid_wh"]
    assert references.sha256(seen.whole) == case["global_pixels"]["sha256_f32"]
    assert len(seen.tiles) == case["num_crops"]
    if seen.tiles:
        assert references.sha256(np.stack(seen.tiles)) == case["crop_pixels"]["sha256_f32"]


@pytest.mark.parametrize(("model", "case"), CASES)
def test_token_ids_and_greedy_tokens_are_the_publishers(model: str, case: dict[str, Any]) -> None:
    (text,) = reader_for(model, case).read([references.page(case["image"])], Watch())
    assert text.transcript is not None
    assert references.run_lengths(text.transcript.prompt_ids) == case["input_ids_rle"]
    assert list(text.transcript.generated_ids) == case["generated_ids"]
    assert text.transcript.raw == case["generated_text"]
    assert text.tokens == len(case["generated_ids"])
    cut = text.tokens == case["max_new_tokens"]
    assert text.ending is (Ending.TOKEN_LIMIT if cut else Ending.FINISHED)


@pytest.mark.parametrize(
    ("model", "case"), [case for case in CASES if not case.values[1]["name"].startswith("long_")]
)
def test_logits_are_the_publishers_to_rounding(model: str, case: dict[str, Any]) -> None:
    reader = reader_for(model, case)
    prompt = reader.encode_page(references.page(case["image"]), mode_of(model, case), Watch())
    with torch.inference_mode():
        logits = reader.model(**prompt.inputs).logits[0]
    expected = references.numbers(model, f"{case['name']}.logits")
    assert (logits[case["logits_positions"]] - expected).abs().max() < TOLERANCE[model]
    sums = references.numbers(model, f"{case['name']}.logits_row_logsumexp")
    assert (logits.logsumexp(-1) - sums).abs().max() < TOLERANCE[model]


@pytest.mark.parametrize("model", MODULES)
def test_every_size_of_page_gets_the_publishers_grid_and_count_of_tokens(model: str) -> None:
    mode, count = MODULES[model].MODES["tiles"], MODULES[model].image_tokens
    rows = references.goldens(model)["grid_table"]
    for row in rows:
        grid = grid_of(tuple(row["size_wh"]), mode)
        assert list(grid) == row["crop_grid_wh"], row
        assert count(mode, grid) == row["n_image_tokens"], row
    assert len(rows) > 200


@pytest.mark.parametrize("model", MODULES)
def test_the_whole_page_is_padded_where_the_publisher_pads_it(model: str) -> None:
    base = MODULES[model].MODES["base"]
    rows = [row for row in references.goldens(model)["grid_table"] if row["global_offset_xy"]]
    for row in rows:
        seen = make_views(Image.new("RGB", tuple(row["size_wh"])), base).whole[0]
        left, top = row["global_offset_xy"]
        width, height = row["global_resized_wh"]
        black = np.argwhere(seen == -1)
        assert black.min(axis=0).tolist() == [top, left], row
        assert (black.max(axis=0) + 1).tolist() == [top + height, left + width], row
    assert rows
