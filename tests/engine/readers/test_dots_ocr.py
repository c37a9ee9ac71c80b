"""dots.ocr against the numbers of its publisher's own code, and what the reader makes of an answer."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from papertray.engine.devices.rows import CPU_FLOAT32, DeviceRow
from papertray.engine.errors import Cancelled, ReaderError, WeightsError
from papertray.engine.inference.decode import decode
from papertray.engine.inference.model_reader import ModelPrompt, ModelReader
from papertray.engine.inference.readings import READ_AGAIN, Attempt, ModelAnswer
from papertray.engine.models.catalog import find_entry
from papertray.engine.pages import BlockKind, Ending, PageImage, ReadOptions, Transcript, Watch
from papertray.engine.readers.dots.pixels import PagePatches, PatchMaker
from papertray.engine.readers.dots.prompts import ENDS, LAYOUT, PLAIN, render_prompt
from papertray.engine.readers.dots.reader import NO_LAYOUT, DotsFormat, load
from tests.engine.readers import references
from tests.engine.readers.dtypes import dtypes_made, floating_dtypes
from tests.engine.readers.pretend_npu import moved, pretend_npu

ENTRY = find_entry("dots-ocr")
CHECKPOINT = references.checkpoint("dots-ocr")
GOLDENS = references.goldens("dots-ocr")
CASES = {case["name"]: case for case in GOLDENS["cases"]}
PUBLISHED = json.loads((CHECKPOINT / "preprocessor_config.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def reader() -> Iterator[ModelReader]:
    reader = load(ENTRY, CHECKPOINT, CPU_FLOAT32, ReadOptions(max_tokens=24))
    yield reader
    reader.close()


def page(name: str = "p300x200.png") -> PageImage:
    return PageImage(picture(name).convert("RGB"))


def picture(name: str) -> Image.Image:
    return references.page(name).image


def preparation(case: dict[str, Any]) -> PatchMaker:
    limits = {"min_pixels": case["min_pixels"], "max_pixels": case["max_pixels"]}
    return PatchMaker({**PUBLISHED, **limits})


@torch.inference_mode()
def encode(
    reader: ModelReader, pages: Sequence[PagePatches], text: str, watch: Watch = Watch()
) -> ModelPrompt:
    assert isinstance(reader.model_format, DotsFormat)
    return reader.model_format.encode_patches(reader.model, pages, text, watch)


@pytest.mark.parametrize("name", CASES)
def test_the_reference_is_met(name: str, reader: ModelReader) -> None:
    case = CASES[name]
    pages = [preparation(case).patches(picture(image)) for image in case["images"]]
    pixels = torch.cat([one.pixels for one in pages])
    assert references.sha256(pixels) == case["pixel_values"]["sha256_f32"]
    assert [[1, *one.grid] for one in pages] == case["image_grid_thw"]

    prompt = encode(reader, pages, case["rendered_text"])
    assert references.run_lengths(prompt.token_ids) == case["input_ids_rle"]

    with torch.inference_mode():
        logits = reader.model(**prompt.inputs).logits[0]
    expected = references.numbers("dots-ocr", f"{name}.logits")
    if expected is None:  # the long case has the best token's alone
        assert abs(logits[-1].max() - case["step_top1"][0]) < 1e-4
    else:
        assert (logits[case["logits_positions"]] - expected).abs().max() < 1e-4

    vocabulary = reader.model_format.vocabulary
    ends, most = vocabulary.tokens(*ENDS), case["max_new_tokens"]
    said = decode(reader.decoder, prompt.inputs, eos=ends, max_tokens=most, watch=Watch())
    assert list(said.generated_ids) == case["generated_ids"]
    assert vocabulary.text(said.generated_ids) == case["generated_text"]


@pytest.mark.parametrize("name", [name for name in CASES if CASES[name]["chat_style"] == "string"])
def test_the_prompt_is_rendered_as_published(name: str) -> None:
    case = CASES[name]
    if len(case["images"]) == 1:
        prompt = replace(PLAIN, text=case["prompt"])
        assert render_prompt(prompt) == case["rendered_text"]
    assert case["prompt"] in (PLAIN.text, LAYOUT.text.split("\n")[0])


@pytest.mark.parametrize(
    "row", GOLDENS["smart_resize_table"], ids=lambda row: "x".join(map(str, row["size_wh"]))
)
def test_pages_are_resized_as_published(row: dict[str, Any]) -> None:
    size = PatchMaker(PUBLISHED).size(*row["size_wh"])
    if "error" in row:  # the publisher refuses a page narrower than one step; ours is read
        assert min(size) >= 28
    else:
        assert list(size) == row["resized_wh"]


@pytest.mark.parametrize(
    ("size", "cap"), [((1654, 2339), 1024), ((2339, 100), 1024), ((600, 400), 300), ((90, 90), 5)]
)
def test_a_cap_holds_for_the_longest_side(size: tuple[int, int], cap: int) -> None:
    resized = PatchMaker(PUBLISHED, longest_side=cap).size(*size)
    assert max(resized) <= max(cap, 56)
    patches = PatchMaker(PUBLISHED, longest_side=cap).patches(Image.new("RGB", size))
    assert (patches.size, patches.places) == (resized, resized[0] * resized[1] // 784)


def test_a_page_within_the_cap_is_not_touched_by_it() -> None:
    assert PatchMaker(PUBLISHED, longest_side=1024).size(300, 200) == PatchMaker(PUBLISHED).size(300, 200)


@pytest.mark.parametrize("size", [(1, 3000), (3000, 1), (1, 1), (20, 400)])
def test_the_narrowest_strip_has_patches(size: tuple[int, int]) -> None:
    patches = PatchMaker(PUBLISHED).patches(Image.new("RGB", size))
    assert patches.size == PatchMaker(PUBLISHED).size(*size)
    assert patches.places >= 1


def test_transparent_paper_is_white_and_a_grey_page_is_a_page() -> None:
    prepare = PatchMaker(PUBLISHED).patches
    white = prepare(Image.new("RGB", (60, 60), "white")).pixels
    assert torch.equal(prepare(Image.new("RGBA", (60, 60), (0, 0, 0, 0))).pixels, white)
    assert torch.equal(prepare(Image.new("L", (60, 60), 255)).pixels, white)


def test_a_page_is_turned_as_its_file_says() -> None:
    image = picture("p300x200.png").convert("RGB")
    turned = image.transpose(Image.Transpose.ROTATE_90)
    turned.getexif()[0x0112] = 6
    assert PatchMaker(PUBLISHED).patches(turned).size == PatchMaker(PUBLISHED).size(300, 200)


def test_pages_of_one_prompt_do_not_see_each_other(reader: ModelReader) -> None:
    one, two = (PatchMaker(PUBLISHED).patches(picture(name)) for name in ("p300x200.png", "rgba641x480.png"))
    both = torch.cat([one.pixels, two.pixels])
    with torch.inference_mode():
        alone = reader.model.vision_tower(one.pixels, [one.grid], lambda: None)
        together = reader.model.vision_tower(both, [one.grid, two.grid], lambda: None)
    assert (together[: one.places] - alone).abs().max() < 1e-4


def test_float32_rows_make_nothing_but_float32(reader: ModelReader) -> None:
    made = dtypes_made(lambda: reader.read([page()], Watch()))
    assert {dtype for dtype in made if dtype.is_floating_point} == {torch.float32}


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float16"])
def test_everything_has_the_dtype_of_the_row(dtype: str) -> None:
    reader = load(ENTRY, CHECKPOINT, DeviceRow("cpu", dtype), ReadOptions(max_tokens=3))
    assert floating_dtypes(reader.model) == {getattr(torch, dtype)}
    (text,) = reader.read([page()], Watch())
    assert text.tokens == 3


def saying(reader: ModelReader, *answers: str, ending: Ending = Ending.FINISHED) -> ModelReader:
    """The reader with words put into the model's mouth, one answer after the other."""
    texts = iter(answers)

    class Scripted(ModelReader):
        def ask_once(self, *_: Any) -> ModelAnswer:
            return ModelAnswer(next(texts), ending, Transcript((1,), (2, 3), ""))

    fields = {name: getattr(reader, name) for name in ModelReader.__dataclass_fields__}
    return Scripted(**fields)


