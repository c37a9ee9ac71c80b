"""The corrections for devices that lack operators: the fault without each, the same numbers with it."""

import copy
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image
from torch import nn

from papertray.engine.choice import load_model_reader
from papertray.engine.devices.rows import CPU_FLOAT32, MPS_PATCHES, NPU_PATCHES, DeviceRow
from papertray.engine.models.catalog import find_entry
from papertray.engine.pages import PageImage, ReadOptions, Watch
from papertray.engine.patches import PatchDoesNotFit, apply_patches
from papertray.engine.patches.convolution_as_matmul import BlockwiseConv3d, MatmulConv2d
from papertray.engine.patches.gathered_experts import has_routed_experts
from tests.engine.readers import references
from tests.engine.readers.pretend_npu import LACKING, NotOnThisDevice, moved, pretend_npu

REFERENCE = Path(__file__).parents[2] / "reference"


@dataclass(frozen=True)
class Golden:
    """One page of a reference set, as this reader has to read it."""

    model: str
    case: str
    mode: str | None
    prompt: str | None = None

    def reader(self, row: DeviceRow) -> Any:
        known = self.known
        options = ReadOptions(
            mode=self.mode,
            prompt=self.prompt or known["prompt"],
            max_tokens=len(known["generated_ids"]),
            no_repeat_ngram=known.get("no_repeat_ngram_size"),
        )
        folder = REFERENCE / self.model / "checkpoint"
        return load_model_reader(find_entry(self.model), folder, row, options)

    @property
    def known(self) -> dict[str, Any]:
        cases = json.loads((REFERENCE / self.model / "goldens.json").read_text())["cases"]
        return next(case for case in cases if case["name"] == self.case)

    def page(self) -> PageImage:
        return PageImage(Image.open(REFERENCE / "images" / "p300x200.png").convert("RGB"))


GOLDENS = (
    Golden("deepseek-ocr", "crop_p300x200", "tiles"),
    Golden("deepseek-ocr-2", "crop_p300x200", "tiles"),
    Golden("dots-ocr", "ocr_p300x200", None, "text"),
)
each_model = pytest.mark.parametrize("golden", GOLDENS, ids=lambda golden: golden.model)
each_deepseek = pytest.mark.parametrize("golden", GOLDENS[:2], ids=lambda golden: golden.model)


def on_npu(golden: Golden, row: DeviceRow) -> Any:
    """A reader loaded on the processor, its model moved to the pretended device."""
    reader = golden.reader(replace(row, decoding="library"))
    moved(reader.model)
    return reader


def generated(reader: Any, page: PageImage) -> tuple[int, ...]:
    (text,) = reader.read([page], Watch())
    assert text.transcript is not None
    return text.transcript.generated_ids


@each_deepseek
def test_without_the_patches_the_device_has_no_convolution(golden: Golden) -> None:
    reader = on_npu(golden, CPU_FLOAT32)
    with pretend_npu(), pytest.raises(NotOnThisDevice, match="conv2d"):
        reader.read([golden.page()], Watch())


@each_deepseek
def test_without_gathering_the_device_has_no_product_for_experts(golden: Golden) -> None:
    reader = on_npu(golden, replace(CPU_FLOAT32, patches=("convolution_as_matmul",)))
    with pretend_npu(), pytest.raises(NotOnThisDevice, match="grouped_mm"):
        reader.read([golden.page()], Watch())


@each_deepseek
def test_the_models_own_way_with_pixels_scatters(golden: Golden) -> None:
    model = on_npu(golden, replace(CPU_FLOAT32, patches=NPU_PATCHES)).model
    ids = [token for token, count in golden.known["input_ids_rle"] for _ in range(count)]
    with pretend_npu(), torch.inference_mode():
        inputs = torch.tensor([ids], device="npu"), torch.zeros(1, 3, 1024, 1024, device="npu")
        with pytest.raises(NotOnThisDevice, match="masked_scatter"):
            model(*inputs)


@each_model
def test_patched_models_give_the_reference_tokens_on_the_device(golden: Golden) -> None:
    reader = on_npu(golden, replace(CPU_FLOAT32, patches=NPU_PATCHES))
    with pretend_npu():
        assert list(generated(reader, golden.page())) == golden.known["generated_ids"]


