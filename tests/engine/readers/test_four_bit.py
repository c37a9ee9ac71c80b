"""4-bit weights are 4-bit, routed experts and all, and the model still says nearly the same."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn
from transformers import BitsAndBytesConfig

from papertray.engine.devices.rows import CPU_FLOAT32, CUDA_4BIT_PATCHES, DeviceRow
from papertray.engine.inference.loading import load_model
from papertray.engine.patches import PatchDoesNotFit, apply_patches
from papertray.engine.patches.experts_4bit import FourBitConfig, FourBitQuantizer, SplitExperts
from tests.engine.readers.dtypes import OperatorsCalled
from tests.engine.readers.random_models import Made, random_checkpoint

bitsandbytes = pytest.importorskip("bitsandbytes")

TOP = Path(__file__).parents[3]
MODELS = ("deepseek-ocr", "deepseek-ocr-2", "dots-ocr")
NF4 = DeviceRow("cpu", "float32", "nf4")
each_model = pytest.mark.parametrize("model", MODELS)
each_with_experts = pytest.mark.parametrize("model", MODELS[:2])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return cache(lambda model: random_checkpoint(model, "small", tmp_path_factory.mktemp(model)))


def load(made: Made, row: DeviceRow) -> Any:
    return load_model(made.model_class, made.checkpoint, made.config, row)


@torch.inference_mode()
def logits(model: nn.Module) -> torch.Tensor:
    tokens = torch.randint(2, 700, (1, 60), generator=torch.Generator().manual_seed(5))
    answer: torch.Tensor = model(input_ids=tokens).logits
    return answer


def off(answer: torch.Tensor, expected: torch.Tensor) -> float:
    return ((answer - expected).norm() / expected.norm()).item()


def expert_weights(model: nn.Module) -> list[nn.Parameter]:
    return [weight for name, weight in model.named_parameters() if ".experts." in name]


@each_with_experts
def test_bitsandbytes_alone_leaves_the_routed_experts_in_16_bit(made: Any, model: str) -> None:
    """The fault that the correction is for."""
    stock = made(model).model_class.from_pretrained(
        made(model).checkpoint.folder,
        config=made(model).config,
        dtype=torch.bfloat16,
        device_map={"": "cpu"},
        quantization_config=BitsAndBytesConfig(load_in_4bit=True),
    )
    assert {weight.dtype for weight in expert_weights(stock)} == {torch.bfloat16}


@each_with_experts
def test_every_routed_expert_is_quantised(made: Any, model: str) -> None:
    weights = expert_weights(load(made(model), NF4))
    assert len(weights) == 2 * 16 * 3
    for weight in weights:
        assert weight.dtype == torch.uint8
        assert weight.quant_state.quant_type == "nf4"
        assert weight.quant_state.nested


@each_model
def test_tower_embeddings_and_head_are_kept_exactly(made: Any, model: str) -> None:
    plain = dict(load(made(model), CPU_FLOAT32).named_parameters())
    kept = {
        name: weight
        for name, weight in load(made(model), NF4).named_parameters()
        if any(part in name for part in ("vision_tower", "multi_modal_projector", "embed_tokens", "lm_head"))
    }
    assert len(kept) > 10
    assert all(torch.equal(weight, plain[name]) for name, weight in kept.items())


@each_model
def test_logits_stay_close_to_float32(made: Any, model: str) -> None:
    expected = logits(load(made(model), CPU_FLOAT32))
    assert off(logits(load(made(model), NF4)), expected) < 0.05


@each_model
def test_the_answer_is_that_of_the_rounded_weights(made: Any, model: str) -> None:
    """Nothing but rounding the weights changes the numbers: not the routing, not the order of the experts."""
    four_bit, twin = load(made(model), NF4), load(made(model), CPU_FLOAT32)
    for path, layer in four_bit.named_modules():
        if isinstance(layer, bitsandbytes.nn.Linear4bit):
            weight = bitsandbytes.functional.dequantize_4bit(layer.weight.data, layer.weight.quant_state)
            plain_weight(twin, path).data.copy_(weight)
    assert off(logits(four_bit), logits(twin)) < 0.005  # the processor's kernel multiplies in bfloat16


@pytest.mark.parametrize("count", [1, 8], ids=["gathered", "all of them asked"])
@each_with_experts
def test_experts_of_few_tokens_answer_with_the_same_numbers_and_without_asking(
    made: Any, model: str, count: int
) -> None:
    """As on a card: the device would be asked for nothing but the tokens."""
    looped, gathered = load(made(model), NF4), load(made(model), NF4)
    apply_patches(gathered, CUDA_4BIT_PATCHES, CUDA_4BIT_PATCHES)
    places = {weight.untyped_storage().data_ptr() for weight in expert_weights(gathered)}
    assert len(places) == 2 * 3, "the layers are views of one piece each"
    tokens = torch.arange(5, 5 + count)[None]
    with torch.inference_mode(), OperatorsCalled() as called:
        answer = gathered(input_ids=tokens).logits
    assert not {"bincount", "nonzero", "item", "_local_scalar_dense", "index_add_"} & called.names
    with torch.inference_mode():
        assert off(answer, looped(input_ids=tokens).logits) < 0.005  # the processor's own rounds to bfloat16
        assert off(logits(gathered), logits(looped)) < 0.005


def test_gathering_says_when_there_is_nothing_in_4_bit(made: Any) -> None:
    with pytest.raises(PatchDoesNotFit, match="4 bit"):
        apply_patches(nn.Linear(2, 2), CUDA_4BIT_PATCHES, CUDA_4BIT_PATCHES)


def plain_weight(model: nn.Module, path: str) -> torch.Tensor:
    """Where the weight of a linear layer lies in the model whose experts are merged."""
    if ".experts." not in path:
        return model.get_submodule(path).weight
    experts, number, projection = path.rsplit(".", 2)
    merged = model.get_submodule(experts)
    if projection == "down_proj":
        return merged.down_proj[int(number)]
    gate, up = merged.gate_up_proj[int(number)].chunk(2)
    return gate if projection == "gate_proj" else up


def test_loading_never_holds_a_second_copy() -> None:
    """In a process of its own, whose memory nobody else fills.

    Weights that wait to be rounded come on top, as many as its threads have read by then: a third, at times.
    """
    script = [sys.executable, "-m", "tests.gpu.full_size", "--size", "medium", "--tokens", "2"]
    asked = [*script, "--model", "deepseek-ocr-2"]
    told = subprocess.run(asked, cwd=TOP, capture_output=True, text=True, check=True, timeout=300)
    (row,) = json.loads(told.stdout)
    assert row["row"] == "cpu in bfloat16 with 4-bit weights"
    assert row["weights_bytes"] < 0.5 * row["published_bytes"]
    assert row["load_peak_bytes"] < 2 * row["weights_bytes"]


def test_a_model_without_a_head_is_refused() -> None:
    quantizer = FourBitQuantizer(FourBitConfig(torch.float32), pre_quantized=False)
    with pytest.raises(PatchDoesNotFit, match="lm_head"):
        quantizer._process_model_before_weight_loading(nn.Sequential(nn.Linear(2, 2)), None)


def test_experts_that_are_no_longer_merged_while_loading_are_noticed(made: Any) -> None:
    experts = next(
        part for part in load(made("deepseek-ocr"), NF4).modules() if isinstance(part, SplitExperts)
    )
    quantizer = FourBitQuantizer(FourBitConfig(torch.float32), pre_quantized=False)
    with pytest.raises(PatchDoesNotFit, match="no longer merges"):
        quantizer.update_weight_conversions([], nn.Sequential(experts))