def test_a_layout_becomes_blocks(reader: ModelReader) -> None:
    title = {"bbox": [0, 0, 154, 98], "category": "Title", "text": "Hello"}
    below = {"bbox": [0, 98, 308, 196], "category": "Picture"}
    (text,) = saying(reader, json.dumps([title, below])).read([page()], Watch())
    assert text.markdown == "# Hello\n\n![Figure 1](figure:figure-1.png)"
    assert text.blocks[0].box is not None
    assert (text.blocks[0].box.right, text.blocks[0].box.bottom) == (0.5, 0.5)
    assert text.warnings == ()


def test_a_page_without_a_layout_is_read_as_plain_text_and_says_so(reader: ModelReader) -> None:
    (text,) = saying(reader, "no layout", "# Plain\n\ntext").read([page()], Watch())
    assert [block.kind for block in text.blocks] == [BlockKind.TITLE, BlockKind.TEXT]
    assert text.warnings == (NO_LAYOUT,)


def test_broken_json_is_repaired_rather_than_read_again(reader: ModelReader) -> None:
    cut = '[{"bbox": [0, 0, 9, 9], "category": "Text", "text": "kept'
    (text,) = saying(reader, cut, ending=Ending.TOKEN_LIMIT).read([page()], Watch())
    assert (text.markdown, text.ending, text.warnings) == ("kept", Ending.TOKEN_LIMIT, ())


def test_the_real_model_falls_back_when_it_speaks_nonsense(reader: ModelReader) -> None:
    (text,) = reader.read([page()], Watch())
    assert text.warnings == (NO_LAYOUT,)
    assert text.transcript is not None
    assert text.transcript.generated_ids == tuple(CASES["ocr_p300x200"]["generated_ids"])


