"""The small models: each is one file and one catalogue row. Proven on tiny random weights."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image, ImageDraw
from safetensors.torch import load_file

from papertray.engine.devices.rows import CPU_FLOAT32, NPU_PATCHES, ROWS, DeviceRow
from papertray.engine.errors import Cancelled, ReaderError, WeightsError
from papertray.engine.inference.decoder.describe import decoder_for
from papertray.engine.inference.decoder.projections import PlainProjection
from papertray.engine.inference.model_reader import ModelReader
from papertray.engine.inference.readings import ModelAnswer
from papertray.engine.models.catalog import find_entry
from papertray.engine.models.inspection import inspect_checkpoint
from papertray.engine.pages import Ending, PageImage, ReadOptions, Transcript, Watch
from papertray.engine.readers import glm_ocr, lighton_ocr, mineru, paddleocr_vl, paddleocr_vl_1_6
from papertray.engine.readers.minicpm import reader as minicpm
from papertray.engine.readers.templated import MODE, TemplatedFormat
from tests.engine.readers.dtypes import dtypes_made, floating_dtypes
from tests.engine.readers.pretend_npu import NotOnThisDevice, moved, pretend_npu
from tests.engine.readers.small_models import (
    FAMILIES,
    PREPARATION_FILES,
    TEMPLATES,
    WEIGHTS,
    write_small_model,
)

LOAD = {
    "glm-ocr": glm_ocr.load,
    "lightonocr-3": lighton_ocr.load,
    "mineru-2-5-pro": mineru.load,
    "minicpm-ocr": minicpm.load,
    "paddleocr-vl": paddleocr_vl.load,
    "paddleocr-vl-1-6": paddleocr_vl_1_6.load,
}
GRID = 3
"""How many numbers tell a page's height, width and count in patches."""
names = pytest.mark.parametrize("name", FAMILIES)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {name: write_small_model(name, tmp_path_factory.mktemp(name)) for name in FAMILIES}


def loaded(name: str, folder: Path, row: DeviceRow = CPU_FLOAT32, **options: Any) -> ModelReader:
    if name == "mineru-2-5-pro":
        options = {"mode": MODE} | options  # else it looks for regions first
    read_options = ReadOptions(max_tokens=options.pop("max_tokens", 8), **options)
    return LOAD[name](find_entry(name), folder, row, read_options)


def kinds(reader: ModelReader, tokens: torch.Tensor) -> dict[str, torch.Tensor]:
    """Which tokens are the page's, for a class that wants to be told."""
    place = format_of(reader).vocabulary.token(format_of(reader).place)
    wanted = hasattr(reader.model.model, "get_rope_index")
    return {"mm_token_type_ids": (tokens == place).int()} if wanted else {}


def prepared(reader: ModelReader) -> dict[str, torch.Tensor]:
    """The page's pixels as the class takes them."""
    picture = format_of(reader).processor(images=[page().image], return_tensors="pt")
    return {name: each for name, each in picture.items() if name != "slice_grid"}


def format_of(reader: ModelReader) -> TemplatedFormat:
    assert isinstance(reader.model_format, TemplatedFormat)
    return reader.model_format


def page() -> PageImage:
    image = Image.new("RGB", (200, 140), "white")
    ImageDraw.Draw(image).rectangle((20, 30, 160, 60), fill="black")
    return PageImage(image)


@names
def test_the_first_step_has_the_numbers_of_the_model_left_to_itself(
    name: str, folders: dict[str, Path]
) -> None:
    """Features placed beside the words, and positions worked out before: nothing else than the class does."""
    reader = loaded(name, folders[name])
    prompt = reader.encode_page(page(), MODE, Watch())
    picture = prepared(reader)
    tokens = torch.tensor([prompt.token_ids])
    with torch.inference_mode():
        own = reader.model(**prompt.inputs).logits
        native = reader.model(input_ids=tokens, **kinds(reader, tokens), **picture).logits
    assert (own - native).abs().max() < 1e-5


@names
def test_what_it_says_is_what_generate_would_say(name: str, folders: dict[str, Path]) -> None:
    reader = loaded(name, folders[name])
    ids = reader.encode_page(page(), MODE, Watch()).token_ids
    picture = prepared(reader)
    tokens = torch.tensor([ids])
    reader.model.generation_config.eos_token_id = None
    with torch.inference_mode():
        said = reader.model.generate(
            input_ids=tokens,
            attention_mask=torch.ones_like(tokens),
            **kinds(reader, tokens),
            **picture,
            max_new_tokens=8,
            do_sample=False,
        )[0, len(ids) :]
    answer = reader.ask(page(), reader.attempts[0], Watch())
    ended = answer.transcript.generated_ids
    assert list(ended) == said.tolist()[: len(ended)]
    assert len(ended) > 1


