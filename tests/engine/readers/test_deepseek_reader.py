"""The DeepSeek readers beyond the reference numbers: modes, prompts, odd images, stopping, number formats."""

import copy
import io
import json
import shutil
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file

from papertray.engine.devices.rows import CPU_FLOAT32, DeviceRow
from papertray.engine.errors import Cancelled
from papertray.engine.inference.checkpoint import Checkpoint, CheckpointMisfit, open_checkpoint
from papertray.engine.inference.readings import READ_AGAIN, NoSuchMode
from papertray.engine.models.catalog import find_entry
from papertray.engine.pages import Ending, PageImage, ReadOptions, Watch
from papertray.engine.readers.deepseek import ocr, ocr2
from papertray.engine.readers.deepseek.prompts import PROMPTS, ImageTwice, NoSuchPrompt, prompt_text
from papertray.engine.readers.deepseek.views import ViewMode, make_views
from tests.engine.readers import references
from tests.engine.readers.dtypes import dtypes_made, floating_dtypes
from tests.engine.readers.random_models import FULL_SHAPES

MODULES = {"deepseek-ocr": ocr, "deepseek-ocr-2": ocr2}
BRIEF = ReadOptions(max_tokens=8)
SHARD = "model-00001-of-000001.safetensors"


def load(
    model: str, row: DeviceRow = CPU_FLOAT32, options: ReadOptions = BRIEF, folder: Path | None = None
) -> Any:
    folder = folder or references.checkpoint(model)
    return MODULES[model].load(find_entry(model), folder, row, options)


@pytest.fixture(scope="module", params=MODULES)
def reader(request: pytest.FixtureRequest) -> Any:
    return load(request.param)


PAGE = references.page("p300x200.png")


# modes and prompts


@pytest.mark.parametrize("model", MODULES)
def test_every_mode_reads_a_page(model: str) -> None:
    for mode in MODULES[model].MODES:
        (text,) = load(model, options=ReadOptions(mode=mode, max_tokens=2)).read([PAGE], Watch())
        assert text.tokens == 2


def test_an_unknown_mode_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(NoSuchMode) as refusal:
        load("deepseek-ocr-2", options=ReadOptions(mode="large"))
    assert refusal.value.sentence == "DeepSeek-OCR 2 has no mode large."
    assert "tiles, small, base" in refusal.value.advice


def test_prompts_are_known_by_name() -> None:
    assert prompt_text("text", PROMPTS) == "<image>\nFree OCR. "


def test_a_prompt_of_ones_own_keeps_its_place_for_the_image() -> None:
    assert prompt_text("Look at <image> and read.", PROMPTS) == "Look at <image> and read."


def test_the_image_comes_first_in_a_prompt_that_does_not_place_it() -> None:
    assert prompt_text("Read the stamp.", PROMPTS) == "<image>\nRead the stamp."


def test_two_images_in_a_prompt_are_refused() -> None:
    with pytest.raises(ImageTwice):
        prompt_text("<image> and <image>", PROMPTS)


def test_a_prompt_that_only_the_other_model_knows_is_refused_not_read_out() -> None:
    with pytest.raises(NoSuchPrompt):
        load("deepseek-ocr-2", options=ReadOptions(prompt="figure"))


def test_text_before_the_image_comes_before_it(reader: Any) -> None:
    placed = load(reader.identity.name, options=ReadOptions(prompt="Free <image>OCR.", max_tokens=1))
    (text,) = placed.read([PAGE], Watch())
    ids, vocabulary = text.transcript.prompt_ids, placed.model_format.vocabulary
    start = (vocabulary.token("<｜begin▁of▁sentence｜>"), *vocabulary.ids("Free "))
    assert ids[: len(start)] == start
    assert ids[-len(vocabulary.ids("OCR.")) :] == vocabulary.ids("OCR.")


# images of other sorts


def saved(image: Image.Image, kind: str, **options: Any) -> PageImage:
    file = io.BytesIO()
    image.save(file, kind, **options)
    opened = Image.open(file)
    opened.load()
    return PageImage(opened)