@each_model
def test_no_token_has_the_device_asked_for_more_than_itself(golden: Golden) -> None:
    """The page that goes in: once in each layer with experts, how many of its tokens each has."""
    reader = on_npu(golden, replace(CPU_FLOAT32, patches=NPU_PATCHES))
    reads = list[int]()
    with pretend_npu() as device:
        watch = Watch(progress=lambda _tokens: reads.append(len(device.read_back)))
        reader.read([golden.page()], watch)
    assert reads == list(range(reads[0], reads[0] + len(reads)))
    of_the_page, of_tokens = device.read_back[: reads[0] - 1], device.read_back[reads[0] - 1 :]
    sparse = sum("Gathered" in type(part).__name__ for part in reader.model.modules())
    assert (len(of_the_page), sparse) == ((0, 0) if golden.model == "dots-ocr" else (2, 2))
    assert {(name, dtype, count) for name, dtype, count in of_tokens} == {("tolist", torch.int64, 1)}
    assert not any(dtype.is_floating_point for _, dtype, _ in device.read_back)


@pytest.mark.parametrize("patches", [NPU_PATCHES, MPS_PATCHES], ids=["npu", "mps"])
@each_model
def test_a_token_costs_no_more_calls_than_it_must(golden: Golden, patches: tuple[str, ...]) -> None:
    """Of the library's own ways, the loop over experts takes twice as many with 64 of them."""
    reader = on_npu(golden, replace(CPU_FLOAT32, patches=patches))
    calls = list[int]()
    with pretend_npu(LACKING if patches == NPU_PATCHES else ()) as device:
        watch = Watch(progress=lambda _tokens: calls.append(device.operators.total()))
        reader.read([golden.page()], watch)
        reader.encode_page(references.page("p2000x700.png"), reader.attempts[0].mode, Watch())  # in tiles
    a_token = (calls[-1] - calls[0]) / (len(calls) - 1)
    text = getattr(reader.model.model, "language_model", reader.model.model)
    assert a_token < 88 * len(text.layers)
    used = device.operators.keys()
    assert not [name for name in used if any(op in name for op in AVOIDED)]


AVOIDED = ("nonzero", "index_add", "im2col", "col2im", "bicubic", "one_hot", "scatter", "bincount")
"""What some Ascend versions lack or compute on the host: docs/models.md tells people that none is used."""


@each_deepseek
def test_remembered_positions_are_those_of_the_library(golden: Golden) -> None:
    plain, patched = (
        golden.reader(replace(CPU_FLOAT32, patches=patches)) for patches in ((), ("remembered_positions",))
    )
    page = references.page("p2000x700.png")
    expected, *others = (
        reader.encode_page(page, golden.mode, Watch()).inputs["inputs_embeds"]
        for reader in (plain, patched, patched)
    )
    assert all(torch.equal(other, expected) for other in others)


@each_model
def test_embeddings_on_the_processor_leave_the_card_and_change_no_token(golden: Golden) -> None:
    reader = golden.reader(replace(CPU_FLOAT32, patches=("embeddings_on_processor",)))
    assert not [name for name, _ in reader.model.named_parameters() if "embed_tokens" in name]
    assert list(generated(reader, golden.page())) == golden.known["generated_ids"]


@each_deepseek
def test_gathered_experts_have_the_numbers_of_the_librarys_loop(golden: Golden) -> None:
    model = golden.reader(CPU_FLOAT32).model
    experts = next(part for part in model.modules() if has_routed_experts(part))
    made = torch.Generator().manual_seed(4)
    count, _, width = experts.gate_up_proj.shape
    model.set_experts_implementation("eager")
    for rows in (1, 2, 3, 40):
        states = torch.randn(rows, width, generator=made)
        weights, chosen = torch.rand(rows, count, generator=made).topk(2)
        with torch.no_grad():
            expected = type(experts).forward(experts, states, chosen, weights)
            other = copy.deepcopy(experts)
            apply_patches(nn.Sequential(other), ("gathered_experts",), ("gathered_experts",))
            torch.testing.assert_close(other(states, chosen, weights), expected, rtol=1e-5, atol=1e-6)


