"""A page read by its regions: found by the real layout model, read by the real reader, tiny and random."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image, ImageDraw

from papertray.engine.choice import ReaderChoice, load_single_reader
from papertray.engine.devices.rows import CPU_FLOAT32, DeviceRow
from papertray.engine.errors import Cancelled, ReaderError, WeightsError
from papertray.engine.inference.careful import CarefulReader
from papertray.engine.inference.readings import ModelAnswer
from papertray.engine.models.catalog import LAYOUT, find_entry
from papertray.engine.models.manifest import Manifest
from papertray.engine.models.weights import Weights
from papertray.engine.page_flow import PageList, PageRequest
from papertray.engine.pages import BlockKind, Box, Ending, PageImage, PageText, ReadOptions, Transcript, Watch
from papertray.engine.readers import glm_ocr, paddleocr_vl
from papertray.engine.readers.regions.choosing import Region, choose_regions
from papertray.engine.readers.regions.composing import RegionText, compose_page
from papertray.engine.readers.regions.cutting import cut_region
from papertray.engine.readers.regions.layout_model import LayoutModel, prepare_square, rank_regions
from papertray.engine.readers.regions.reader import PARTLY_COVERED, RegionsReader
from tests.engine.readers.small_models import write_small_model
from tests.engine.readers.tiny_layout import write_tiny_layout

NAME = "paddleocr-vl"


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Weights:
    """Two small models and the one that finds regions, as if they had been fetched."""
    weights = Weights(tmp_path_factory.mktemp("models"))
    for name in (NAME, "glm-ocr"):
        write_small_model(name, weights.folder / name)
    write_tiny_layout(weights.folder / LAYOUT.name)
    for entry in (find_entry(NAME), find_entry("glm-ocr"), LAYOUT):
        Manifest(entry.name, entry.hub_id, "", ()).write(weights.folder / entry.name)
    return weights


def opened(weights: Weights, name: str = NAME, **options: Any) -> Any:
    choice = ReaderChoice(find_entry(name), (CPU_FLOAT32,))
    reader = load_single_reader(choice, weights, ReadOptions(max_tokens=6, **options))
    assert isinstance(reader, CarefulReader)
    return reader._open()


@pytest.fixture(scope="module")
def reader(weights: Weights) -> Any:
    return opened(weights)


def page(shade: str = "black") -> PageImage:
    image = Image.new("RGB", (420, 600), "white")
    draw = ImageDraw.Draw(image)
    for top in range(20, 560, 40):
        draw.rectangle((20, top, 380, top + 16), fill=shade)
    return PageImage(image)


class Scripted:
    """Stands for the layout model where the rules are the matter."""

    def __init__(self, *regions: Region) -> None:
        self.regions = list(regions)

    def find(self, _page: Image.Image, _watch: Watch) -> list[Region]:
        return self.regions

    def close(self) -> None:
        """Holds nothing."""


def test_what_the_layout_model_finds_is_read_where_it_stands(reader: Any) -> None:
    """Each answer is, to the token, that of the model asked for this region alone."""
    assert isinstance(reader, RegionsReader)
    found = reader.layout.find(page().image, Watch())
    regions = choose_regions(found, *page().image.size)
    assert len(regions) > 1
    assert all(0 <= region.box.left < region.box.right <= 1 for region in regions)
    alone = []
    for region in regions:
        (attempt, *_) = reader.attempts[region.element or ""]
        cut = replace(page(), picture=cut_region(page().image, region))
        alone.append(RegionText(region, reader.model.ask(cut, attempt, Watch()).text))
    counted: list[int] = []
    text, other = reader.read([page(), page("navy")], Watch(each=(Watch(progress=counted.append), Watch())))
    assert text.blocks == compose_page(alone, page()).blocks
    assert counted[-1] == text.tokens > 0
    assert other.blocks
    assert {block.box for block in text.blocks} <= {region.box for region in regions}


def test_each_element_is_asked_for_in_the_publishers_words(reader: Any, weights: Weights) -> None:
    for each, family in ((reader, paddleocr_vl.FAMILY), (opened(weights, "glm-ocr"), glm_ocr.FAMILY)):
        rendered = each.model.model_format.elements
        assert rendered.keys() == each.attempts.keys() == family.elements.keys()
        assert all(words in rendered[element] for element, words in family.elements.items())
        table = each.model.encode_page(page(), "table", Watch())
        assert table.token_ids != each.model.encode_page(page(), "text", Watch()).token_ids


def test_without_the_layout_model_pages_are_read_as_a_whole(weights: Weights, tmp_path: Path) -> None:
    bare = Weights(tmp_path)
    (tmp_path / NAME).symlink_to(weights.folder / NAME)
    assert not isinstance(opened(bare), RegionsReader)
    with pytest.raises(
        ReaderError, match=r"PP-DocLayoutV3, which is not here\. `papertray models pull paddle"
    ):
        opened(bare, mode="regions")
    assert not isinstance(opened(weights, mode="page"), RegionsReader)
    assert not isinstance(opened(weights, prompt="table"), RegionsReader)
    with pytest.raises(ReaderError, match="Leave the prompt at document"):
        opened(weights, mode="regions", prompt="table")
    with pytest.raises(ReaderError, match="It has regions, page"):
        opened(weights, mode="tiles")


def test_a_layout_model_that_is_damaged_is_refused(weights: Weights, tmp_path: Path) -> None:
    for each in (weights.folder / LAYOUT.name).iterdir():
        (tmp_path / each.name).write_bytes(each.read_bytes())
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps(config | {"decoder_layers": 3}))
    with pytest.raises(WeightsError, match="PP-DocLayoutV3"):
        LayoutModel.open(tmp_path, LAYOUT, CPU_FLOAT32)


def said(reader: Any, *regions: Region, answers: dict[str, str] | None = None) -> PageText:
    """What becomes of a page with these regions, where the model says this of each element."""
    heard = answers or {}

    class Answering(type(reader.model)):  # type: ignore[misc]
        def ask(self, cut: PageImage, attempt: Any, watch: Watch) -> ModelAnswer:
            watch.progress(1)
            raw = heard.get(attempt.mode, f"{attempt.mode} {cut.image.width}x{cut.image.height}")
            return ModelAnswer(raw, Ending.FINISHED, Transcript((1,), (2,), raw))

    fields = {name: getattr(reader.model, name) for name in type(reader.model).__dataclass_fields__}
    scripted = RegionsReader(Answering(**fields), Scripted(*regions), reader.attempts)  # type: ignore[arg-type]
    (text,) = scripted.read([page()], Watch())
    return text


def region(label: str, left: float, top: float, right: float, bottom: float, score: float = 0.9) -> Region:
    return Region(label, Box(left, top, right, bottom), score)


def test_a_page_is_put_together_in_the_order_of_its_regions(reader: Any) -> None:
    text = said(
        reader,
        region("header", 0, 0.01, 1, 0.04),
        region("doc_title", 0.1, 0.05, 0.9, 0.1),
        region("figure_title", 0, 0.5, 1, 0.55),
        region("image", 0, 0.12, 1, 0.5),
        region("paragraph_title", 0, 0.56, 1, 0.6),
        region("table", 0, 0.6, 1, 0.7),
        region("text", 0.1, 0.62, 0.4, 0.66),  # it stands in the table
        region("display_formula", 0, 0.72, 0.8, 0.8),
        region("formula_number", 0.85, 0.74, 0.95, 0.78),
        region("chart", 0, 0.82, 1, 0.9),
        region("footnote", 0, 0.92, 1, 0.97),
        answers={
            "text": "(3)",
            "table": "<fcel>a<fcel>b<nl><fcel>1<fcel>2<nl>",
            "formula": "\\[ x^2 \\]",
            "chart": "year | sum\n2024 | 7",
        },
    )
    kinds = [block.kind for block in text.blocks]
    assert kinds == [
        BlockKind.TITLE,
        BlockKind.FIGURE,
        BlockKind.CAPTION,
        BlockKind.HEADING,
        BlockKind.TABLE,
        BlockKind.FORMULA,
        BlockKind.FIGURE,
        BlockKind.TABLE,
        BlockKind.FOOTNOTE,
    ]
    assert text.blocks[0].markdown == "# (3)"
    assert text.blocks[3].markdown == "## (3)"
    assert text.blocks[4].markdown == "| a | b |\n| --- | --- |\n| 1 | 2 |"
    assert "x^2 \\tag{3}" in text.blocks[5].markdown
    assert text.blocks[7].markdown == "| year | sum |\n| --- | --- |\n| 2024 | 7 |"
    assert [figure.name for figure in text.figures] == ["figure-1.png", "figure-2.png"]
    assert all(block.box for block in text.blocks)
    assert text.tokens > 0


def test_a_paragraph_goes_on_in_the_next_column() -> None:
    texts = [
        RegionText(region("text", 0, 0.1, 0.45, 0.9), "The end of a col-"),
        RegionText(region("text", 0.55, 0.1, 1, 0.4), "umn is no end.\nAnother begins.\nand goes on"),
        RegionText(region("text", 0.55, 0.5, 1, 0.8), "Third.", "> [!WARNING]\n> It was stopped."),
    ]
    blocks = [block.markdown for block in compose_page(texts, page()).blocks]
    assert blocks == [
        "The end of a column is no end.",
        "Another begins.\nand goes on",
        "Third.",
        "> [!WARNING]\n> It was stopped.",
    ]


def test_of_two_regions_in_one_place_one_is_read() -> None:
    kept = choose_regions(
        [
            region("text", 0, 0.1, 1, 0.3, 0.5),
            region("text", 0, 0.1, 1, 0.31, 0.8),
            region("abstract", 0, 0.1, 1, 0.31, 0.4),
            region("inline_formula", 0.2, 0.12, 0.4, 0.15),
            region("image", 0, 0.4, 1, 0.8),
            region("text", 0.1, 0.5, 0.5, 0.55),  # words in a picture may be missing from it
            region("reference", 0, 0.82, 1, 0.9),
            region("reference_content", 0, 0.82, 1, 0.86),
            region("number", 0.5, 0.97, 0.52, 0.98),
            region("header", 0, 0, 0.4, 0.09),  # the head of a letter
            region("text", 0.5, 0.95, 0.503, 0.96),
        ],
        1000,
        1400,
    )
    assert [(each.label, each.score) for each in kept] == [
        ("text", 0.8),
        ("image", 0.9),
        ("text", 0.9),
        ("reference_content", 0.9),
        ("header", 0.9),
    ]


@pytest.mark.parametrize("regions", [(), (region("text", 0, 0.9, 0.2, 1),), (region("image", 0, 0, 1, 1),)])
def test_a_page_that_the_layout_model_does_not_understand_is_read_as_a_whole(
    reader: Any, regions: tuple[Region, ...]
) -> None:
    text = said(reader, *regions, answers={"page": "# All of it"})
    assert text.markdown == "# All of it"


def test_what_lies_outside_all_regions_is_no_loss_in_silence(reader: Any) -> None:
    upper, all_of_it = region("text", 0, 0, 1, 0.7), region("text", 0, 0, 1, 1)
    assert list(said(reader, upper).warnings) == [PARTLY_COVERED]
    assert not said(reader, all_of_it).warnings


def test_a_region_without_an_answer_is_no_fault_and_a_page_without_any_is(reader: Any) -> None:
    both = region("text", 0, 0, 1, 0.5), region("table", 0, 0.5, 1, 1)
    assert said(reader, *both, answers={"table": ""}).markdown.startswith("text ")
    with pytest.raises(ReaderError, match="gave no text for this page"):
        said(reader, *both, answers={"table": "", "text": ""})


def test_a_page_of_regions_is_given_back_when_cancelled(reader: Any) -> None:
    watch = Watch()
    watch.cancel.set()
    with pytest.raises(Cancelled):
        reader.read([page()], watch)


class FullMemory:
    longest_draft = 0

    def begin(self, _inputs: Any) -> Any:
        raise torch.OutOfMemoryError("CUDA out of memory")


def test_when_memory_ran_out_the_page_fails_once_and_regions_are_read_one_by_one_from_then_on(
    reader: Any,
) -> None:
    faulty = RegionsReader(replace(reader.model, decoder=FullMemory()), reader.layout, reader.attempts)
    ends: list[Exception] = []

    class OnePage(PageList):
        def fail(self, _request: PageRequest, problem: Exception) -> None:
            ends.append(problem)

    faulty.read_flow(OnePage([page()], Watch()))
    assert [type(problem) for problem in ends] == [torch.OutOfMemoryError]
    assert (faulty.room, faulty.batch) == (1, reader.batch)


def test_the_order_of_regions_is_the_one_that_most_votes_are_for() -> None:
    wanted = [2, 0, 3, 1]  # where each stands
    before = torch.tensor([[9.0 if one < other else -9.0 for other in wanted] for one in wanted])
    assert rank_regions(before).tolist() == wanted


def test_a_page_becomes_a_square_of_the_models_size() -> None:
    square = prepare_square(page().image)
    assert square.shape == (1, 3, 800, 800)
    assert (float(square.min()), float(square.max())) == (0.0, 1.0)
    assert float(square[0, 0, 700, 790]) == 1.0


def test_small_rows_read_a_regions_page_too(weights: Weights) -> None:
    """Where nothing is decoded together, regions are read one after the other."""
    row = DeviceRow("cpu", "float32", decoding="library")
    folder, layout = weights.folder / NAME, weights.folder / LAYOUT.name
    reader = paddleocr_vl.load(find_entry(NAME), folder, row, ReadOptions(max_tokens=2, layout=layout))
    (text,) = reader.read([page()], Watch())
    assert reader.batch == 1
    assert text.tokens