@pytest.mark.parametrize("kind", ["L", "LA", "1", "P", "RGBA", "CMYK"])
def test_an_image_of_any_sort_is_seen_as_its_colours(kind: str) -> None:
    mode, odd = MODULES["deepseek-ocr"].MODES["tiles"], references.page("p800x1100.png").image.convert(kind)
    assert references.sha256(make_views(odd, mode).whole) == references.sha256(
        make_views(odd.convert("RGB"), mode).whole
    )


def test_a_palette_with_transparency_loses_it() -> None:
    image = PAGE.image.convert("P")
    image.info["transparency"] = bytes([0, 128] * 8)
    seen = make_views(image, ViewMode(512)).whole
    assert references.sha256(seen) == references.sha256(
        make_views(PAGE.image.convert("P").convert("RGB"), ViewMode(512)).whole
    )


@pytest.mark.parametrize(
    ("turn", "said", "back"),
    [
        (Image.Transpose.ROTATE_90, 6, Image.Transpose.ROTATE_270),
        (Image.Transpose.ROTATE_180, 3, Image.Transpose.ROTATE_180),
        (Image.Transpose.ROTATE_270, 8, Image.Transpose.ROTATE_90),
    ],
)
def test_a_photo_is_turned_as_its_file_says(turn: Image.Transpose, said: int, back: Image.Transpose) -> None:
    exif = Image.Exif()
    exif[0x0112] = said
    photo = saved(references.page("p800x1100.png").image.transpose(turn), "JPEG", exif=exif)
    mode = MODULES["deepseek-ocr"].MODES["tiles"]
    turned_back = photo.image.transpose(back)
    upright = Image.frombytes("RGB", turned_back.size, turned_back.tobytes())  # without the note on turning
    assert make_views(photo.image, mode).grid == (2, 3)
    assert references.sha256(make_views(photo.image, mode).whole) == references.sha256(
        make_views(upright, mode).whole
    )


def test_a_page_longer_than_the_row_allows_is_reduced_first() -> None:
    mode = MODULES["deepseek-ocr"].MODES["tiles"]
    page = references.page("p1654x2339.png").image
    reduced = page.resize((453, 640), Image.Resampling.LANCZOS)
    seen = make_views(page, mode, longest_side=640)
    assert (seen.grid, seen.tiles) == ((1, 1), ())
    assert references.sha256(seen.whole) == references.sha256(make_views(reduced, mode).whole)


def test_a_page_within_the_rows_limit_is_left_alone() -> None:
    mode = ViewMode(1024)
    assert references.sha256(make_views(PAGE.image, mode, 300).whole) == references.sha256(
        make_views(PAGE.image, mode).whole
    )


@pytest.mark.parametrize("size", [(1, 1), (1, 4000), (4000, 1), (3, 2500), (641, 1), (40, 9000)])
def test_a_page_of_any_shape_becomes_views(size: tuple[int, int]) -> None:
    for name in ("tiles", "tiny"):
        mode = ocr.MODES[name]
        assert make_views(Image.new("RGB", size), mode, longest_side=512).whole.shape == (
            3,
            mode.side,
            mode.side,
        )
        assert make_views(Image.new("RGB", size), mode).whole.shape == (3, mode.side, mode.side)


def test_the_reader_obeys_its_rows_longest_side() -> None:
    small = load("deepseek-ocr", DeviceRow("cpu", "float32", longest_side=640))
    (text,) = small.read([references.page("p1654x2339.png")], Watch())
    assert text.transcript.prompt_ids.count(small.model_format.vocabulary.token("<image>")) == 273


# stopping, progress, several pages


def test_progress_is_told_token_by_token(reader: Any) -> None:
    seen = list[int]()
    reader.read([PAGE], Watch(threading.Event(), seen.append))
    assert seen == list(range(1, 9))


def test_a_cancel_gives_the_page_back_within_one_token(reader: Any) -> None:
    cancel, seen = threading.Event(), list[int]()

    def progress(tokens: int) -> None:
        seen.append(tokens)
        if tokens == 2:
            cancel.set()

    with pytest.raises(Cancelled):
        reader.read([PAGE], Watch(cancel, progress))
    assert seen == [1, 2]


