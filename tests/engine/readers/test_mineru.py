"""MinerU reads in two steps: where the regions are, then each of them, by the same weights."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from safetensors.torch import load_file, save_file

from papertray.engine.devices.rows import CPU_FLOAT32
from papertray.engine.errors import Cancelled
from papertray.engine.inference.model_reader import ModelReader
from papertray.engine.inference.readings import Attempt, ModelAnswer
from papertray.engine.models.catalog import find_entry
from papertray.engine.pages import Box, Ending, PageImage, ReadOptions, Transcript, Watch
from papertray.engine.readers import mineru
from papertray.engine.readers.regions.composing import RegionText, compose_page
from papertray.engine.readers.regions.cutting import cut_region
from papertray.engine.readers.regions.reader import RegionsReader
from tests.engine.readers.small_models import WEIGHTS, write_small_model

NAME = "mineru-2-5-pro"
ANSWER = (
    "<|box_start|>050 020 950 100<|box_end|><|ref_start|>title<|ref_end|><|rotate_up|>\n"
    "<|box_start|>950 600 50 150<|box_end|><|ref_start|>text<|ref_end|><|rotate_up|>"
    "<|box_start|>100 650 900 950<|box_end|><|ref_start|>table<|ref_end|><|rotate_right|>"
    "<|box_start|>100 650 100 950<|box_end|><|ref_start|>text<|ref_end|><|rotate_up|>"
    "<|box_start|>000 100 1000 600<|box_end|><|ref_start|>list<|ref_end|><|rotate_up|>"
    "<|box_start|>10 20"
)


class Scripted(ModelReader):
    """Says where the regions are; what stands in each is said by the model."""

    def ask_once(self, page: PageImage, attempt: Attempt, watch: Watch) -> ModelAnswer:
        if attempt.mode == mineru.LAYOUT:
            return ModelAnswer(ANSWER, Ending.FINISHED, Transcript((1,), (2,), ANSWER))
        return super().ask_once(page, attempt, watch)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder: Path = write_small_model(NAME, tmp_path_factory.mktemp(NAME))
    return mineru.load(find_entry(NAME), folder, CPU_FLOAT32, ReadOptions(max_tokens=8))


def test_tensors_may_have_the_librarys_older_names_or_its_newer_ones(reader: Any, tmp_path: Path) -> None:
    """Which of them a checkpoint has depends on what wrote it."""
    write_small_model(NAME, tmp_path)
    older = load_file(tmp_path / WEIGHTS)
    newer = {
        f"model.{name}" if name.startswith("visual") else re.sub("^model", "model.language_model", name): each
        for name, each in older.items()
    }
    assert newer.keys() & older.keys() == {"lm_head.weight"}
    save_file(newer, tmp_path / WEIGHTS, {"format": "pt"})
    renamed = mineru.load(find_entry(NAME), tmp_path, CPU_FLOAT32, ReadOptions(mode="page", max_tokens=8))
    (attempt, *_) = reader.attempts["text"]
    said = [each.ask(page(), attempt, Watch()).text for each in (reader.model, renamed)]
    assert said[0] == said[1]


def page() -> PageImage:
    image = Image.new("RGB", (300, 400), "white")
    draw = ImageDraw.Draw(image)
    for top in (20, 80, 120, 160, 200, 270, 300, 340):
        draw.rectangle((40, top, 240, top + 12), fill="black")
    return PageImage(image)


def test_a_layout_answer_is_read_as_regions_whatever_is_wrong_with_it() -> None:
    title, text, table, items = mineru.parse_layout(ANSWER)
    assert [each.label for each in (title, text, table)] == ["paragraph_title", "text", "table"]
    assert text.box == Box(0.05, 0.15, 0.95, 0.6)
    assert (title.turn, table.turn) == (0, 90)
    assert items.label == "reference", "which holds regions of its own"
    assert mineru.parse_layout("nothing <|box_start|>1 2 3<|box_end|>") == []


def test_the_layout_is_asked_of_the_page_made_a_square_and_of_the_same_weights(reader: Any) -> None:
    assert isinstance(reader, RegionsReader)
    prompt = reader.model.encode_page(page(), mineru.LAYOUT, Watch())
    square = PageImage(page().image.resize((mineru.SIDE, mineru.SIDE), Image.Resampling.BICUBIC))
    of_square = reader.model.encode_page(square, "text", Watch())
    place = reader.model.model_format.vocabulary.token("<|image_pad|>")
    assert prompt.token_ids.count(place) == of_square.token_ids.count(place)
    asked = reader.model.model_format.text(prompt.token_ids)
    assert "You are a helpful assistant." in asked
    assert "\nLayout Detection:<|im_end|>\n<|im_start|>assistant\n" in asked
    assert reader.layout.find(page().image, Watch()) == [], "random weights see none"


def test_each_region_is_read_as_the_model_reads_it_alone_and_turned_ones_stand_upright(reader: Any) -> None:
    model = Scripted(**{field: getattr(reader.model, field) for field in ModelReader.__dataclass_fields__})
    whole = RegionsReader(model, mineru.OwnLayout(model), reader.attempts)
    (text,) = whole.read([page()], Watch())
    regions = mineru.parse_layout(ANSWER)[:3]
    upright = cut_region(page().image, regions[2])
    flat = cut_region(page().image, replace(regions[2], turn=0))
    assert upright.size == flat.size[::-1]
    alone = []
    for region in regions:
        (attempt, *_) = reader.attempts[region.element or ""]
        cut = replace(page(), picture=cut_region(page().image, region))
        alone.append(RegionText(region, reader.model.ask(cut, attempt, Watch()).text))
    assert text.blocks == compose_page(alone, page()).blocks
    assert text.tokens > 0


def test_a_page_is_given_back_while_its_layout_is_asked_for(reader: Any) -> None:
    watch = Watch()
    watch.cancel.set()
    with pytest.raises(Cancelled):
        reader.layout.find(page().image, watch)


def test_a_region_too_small_for_a_patch_is_enlarged(reader: Any) -> None:
    strip = PageImage(page().image.crop((40, 20, 140, 28)))
    assert reader.model.encode_page(strip, "text", Watch()).token_ids