def test_a_reference_can_be_asked_for_by_its_own_prompt() -> None:
    case = CASES["ocr_p300x200"]
    options = ReadOptions(prompt=f"<image>\n{case['prompt']}", max_tokens=case["max_new_tokens"])
    (text,) = load(ENTRY, CHECKPOINT, CPU_FLOAT32, options).read([page()], Watch())
    assert text.transcript is not None
    assert len(text.transcript.prompt_ids) == case["n_tokens"]
    assert list(text.transcript.generated_ids) == case["generated_ids"]
    assert text.warnings == ()


def test_a_layout_with_nothing_in_it_is_no_layout(reader: ModelReader) -> None:
    (text,) = saying(reader, "[]", "words").read([page()], Watch())
    assert (text.markdown, text.warnings) == ("words", (NO_LAYOUT,))


def test_a_page_that_loops_is_read_again_as_plain_text(reader: ModelReader) -> None:
    looping = '[{"bbox": [0, 0, 9, 9], "category": "Text", "text": "no no'
    (text,) = saying(reader, looping, "words", ending=Ending.LOOP_CUT).read([page()], Watch())
    assert READ_AGAIN in text.warnings
    assert [attempt.mode for attempt in reader.attempts] == ["layout", "text"]


def test_a_device_without_convolution_and_scatter_reads_the_same() -> None:
    """No correction is needed, and nothing but the chosen tokens comes back from the device."""
    reader = load(ENTRY, CHECKPOINT, DeviceRow("cpu", "float32"), ReadOptions(prompt="text", max_tokens=24))
    with pretend_npu() as npu:
        moved(reader.model)
        (text,) = reader.read([page()], Watch())
    assert text.transcript is not None
    assert list(text.transcript.generated_ids) == CASES["ocr_p300x200"]["generated_ids"]
    assert {(dtype, count) for _, dtype, count in npu.read_back} == {(torch.int64, 1)}


def test_an_n_gram_rule_of_zero_is_none(reader: ModelReader) -> None:
    said = reader.ask(page(), Attempt("text", no_repeat_ngram=0, guarded=False), Watch())
    assert list(said.transcript.generated_ids) == CASES["ocr_p300x200"]["generated_ids"]


def test_an_n_gram_rule_of_ones_own_is_followed_and_nothing_is_read_again(reader: ModelReader) -> None:
    attempt = Attempt("layout", no_repeat_ngram=1, guarded=False)
    said = reader.ask(page(), attempt, Watch()).transcript.generated_ids
    assert len(set(said)) == len(said)


def test_reading_stops_within_the_tower_when_cancelled(reader: ModelReader) -> None:
    watch = Watch()
    watch.cancel.set()
    with pytest.raises(Cancelled):
        encode(reader, [PatchMaker(PUBLISHED).patches(picture("p300x200.png"))], render_prompt(PLAIN), watch)


@pytest.mark.parametrize(
    ("options", "word"), [(ReadOptions(mode="tiles"), "tiles"), (ReadOptions(prompt="figure"), "figure")]
)
def test_a_mode_or_prompt_it_has_not_is_refused(options: ReadOptions, word: str) -> None:
    with pytest.raises(ReaderError, match=word):
        load(ENTRY, CHECKPOINT, CPU_FLOAT32, options)


def without(folder: Path, name: str) -> None:
    (folder / name).unlink()


def cut(folder: Path, name: str) -> None:
    (folder / name).write_bytes((folder / name).read_bytes()[:-100])


def other_sizes(folder: Path, name: str) -> None:
    config = json.loads((folder / name).read_text())
    config["vision_config"]["num_hidden_layers"] = 4
    (folder / name).write_text(json.dumps(config))


def no_tower(folder: Path, name: str) -> None:
    config = json.loads((folder / name).read_text())
    del config["vision_config"]["embed_dim"]
    (folder / name).write_text(json.dumps(config))


def empty(folder: Path, name: str) -> None:
    (folder / name).write_text("{}")


@pytest.mark.parametrize(
    ("harm", "name", "sentence"),
    [
        (without, "model-00002-of-00002.safetensors", "model-00002-of-00002"),
        (cut, "model-00001-of-00002.safetensors", "model-00001-of-00002"),
        (without, "tokenizer.json", "tokenizer.json"),
        (cut, "tokenizer.json", "tokenizer.json"),
        (without, "preprocessor_config.json", "preprocessor_config.json"),
        (empty, "preprocessor_config.json", "preprocessor_config.json"),
        (other_sizes, "config.json", r"vision_tower\.blocks\.3.* missing from the weights"),
        (no_tower, "config.json", "embed_dim"),
        (empty, "config.json", "architecture"),
    ],
)
def test_a_checkpoint_that_does_not_fit_is_refused_with_a_sentence(
    harm: Any, name: str, sentence: str, tmp_path: Path
) -> None:
    for file in CHECKPOINT.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    harm(tmp_path, name)
    with pytest.raises(WeightsError, match=sentence):
        load(ENTRY, tmp_path, CPU_FLOAT32, ReadOptions())