def test_a_cancel_is_seen_between_two_views_of_a_page(reader: Any) -> None:
    cancel, seen = threading.Event(), list[int]()
    tower = reader.model.model.vision_tower
    hook = tower.register_forward_hook(lambda *_: (seen.append(1), cancel.set())[1])
    with pytest.raises(Cancelled):
        reader.read([references.page("p800x1100.png")], Watch(cancel))
    hook.remove()
    assert seen == [1]


def test_pages_are_answered_in_their_order(reader: Any) -> None:
    other = references.page("rgba641x480.png")
    one_by_one = [reader.read([page], Watch())[0].transcript for page in (other, PAGE)]
    assert [text.transcript for text in reader.read([other, PAGE], Watch())] == one_by_one
    assert one_by_one[0] != one_by_one[1]


def test_a_page_on_which_a_model_falls_into_a_loop_is_read_again() -> None:
    """The tiny model falls into one by itself after some 150 tokens."""
    loose = load("deepseek-ocr", options=ReadOptions(prompt="text", max_tokens=300))
    (text,) = loose.read([references.page("p800x1100.png")], Watch())
    assert text.warnings[:1] == (READ_AGAIN,)
    assert text.ending is Ending.TOKEN_LIMIT
    assert len(text.transcript.generated_ids) == 300
    assert 300 < text.tokens < 600
    assert (
        text.transcript.prompt_ids.count(loose.model_format.vocabulary.token("<image>")) == 273
    )  # the mode without tiles


# checkpoints of other sizes


def test_a_checkpoint_with_other_ids_and_fewer_layers_is_read_all_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "weights"
    shutil.copytree(references.checkpoint("deepseek-ocr"), folder)
    swap(folder / "tokenizer.json", "<image>", "<td>")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config["language_config"]["num_hidden_layers"] = 2
    config["vision_config"]["width"]["clip-l-14-224"]["layers"] = 1
    config["vision_config"]["width"]["sam_vit_b"] |= {"layers": 3, "global_attn_indexes": [1]}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    gone = ("model.layers.2.", "model.vision_model.transformer.layers.1.", "model.sam_model.blocks.3.")
    tensors = {
        name: tensor for name, tensor in load_file(folder / SHARD).items() if not name.startswith(gone)
    }
    save_file(tensors, folder / SHARD, metadata={"format": "pt"})
    index = {"metadata": {}, "weight_map": dict.fromkeys(tensors, SHARD)}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index), encoding="utf-8")
    other = load("deepseek-ocr", folder=folder)
    (text,) = other.read([PAGE], Watch())
    assert text.transcript.prompt_ids.count(743) == 273
    assert text.tokens == 8


def swap(tokenizer: Path, one: str, other: str) -> None:
    text = tokenizer.read_text(encoding="utf-8")
    data = json.loads(text)
    names = {one: other, other: one}
    for token in data["added_tokens"]:
        token["content"] = names.get(token["content"], token["content"])
    vocabulary = data["model"]["vocab"]
    data["model"]["vocab"] = {names.get(word, word): number for word, number in vocabulary.items()}
    tokenizer.write_text(json.dumps(data), encoding="utf-8")


@pytest.fixture
def of_published_size() -> Checkpoint:
    checkpoint = open_checkpoint(references.checkpoint("deepseek-ocr-2"), find_entry("deepseek-ocr-2"))
    published: Any = copy.deepcopy(checkpoint.config)
    published["vision_config"]["width"]["qwen2-0-5b"]["dim"] = 896
    published["vision_config"]["width"]["sam_vit_b"] |= {"width": 768, "heads": 12, "layers": 12}
    return replace(checkpoint, config=published, shapes=FULL_SHAPES)