@names
@pytest.mark.parametrize(
    "row", [row for row in ROWS if (row.device, row.weights) == ("cpu", "plain")], ids=str
)
def test_a_page_is_read_on_the_processors_rows(name: str, row: DeviceRow, folders: dict[str, Path]) -> None:
    reader = loaded(name, folders[name], row, max_tokens=6, no_repeat_ngram=0)
    answer = reader.ask(page(), reader.attempts[0], Watch())
    assert answer.transcript.generated_ids


@names
def test_a_page_becomes_blocks(name: str, folders: dict[str, Path]) -> None:
    reader = loaded(name, folders[name])

    class Scripted(ModelReader):
        def ask(self, *_: Any) -> ModelAnswer:
            raw = "# Title\n\ntext \\(x\\) <script>\n\n<table><tr><td>1</td></tr></table><|user|>"
            return ModelAnswer(raw, Ending.FINISHED, Transcript((1,), (2,), raw))

    scripted = Scripted(**{field: getattr(reader, field) for field in ModelReader.__dataclass_fields__})
    (text,) = scripted.read([page()], Watch())
    assert text.markdown == "# Title\n\ntext $x$ &lt;script>\n\n| 1 |\n| --- |"


@names
def test_the_prompt_comes_from_the_checkpoints_template(name: str, folders: dict[str, Path]) -> None:
    said = {
        prompt: format_of(loaded(name, folders[name], prompt=prompt)).prompt
        for prompt in ("table", "<image>\nWho wrote this?")
    }
    assert format_of(loaded(name, folders[name])).prompt != said["table"]
    assert FAMILIES[name][0].prompts.get("table", "table") in said["table"]
    assert "Who wrote this?" in said["<image>\nWho wrote this?"]
    assert "<image>" not in said["<image>\nWho wrote this?"]


def test_lightonocr_is_asked_for_places_by_one_word_and_for_plain_text_by_none(
    folders: dict[str, Path],
) -> None:
    name = "lightonocr-3"
    said = [format_of(loaded(name, folders[name], prompt=prompt)).prompt for prompt in ("document", "text")]
    before, after = (
        "<|im_start|>system<|im_end|>\n<|im_start|>user\n<|image_pad|>",
        "<|im_end|>\n<|im_start|>",
    )
    assert said == [f"{before}grounding\n{after}assistant\n", f"{before}{after}assistant\n"]


def test_paddleocr_vl_1_6_reads_seals(folders: dict[str, Path]) -> None:
    name = "paddleocr-vl-1-6"
    assert "Seal Recognition:\n" in format_of(loaded(name, folders[name], prompt="seal")).prompt


def test_lightonocr_is_as_published(folders: dict[str, Path]) -> None:
    """Else the tests would show nothing about the checkpoint that people fetch."""
    name = "lightonocr-3"
    (line,) = [
        line for line in inspect_checkpoint(folders[name], find_entry(name)) if line.what == "architecture"
    ]
    assert (line.right, line.detail) == (True, "LightOnOCRForConditionalGeneration")
    rooms = {key.split(".")[0] for key in load_file(folders[name] / WEIGHTS)}
    assert rooms == {"language_model", "vision_encoder", "vision_projection", "lm_head"}


def on_npu(name: str, folder: Path, *patches: str) -> ModelReader:
    """Loaded on the processor, its model moved to the pretended device."""
    row = DeviceRow("cpu", "float32", patches=patches)
    reader = loaded(name, folder, row)
    moved(reader.model)
    with pretend_npu(), torch.inference_mode():
        reader.decoder = decoder_for(reader.model, row)
    return reader


@names
def test_a_device_without_convolution_and_scatter_says_the_same(name: str, folders: dict[str, Path]) -> None:
    plain = loaded(name, folders[name])
    expected = plain.ask(page(), plain.attempts[0], Watch()).transcript.generated_ids
    reader = on_npu(name, folders[name], *NPU_PATCHES)
    with pretend_npu() as device:
        assert reader.ask(page(), reader.attempts[0], Watch()).transcript.generated_ids == expected
    assert all(not dtype.is_floating_point and count <= GRID for _, dtype, count in device.read_back), (
        "only tokens and the page's three sizes leave the device"
    )