def test_a_mask_that_no_layer_looks_at_is_not_made() -> None:
    """The class makes its other attention's with these operators, for the page and for every token."""
    reader = on_npu(GOLDENS[0], replace(CPU_FLOAT32, patches=NPU_PATCHES))
    with pretend_npu() as device:
        prompt = reader.encode_page(GOLDENS[0].page(), "tiles", Watch())
        before = device.operators.copy()
        with torch.inference_mode():
            cache = reader.model(**prompt.inputs, use_cache=True).past_key_values
            one = torch.tensor([[5]], device="npu")
            reader.model(input_ids=one, past_key_values=cache, use_cache=True)
    assert not {"bitwise_and", "bitwise_or", "le", "lt", "gt"} & (device.operators - before).keys()


@pytest.mark.parametrize("size", [(15, 15), (16, 23)])
@pytest.mark.parametrize(
    "convolution",
    [
        nn.Conv2d(3, 8, 16, stride=16),  # patches of the towers
        nn.Conv2d(3, 8, 14, stride=14, bias=False),
        nn.Conv2d(3, 8, 1, bias=False),  # the neck
        nn.Conv2d(3, 8, 3, padding=1, bias=False),
        nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False),
        nn.Conv2d(3, 6, (3, 5), stride=(1, 2), padding=(2, 1), dilation=(2, 1)),
        nn.Conv2d(4, 8, 3, padding=1, groups=2),
        nn.Conv2d(3, 8, 14, stride=14, padding="valid"),  # PaddleOCR-VL
    ],
    ids=str,
)
def test_a_convolution_by_products_has_the_same_numbers(
    convolution: nn.Conv2d, size: tuple[int, int]
) -> None:
    made = torch.Generator().manual_seed(3)
    height, width = (max(side, reach) for side, reach in zip(size, convolution.kernel_size, strict=True))
    pixels = torch.randn(2, convolution.in_channels, height, width, generator=made)
    with torch.no_grad():
        expected = convolution(pixels)
        other = nn.Sequential(copy.deepcopy(convolution))
        apply_patches(other, ("convolution_as_matmul",), ("convolution_as_matmul",))
        answer = other(pixels)
    assert isinstance(other[0], MatmulConv2d)
    torch.testing.assert_close(answer, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("size", [(2, 14, 14), (5, 30, 42)])
def test_blocks_of_a_film_have_the_same_numbers(size: tuple[int, ...]) -> None:
    made = torch.Generator().manual_seed(3)
    convolution = nn.Conv3d(3, 8, (2, 14, 14), stride=(2, 14, 14))  # GLM-OCR
    film = torch.randn(4, 3, *size, generator=made)
    with torch.no_grad():
        expected = convolution(film)
        other = nn.Sequential(copy.deepcopy(convolution))
        apply_patches(other, ("convolution_as_matmul",), ("convolution_as_matmul",))
        answer = other(film)
    assert isinstance(other[0], BlockwiseConv3d)
    torch.testing.assert_close(answer, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", NPU_PATCHES)
def test_a_patch_says_when_there_is_nothing_to_correct(name: str) -> None:
    with pytest.raises(PatchDoesNotFit, match=name):
        apply_patches(nn.Linear(2, 2), (name,), (name,))


def test_a_patch_does_not_concern_a_model_without_the_quirk() -> None:
    apply_patches(nn.Linear(2, 2), NPU_PATCHES, ())


@pytest.mark.parametrize(
    ("layer", "why"),
    [
        (nn.Conv1d(1, 1, 2), "Conv1d"),
        (nn.Conv3d(1, 1, 2), "side by side"),
        (nn.Conv3d(1, 1, 2, stride=2, padding=1), "side by side"),
        (nn.Conv2d(1, 1, 3, padding="same"), "zeros"),
        (nn.Conv2d(1, 1, 3, padding=1, padding_mode="reflect"), "zeros"),
    ],
    ids=str,
)
def test_an_unknown_kind_of_convolution_is_refused(layer: nn.Module, why: str) -> None:
    with pytest.raises(PatchDoesNotFit, match=why):
        apply_patches(nn.Sequential(layer), ("convolution_as_matmul",), ("convolution_as_matmul",))