def test_sizes_that_config_json_leaves_out_are_those_of_the_weights(of_published_size: Checkpoint) -> None:
    vision = ocr2.native_config(of_published_size, 128815).vision_config
    encoder, sam = vision.encoder_config, vision.sam_config
    assert (encoder.hidden_size, encoder.num_hidden_layers, encoder.num_attention_heads) == (896, 24, 14)
    assert (encoder.num_key_value_heads, encoder.intermediate_size) == (2, 4864)
    assert (encoder.rope_parameters["rope_theta"], encoder.rms_norm_eps) == (1e6, 1e-6)
    assert (sam.hidden_size, sam.output_channels, sam.mlp_dim) == (768, 256, 3072)
    assert sam.downsample_channels[-1] == 896


def test_weights_without_the_last_layers_of_the_encoder_are_not_taken_for_a_smaller_model(
    of_published_size: Checkpoint,
) -> None:
    shapes = {name: shape for name, shape in FULL_SHAPES.items() if ".layers.23." not in name}
    config = ocr2.native_config(replace(of_published_size, shapes=shapes), 128815)
    assert config.vision_config.encoder_config.num_hidden_layers == 24


def test_weights_without_the_tensor_that_tells_a_size_are_refused(of_published_size: Checkpoint) -> None:
    name = "model.sam_model.neck.0.weight"
    shapes = {other: shape for other, shape in FULL_SHAPES.items() if other != name}
    with pytest.raises(CheckpointMisfit, match=f"{name} is missing from the weights"):
        ocr2.native_config(replace(of_published_size, shapes=shapes), 128815)


def test_every_token_of_deepseek_ocr_sees_all_before_it(reader: Any) -> None:
    """Left alone, transformers' class lets it see the last 128 only, and tokens diverge after those."""
    assert set(getattr(reader.model.config.text_config, "layer_types", None) or ["full_attention"]) == {
        "full_attention"
    }


# one number format throughout


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float16"])
@pytest.mark.parametrize("model", MODULES)
def test_everything_a_model_holds_has_the_rows_dtype(model: str, dtype: str) -> None:
    there = load(model, DeviceRow("cpu", dtype))
    assert floating_dtypes(there.model) == {getattr(torch, dtype)}
    embeddings = there.encode_page(references.page("p800x1100.png"), "tiles", Watch()).inputs["inputs_embeds"]
    assert embeddings.dtype == getattr(torch, dtype)
    assert embeddings.isfinite().all()
    assert there.read([PAGE], Watch())[0].tokens == 8


def test_pixels_reach_the_tower_in_the_rows_dtype() -> None:
    there, seen = load("deepseek-ocr", DeviceRow("cpu", "bfloat16")), set[torch.dtype]()
    there.model.model.vision_tower.register_forward_pre_hook(lambda _tower, given: seen.add(given[0].dtype))
    there.read([references.page("p800x1100.png")], Watch())
    assert seen == {torch.bfloat16}


def test_no_bf16_and_no_float64_tensor_is_ever_made_on_a_float32_row(reader: Any) -> None:
    made = dtypes_made(lambda: reader.read([references.page("p800x1100.png")], Watch()))
    assert torch.float32 in made
    assert not made.keys() & {torch.bfloat16, torch.float16, torch.float64}, made


@pytest.mark.parametrize("model", MODULES)
def test_no_float64_tensor_is_made_while_loading(model: str) -> None:
    made = dtypes_made(lambda: load(model))
    assert torch.float64 not in made, made


def test_angles_stay_exact_in_sixteen_bit() -> None:
    """Rounded to bfloat16, the frequencies would put token 8000 many turns away from its place."""
    exact, rounded = load("deepseek-ocr"), load("deepseek-ocr", DeviceRow("cpu", "bfloat16"))
    place = torch.tensor([[8000]])
    sines = [
        there.model.model.language_model.rotary_emb(torch.ones(1, dtype=dtype), place)[1]
        for there, dtype in ((exact, torch.float32), (rounded, torch.bfloat16))
    ]
    assert (sines[0] - sines[1].float()).abs().max() < 0.01


def test_a_closed_reader_lets_its_model_go() -> None:
    there = load("deepseek-ocr")
    there.close()
    assert there.model is None