@names
def test_the_model_left_alone_fails_there(name: str, folders: dict[str, Path]) -> None:
    reader = on_npu(name, folders[name])
    with pretend_npu(), pytest.raises(NotOnThisDevice, match="conv"):
        reader.ask(page(), reader.attempts[0], Watch())


@names
def test_float32_rows_make_nothing_but_float32(name: str, folders: dict[str, Path]) -> None:
    reader = loaded(name, folders[name])
    made = dtypes_made(lambda: reader.ask(page(), reader.attempts[0], Watch()))
    assert {dtype for dtype in made if dtype.is_floating_point} == {torch.float32}


@names
@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float16"])
def test_everything_has_the_dtype_of_the_row(name: str, dtype: str, folders: dict[str, Path]) -> None:
    reader = loaded(name, folders[name], DeviceRow("cpu", dtype), max_tokens=3)
    assert floating_dtypes(reader.model) == {getattr(torch, dtype)}
    assert reader.ask(page(), reader.attempts[0], Watch()).tokens <= 3


@names
def test_a_cap_makes_fewer_tokens_of_a_page(name: str, folders: dict[str, Path]) -> None:
    large = PageImage(page().image.resize((400, 280)))
    free = loaded(name, folders[name])
    capped = loaded(name, folders[name], DeviceRow("cpu", "float32", longest_side=200))
    tokens = [len(reader.encode_page(large, MODE, Watch()).token_ids) for reader in (capped, free)]
    assert tokens[0] < tokens[1]


@names
def test_tied_embeddings_need_no_head_in_the_checkpoint(name: str, tmp_path: Path) -> None:
    reader = loaded(name, write_small_model(name, tmp_path, tie_word_embeddings=True))
    assert reader.model.lm_head.weight is reader.model.get_input_embeddings().weight


@names
def test_a_head_that_is_tied_to_the_embeddings_has_8_bits_where_the_layers_have(
    name: str, tmp_path: Path
) -> None:
    folder = write_small_model(name, tmp_path, tie_word_embeddings=True)
    exact, rounded = (
        loaded(name, folder, DeviceRow("cpu", "float32", weights=weights, decoding="layers"))
        for weights in ("plain", "int8")
    )
    prompt = exact.encode_page(page(), MODE, Watch())
    with torch.inference_mode():
        wanted, said = (reader.decoder.begin(prompt.inputs)[1] for reader in (exact, rounded))
    assert (said - wanted).norm() < 0.05 * wanted.norm()
    assert not isinstance(rounded.decoder.head, PlainProjection)
    assert rounded.model.get_input_embeddings().weight.dtype == torch.float32


@names
def test_a_cancelled_page_is_given_back(name: str, folders: dict[str, Path]) -> None:
    watch = Watch()
    watch.cancel.set()
    with pytest.raises(Cancelled):
        loaded(name, folders[name]).read([page()], watch)


@names
def test_a_mode_it_has_not_is_refused(name: str, folders: dict[str, Path]) -> None:
    with pytest.raises(ReaderError, match="tiles"):
        loaded(name, folders[name], mode="tiles")


@names
@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("chat_template.jinja", "{{ 1 / 0 }}"),
        ("chat_template.jinja", "no place"),
        ("preprocessor_config.json", "{"),
        ("tokenizer.json", "{}"),
        ("model.safetensors", "cut"),
    ],
)
def test_a_damaged_checkpoint_is_refused_with_a_sentence(
    name: str, file: str, content: str, folders: dict[str, Path], tmp_path: Path
) -> None:
    if name not in TEMPLATES and file == "chat_template.jinja":
        return
    for each in folders[name].iterdir():
        (tmp_path / each.name).write_bytes(each.read_bytes())
    file = PREPARATION_FILES[name] if file == "preprocessor_config.json" else file
    (tmp_path / file).write_text(content)
    with pytest.raises(WeightsError, match=file):
        loaded(name, tmp_path)


@names
def test_a_config_of_other_sizes_is_refused(name: str, folders: dict[str, Path], tmp_path: Path) -> None:
    for each in folders[name].iterdir():
        (tmp_path / each.name).write_bytes(each.read_bytes())
    config = json.loads((tmp_path / "config.json").read_text())
    config["text_config"]["num_hidden_layers"] = 3
    if kinds_of_layers := config["text_config"].get("layer_types"):
        kinds_of_layers.append(kinds_of_layers[-1])
    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(WeightsError, match=r"layers\.2"):
        loaded(name, tmp_path)
