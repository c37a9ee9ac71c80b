"""Numbers that are none end a page at once, and the model goes on in a format with more range."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from papertray.engine.choice import ReaderChoice, load_reader_from
from papertray.engine.devices.ladder import Rung, wider_rung
from papertray.engine.devices.rows import CPU_FLOAT32, DeviceRow
from papertray.engine.inference.finite import NumbersOverflowed, best_tokens, read_tokens
from papertray.engine.models.catalog import find_entry
from papertray.engine.pages import Reader, ReadOptions, Watch
from tests.engine.readers import references

PAGE = references.page("p300x200.png")
DOWN = {
    "deepseek-ocr": "model.layers.1.mlp.shared_experts.down_proj.weight",
    "deepseek-ocr-2": "model.layers.1.mlp.shared_experts.down_proj.weight",
    "dots-ocr": "model.layers.1.mlp.down_proj.weight",
}
ROUTED = "model.layers.1.mlp.experts.0."
HUGE = 320.0
FLOAT16 = DeviceRow("cpu", "float16", wider=("bfloat16", "float32"))
each_model = pytest.mark.parametrize("model", DOWN)


def changed_checkpoint(model: str, folder: Path, change: Callable[[Tensor], Tensor]) -> Path:
    """The reference set's, with other numbers in one layer, and in one of its experts."""
    shutil.copytree(references.checkpoint(model), folder, dirs_exist_ok=True)
    for shard in folder.glob("*.safetensors"):
        tensors = load_file(shard)
        for name in tensors:
            if name.replace("up_proj", "down_proj") == DOWN[model] or name.startswith(ROUTED):
                tensors[name] = change(tensors[name].clone())
        save_file(tensors, shard, metadata={"format": "pt"})
    return folder


def open_reader(model: str, folder: Path, *rows: DeviceRow) -> Reader:
    options = ReadOptions(max_tokens=6, no_repeat_ngram=0, prompt="text")
    return load_reader_from(folder, ReaderChoice(find_entry(model), rows), options)


def with_one_infinite(weight: Tensor) -> Tensor:
    weight[3, 5] = float("inf")
    return weight


def tokens_of(reader: Reader) -> tuple[int, ...]:
    (text,) = reader.read([PAGE], Watch())
    assert text.transcript is not None
    return text.transcript.generated_ids


@each_model
def test_one_infinite_weight_ends_the_page_at_its_first_token(model: str, tmp_path: Path) -> None:
    folder = changed_checkpoint(model, tmp_path, with_one_infinite)
    counts: list[int] = []
    with pytest.raises(NumbersOverflowed) as fault:
        open_reader(model, folder, CPU_FLOAT32).read([PAGE], Watch(progress=counts.append))
    assert fault.value.sentence.startswith("The model's numbers overflowed on cpu in float32")
    assert "The page is not to blame." in fault.value.sentence
    assert counts == []


@each_model
def test_activations_beyond_float16_have_the_page_read_in_a_wider_format(model: str, tmp_path: Path) -> None:
    folder = changed_checkpoint(model, tmp_path, lambda weight: weight * HUGE)
    assert load_file(next(folder.glob("*.safetensors")))[DOWN[model]].abs().max() < 1000
    exact = tokens_of(open_reader(model, folder, CPU_FLOAT32))
    reader = open_reader(model, folder, FLOAT16)
    tokens_of(reader)
    assert reader.identity.device == "cpu in bfloat16"
    assert reader.rung == "bfloat16, because numbers overflowed in float16"
    other = open_reader(model, folder, replace(FLOAT16, wider=("float32",)))
    assert (tokens_of(other), other.identity.device) == (exact, "cpu in float32")


def test_without_a_wider_format_there_the_page_goes_to_the_next_device(tmp_path: Path) -> None:
    folder = changed_checkpoint("dots-ocr", tmp_path, lambda weight: weight * HUGE)
    elsewhere = replace(CPU_FLOAT32, device="another")
    with pytest.raises(NumbersOverflowed, match="cpu in float16"):
        open_reader("dots-ocr", folder, replace(FLOAT16, wider=())).read([PAGE], Watch())
    rung = wider_rung(Rung(replace(FLOAT16, wider=())), (replace(FLOAT16, wider=()), elsewhere))
    assert rung is not None
    assert (rung.row, rung.given_up) == (
        elsewhere,
        "moved from cpu to another, because numbers overflowed in float16",
    )


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
def test_a_score_that_is_no_number_is_no_token(bad: float) -> None:
    scores = torch.tensor([[0.0, 2.0, 1.0], [0.0, 2.0, bad]])
    assert read_tokens(best_tokens(scores[:1])) == [1]
    with pytest.raises(NumbersOverflowed):
        read_tokens(best_tokens(scores))


def test_what_a_rule_forbids_is_no_fault() -> None:
    scores: Any = torch.tensor([[0.0, 2.0, 1.0]])
    forbidden = scores.index_fill(1, torch.tensor([1]), float("-inf"))
    assert read_tokens(best_tokens(scores, forbidden)) == [2]
