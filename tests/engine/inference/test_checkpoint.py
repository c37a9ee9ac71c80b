"""A checkpoint that does not fit is refused with a sentence, before any memory is taken.

The row names a device that no machine has: a refusal that came after loading began would be another error.
"""

import json
import shutil
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load_file, save_file

from papertray.engine.devices.rows import CPU_FLOAT32, DeviceRow
from papertray.engine.inference.checkpoint import CheckpointMisfit, open_checkpoint
from papertray.engine.models.catalog import find_entry
from papertray.engine.pages import ReadOptions
from papertray.engine.readers.deepseek import ocr, ocr2
from tests.engine.readers import references

SHARD = "model-00001-of-000001.safetensors"
INDEX = "model.safetensors.index.json"
ENTRY = find_entry("deepseek-ocr")
NOWHERE = DeviceRow("cuda:99", "float32")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(references.checkpoint("deepseek-ocr"), tmp_path / "weights")
    return tmp_path / "weights"


def change_config(folder: Path, **values: Any) -> None:
    path = folder / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    config["language_config"] |= values
    path.write_text(json.dumps(config), encoding="utf-8")


def change_tensors(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    tensors = load_file(folder / SHARD)
    change(tensors)
    save_file(tensors, folder / SHARD, metadata={"format": "pt"})
    (folder / INDEX).write_text(json.dumps({"weight_map": dict.fromkeys(tensors, SHARD)}), encoding="utf-8")


def cut(folder: Path, size: int) -> None:
    whole = (folder / SHARD).read_bytes()
    (folder / SHARD).write_bytes(whole[:size])


FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "no folder": (lambda folder: shutil.rmtree(folder), "architecture"),
    "no config.json": (lambda folder: (folder / "config.json").unlink(), "architecture"),
    "a config.json that is none": (
        lambda folder: (folder / "config.json").write_text("<html>"),
        "architecture",
    ),
    "no weights": (lambda folder: (folder / SHARD).unlink(), "missing"),
    "an index that is none": (lambda folder: (folder / INDEX).write_text("{"), "index"),
    "an empty shard": (lambda folder: cut(folder, 0), "cut off"),
    "a shard cut in its header": (lambda folder: cut(folder, 400), "cut off"),
    "a shard cut in its weights": (lambda folder: cut(folder, 1_000_000), "cut off"),
    "a pickle under the name": (
        lambda folder: (folder / SHARD).write_bytes(b"\x80\x02}q\x00."),
        "cut off, or no safetensors",
    ),
    "a git pointer under the name": (
        lambda folder: (folder / SHARD).write_text("version https://git-lfs.github.com/spec/v1\n"),
        "cut off, or no safetensors",
    ),
    "a header of monstrous length": (
        lambda folder: (folder / SHARD).write_bytes(struct.pack("<Q", 1 << 60) + b"{}"),
        "cut off, or no safetensors",
    ),
    "no tokenizer": (lambda folder: (folder / "tokenizer.json").unlink(), "tokenizer.json is missing"),
    "a damaged tokenizer": (
        lambda folder: (folder / "tokenizer.json").write_text("{}"),
        "tokenizer.json is damaged",
    ),
    "a tensor missing": (
        lambda folder: change_tensors(folder, lambda tensors: tensors.pop("model.norm.weight")),
        "model.norm.weight is missing from the weights",
    ),
    "a tensor too many": (
        lambda folder: change_tensors(
            folder, lambda tensors: tensors.update(extra=tensors["model.norm.weight"] + 0)
        ),
        "extra is in the weights",
    ),
    "an expert of another layer count": (
        lambda folder: change_config(folder, num_hidden_layers=4),
        "model.layers.3",
    ),
    "a vocabulary of another size": (lambda folder: change_config(folder, vocab_size=900), "another size"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_does_not_fit_is_refused_with_a_sentence_before_memory_is_taken(
    fault: str, folder: Path
) -> None:
    spoil, said = FAULTS[fault]
    spoil(folder)
    with pytest.raises(CheckpointMisfit) as refusal:
        ocr.load(ENTRY, folder, NOWHERE, ReadOptions())
    assert said in refusal.value.sentence
    assert "DeepSeek-OCR" in refusal.value.sentence
    assert "papertray models pull deepseek-ocr" in refusal.value.advice


def test_another_model_is_refused_by_its_name(folder: Path) -> None:
    with pytest.raises(CheckpointMisfit, match="DeepseekOCRForCausalLM, not DeepseekOCR2ForCausalLM"):
        ocr2.load(find_entry("deepseek-ocr-2"), folder, NOWHERE, ReadOptions())


@pytest.mark.parametrize("model", ["deepseek-ocr", "deepseek-ocr-2"])
def test_the_publishers_folder_fits(model: str) -> None:
    found = open_checkpoint(references.checkpoint(model), find_entry(model))
    assert found.shapes["lm_head.weight"] == (768, 64)


def test_an_index_that_transformers_does_not_understand_is_refused(folder: Path) -> None:
    index = json.loads((folder / INDEX).read_text(encoding="utf-8"))
    del index["metadata"]
    (folder / INDEX).write_text(json.dumps(index), encoding="utf-8")
    with pytest.raises(CheckpointMisfit, match="metadata"):
        ocr.load(ENTRY, folder, CPU_FLOAT32, ReadOptions())


def test_the_wanted_names_may_be_given_up_by_their_beginning(folder: Path) -> None:
    found = open_checkpoint(folder, ENTRY)
    wanted = {name: shape for name, shape in found.shapes.items() if not name.startswith("model.sam_model.")}
    found.refuse_unless(wanted, unused=frozenset({"model.sam_model.*"}))
    with pytest.raises(CheckpointMisfit):
        found.refuse_unless(wanted, unused=frozenset())
