"""A typical page of the large models, taken apart: sizes as published, parts that come to the page."""

from pathlib import Path

import pytest

from papertray.engine.choice import load_model_reader
from papertray.engine.devices.rows import CPU_FLOAT32
from papertray.engine.models.catalog import find_entry
from papertray.engine.pages import ReadOptions
from tests.bench.page_parts import REGIONS, TILES, measure_parts
from tests.bench.whole_page import MODELS
from tests.engine.readers.full_size_models import SIZES, outline, write_layout, write_random

DOWNLOADED = 0.8
"""Of a download at least so much are weights that are read; GLM-OCR's has a layer that guesses ahead."""


@pytest.mark.parametrize("name", SIZES)
def test_a_small_model_of_random_weights_is_as_large_as_its_publishers(name: str) -> None:
    weights = 2 * sum(each.numel() for each in outline(name).parameters())
    size = find_entry(name).size
    assert DOWNLOADED * size < weights < size


@pytest.mark.parametrize(
    ("name", "views"),
    [("paddleocr-vl", REGIONS), ("mineru-2-5-pro", REGIONS), ("unlimited-ocr", TILES), ("lightonocr-3", 0)],
)
def test_a_page_takes_what_its_views_prompts_and_tokens_take(name: str, views: int, tmp_path: Path) -> None:
    write_random(name, "small", tmp_path / "model")
    layout = write_layout("small", tmp_path / "layout")
    options = ReadOptions(max_tokens=8)
    reader = load_model_reader(find_entry(name), tmp_path / "model", CPU_FLOAT32, options)
    parts = measure_parts(find_entry(name), reader, 2, layout)
    assert parts.views == views
    whole = parts.looking + parts.asking + parts.c * 1000
    assert parts.page.processor == pytest.approx(whole.processor)
    assert min(parts.looking.processor, parts.asking.processor, parts.c.processor) > 0
    assert parts.figures()["pages_a_minute"] == round(60 / parts.page.clock, 2)


def test_all_large_models_of_the_catalogue_are_measured_the_small_ones_first() -> None:
    sizes = [find_entry(name).size for name in MODELS]
    assert sizes == sorted(sizes)
    assert len(set(MODELS)) == 10
