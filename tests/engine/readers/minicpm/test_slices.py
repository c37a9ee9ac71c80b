"""Pictures, sizes and marks are those of transformers' own preparation, whatever the page's shape."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw
from torch.nn import functional
from transformers.image_utils import SizeDict
from transformers.models.minicpm_ocr.image_processing_minicpm_ocr import MiniCPMOcrImageProcessor
from transformers.models.minicpm_ocr.processing_minicpm_ocr import MiniCPMOcrProcessor

from papertray.engine.devices.rows import CPU_FLOAT32, DeviceRow
from papertray.engine.errors import Cancelled, WeightsError
from papertray.engine.inference.checkpoint import open_checkpoint
from papertray.engine.models.catalog import find_entry
from papertray.engine.pages import PageImage, ReadOptions, Watch
from papertray.engine.readers.minicpm import reader
from papertray.engine.readers.minicpm.reader import FAMILY, IMAGE, SLICE, SlicedFormat
from papertray.engine.readers.minicpm.slices import ENLARGED, PageSlicer
from papertray.engine.readers.templated import MODE, open_templated
from tests.engine.readers.small_models import MINICPM, write_small_model

SHAPES = [(200, 140), (90, 61), (30, 26), (640, 70), (310, 905), (1200, 900)]
RESOLUTION = 224


def load(*given: Any) -> Any:
    return reader.load(*given)


class WithoutTorchvision(MiniCPMOcrImageProcessor):  # type: ignore[misc]
    """With the operators that torchvision calls."""

    def resize(self, image: Any, size: SizeDict, **_: Any) -> Any:
        target = size.height, size.width
        return functional.interpolate(image[None], target, mode="bicubic", antialias=True)[0]

    def normalize(self, image: Any, mean: Any, std: Any, **_: Any) -> Any:
        return (image - mean[:, None, None]) / std[:, None, None]


def drawn(width: int, height: int) -> Image.Image:
    """Small letters above, large ones below."""
    page = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(page)
    for top in range(4, height // 2, 11):
        for left in range(3, width - 8, 7):
            draw.rectangle((left, top, left + 4, top + 7), fill=(left % 90, 20, 40))
    draw.rectangle((width // 5, height // 2, width // 2, height * 3 // 4), fill="navy")
    return page


def librarys(page: Image.Image, how: str) -> Any:
    return WithoutTorchvision()._preprocess(
        [torch.from_numpy(np.array(page)).permute(2, 0, 1)],
        do_resize=True,
        resample=Image.Resampling.BICUBIC,
        do_rescale=True,
        rescale_factor=1 / 255,
        do_normalize=True,
        image_mean=(0.5, 0.5, 0.5),
        image_std=(0.5, 0.5, 0.5),
        max_slice_nums=9,
        scale_resolution=RESOLUTION,
        patch_size=14,
        slice_mode=True,
        small_image_upsize=how,
        return_tensors="pt",
        disable_grouping=True,
    )


@pytest.mark.parametrize("how", ENLARGED)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_page_is_cut_as_by_the_library(shape: tuple[int, int], how: str) -> None:
    page = drawn(*shape)
    slicer = PageSlicer(scale_resolution=RESOLUTION, small_image_upsize=how)
    mine, expected = slicer([page]), librarys(page, how)
    assert mine["target_sizes"].tolist() == expected["target_sizes"].tolist()
    assert mine["slice_grid"].tolist() == list(expected["grids"][0])
    torch.testing.assert_close(mine["pixel_values"], expected["pixel_values"], atol=1e-6, rtol=0)
    format_ = SlicedFormat.__new__(SlicedFormat)
    object.__setattr__(format_, "place", "@")
    object.__setattr__(format_, "processor", slicer)
    counts = (mine["target_sizes"].prod(-1) // 4).tolist()
    marks = format_._marks(counts, mine["slice_grid"].tolist())
    assert marks == f"<image_id>0</image_id>{librarys_marks(expected)}"


def librarys_marks(prepared: Any) -> str:
    names = dict(zip(("image_start_token", "image_end_token"), IMAGE, strict=True))
    names |= dict(zip(("slice_start_token", "slice_end_token"), SLICE, strict=True))
    processor = SimpleNamespace(**names, image_token="@", slice_mode=True)
    text: str = MiniCPMOcrProcessor.replace_image_token(
        processor, prepared, image_idx=0, image_token_divisor=4
    )
    return text


def test_a_preparation_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    folder = write_small_model("minicpm-ocr", tmp_path)
    (folder / "preprocessor_config.json").write_text('{"small_image_upsize": "sometimes"}')
    with pytest.raises(WeightsError, match=r"preprocessor_config\.json"):
        load(find_entry("minicpm-ocr"), folder, CPU_FLOAT32, ReadOptions())


def test_a_region_is_asked_for_in_its_own_words(tmp_path: Path) -> None:
    checkpoint = open_checkpoint(write_small_model("minicpm-ocr", tmp_path), find_entry("minicpm-ocr"))
    opened = open_templated(FAMILY, checkpoint, CPU_FLOAT32, ReadOptions(), FAMILY.elements)
    words = {
        element: opened.model_format.text(
            opened.encode_page(PageImage(drawn(90, 40)), element, Watch()).token_ids
        )
        for element in FAMILY.elements
    }
    for element, said in words.items():
        assert said.endswith(f"{FAMILY.elements[element]}<|im_end|>\n<|im_start|>assistant\n")
        assert said.startswith("<|im_start|>user\n<image_id>0</image_id><image><|image_pad|>")


def test_in_4_bit_the_tower_and_how_long_is_remembered_stay_whole(tmp_path: Path) -> None:
    pytest.importorskip("bitsandbytes")
    wide = {"intermediate_size": 128, "linear_value_head_dim": 32}  # what bitsandbytes accepts
    folder = write_small_model("minicpm-ocr", tmp_path, text_config={**MINICPM["text_config"], **wide})
    exact, four_bit = (
        load(find_entry("minicpm-ocr"), folder, row, ReadOptions(mode=MODE))
        for row in (CPU_FLOAT32, DeviceRow("cpu", "float32", "nf4", decoding="layers"))
    )
    prompt = exact.encode_page(PageImage(drawn(90, 61)), MODE, Watch())
    with torch.inference_mode():
        (_, expected), (_, answer) = (each.decoder.begin(prompt.inputs) for each in (exact, four_bit))
    assert (answer - expected).norm() < 0.1 * expected.norm()
    layers = {name for name, each in four_bit.model.named_modules() if type(each).__name__ == "Linear4bit"}
    kinds = {name.split(".")[-1] for name in layers}
    assert {"in_proj_qkv", "q_proj", "down_proj"} <= kinds
    assert not {"in_proj_a", "in_proj_b", "lm_head", "fc1", "linear_1"} & kinds


def test_between_two_slices_a_page_can_be_cancelled(tmp_path: Path) -> None:
    folder = write_small_model("minicpm-ocr", tmp_path)
    opened = load(find_entry("minicpm-ocr"), folder, CPU_FLOAT32, ReadOptions(mode=MODE))
    looked = []
    watch = Watch()

    def look(*_: Any) -> None:
        looked.append(1)
        watch.cancel.set()

    opened.model.model.vision_tower.register_forward_hook(look)
    with pytest.raises(Cancelled):
        opened.encode_page(PageImage(drawn(300, 200)), MODE, watch)
    assert looked == [1]
