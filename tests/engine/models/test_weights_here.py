"""Models that are on the disk: taken in by hand, checked, removed."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy
import pytest
from safetensors.numpy import save_file

from papertray.engine.errors import WeightsError
from papertray.engine.models.catalog import find_entry
from papertray.engine.models.weights import Weights
from tests.hub.models import TINY, checkpoint

NAME = "dots-ocr"
ENTRY = find_entry(NAME)
INDEX = "model.safetensors.index.json"
FIRST, SECOND = "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"


@pytest.fixture
def weights(tmp_path: Path) -> Weights:
    return Weights(tmp_path / "models")


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A model's folder as somebody copied it from another machine."""
    folder = tmp_path / "copied"
    shutil.copytree(checkpoint(NAME), folder)
    return folder


def test_where_nothing_is_nothing_is_installed(weights: Weights) -> None:
    assert (weights.presence(ENTRY), weights.installed()) == ("no", ())
    assert weights.path(ENTRY) is None
    assert not weights.folder.exists()


def test_the_best_model_is_named_first(weights: Weights) -> None:
    for name in sorted(TINY):
        weights.add(name, checkpoint(name))
    assert [entry.name for entry in weights.installed()] == ["deepseek-ocr-2", "dots-ocr", "deepseek-ocr"]


def test_a_copy_taken_in_by_hand_stands_alone(weights: Weights, copied: Path) -> None:
    (copied / "modeling_dots.py").write_text("code of others")
    weights.add(NAME, copied)
    shutil.rmtree(copied)
    home = weights.path(ENTRY)
    assert home
    assert all(line.right for line in weights.verify(NAME))
    assert not (home / "modeling_dots.py").exists()


def test_linked_files_stay_where_they_are_when_the_model_is_removed(weights: Weights, copied: Path) -> None:
    weights.add(NAME, copied, link=True)
    assert all(line.right for line in weights.verify(NAME))
    assert weights.remove(NAME) < 100_000
    assert (copied / FIRST).is_file()


@pytest.mark.parametrize("link", [False, True])
def test_files_copied_straight_to_their_place_are_taken_in_there(weights: Weights, link: bool) -> None:
    home = weights.folder / NAME
    shutil.copytree(checkpoint(NAME), home)
    assert weights.installed() == ()
    weights.add(NAME, home, link)
    assert weights.installed() == (ENTRY,)
    assert all(line.right for line in weights.verify(NAME))


def test_a_folder_that_is_not_there_is_named(weights: Weights, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="nowhere is no folder"):
        weights.add(NAME, tmp_path / "nowhere")


def _cut(folder: Path) -> None:
    os.truncate(folder / FIRST, 100_000)


def _pickle(folder: Path) -> None:
    (folder / FIRST).write_bytes(b"\x80\x04\x95 a pickle, not safetensors" * 100)


def _lose_a_shard(folder: Path) -> None:
    (folder / SECOND).unlink()


def _lose_the_index(folder: Path) -> None:
    (folder / INDEX).unlink()


def _break_the_index(folder: Path) -> None:
    (folder / INDEX).write_text('{"weight_map": {')


def _point_outside(folder: Path) -> None:
    _change(folder / INDEX, lambda index: index["weight_map"].update({"lm_head.weight": "../../etc/passwd"}))


def _name_another_key(folder: Path) -> None:
    _change(folder / INDEX, lambda index: index["weight_map"].update({"one.more.weight": FIRST}))


def _claim_another_architecture(folder: Path) -> None:
    _change(folder / "config.json", lambda config: config.update(architectures=["Qwen2ForCausalLM"]))


def _lose_the_config(folder: Path) -> None:
    (folder / "config.json").unlink()


def _halve(folder: Path) -> None:
    """The shard with the same keys, as 16-bit integers."""
    index = json.loads((folder / INDEX).read_text())["weight_map"]
    keys = [key for key, shard in index.items() if shard == FIRST]
    save_file({key: numpy.zeros(1, "int16") for key in keys}, folder / FIRST)


def _change(path: Path, change: Callable[[dict], object]) -> None:  # type: ignore[type-arg]
    data = json.loads(path.read_text())
    change(data)
    path.write_text(json.dumps(data))


FAULTS = {
    _cut: (FIRST, "cut off, or no safetensors file"),
    _pickle: (FIRST, "cut off, or no safetensors file"),
    _lose_a_shard: ("keys", f"missing: {SECOND}"),
    _lose_the_index: ("keys", f"there is no {INDEX}"),
    _break_the_index: ("keys", f"{INDEX} is damaged"),
    _point_outside: ("keys", "names a file outside the folder"),
    _name_another_key: ("keys", "not as in the index: one.more.weight"),
    _claim_another_architecture: ("architecture", "Qwen2ForCausalLM, not DotsOCRForCausalLM"),
    _lose_the_config: ("architecture", "nothing, not DotsOCRForCausalLM"),
    _halve: ("dtypes", "I16"),
}


@pytest.mark.parametrize("damage", FAULTS, ids=lambda damage: damage.__name__.strip("_"))
def test_a_checkpoint_that_does_not_fit_is_refused_and_told_by_verify(
    weights: Weights, copied: Path, damage: Callable[[Path], None]
) -> None:
    what, detail = FAULTS[damage]
    weights.add(NAME, copied)
    home = weights.path(ENTRY)
    assert home
    damage(copied)
    damage(home)
    wrong = [line for line in weights.verify(NAME) if not line.right]
    assert any(line.what == what and detail in line.detail for line in wrong)
    with pytest.raises(WeightsError, match=r"These files are not dots\.ocr"):
        Weights(weights.folder.parent / "other").add(NAME, copied)


def test_a_refused_copy_leaves_the_model_that_was_there(weights: Weights, copied: Path) -> None:
    weights.add(NAME, copied)
    _cut(copied)
    with pytest.raises(WeightsError):
        weights.add(NAME, copied)
    assert all(line.right for line in weights.verify(NAME))


def test_verify_finds_a_single_wrong_byte_and_a_lost_file(weights: Weights, copied: Path) -> None:
    weights.add(NAME, copied)
    home = weights.path(ENTRY)
    assert home
    data = bytearray((home / FIRST).read_bytes())
    data[-1] ^= 1
    (home / FIRST).write_bytes(data)
    (home / "vocab.json").unlink()
    wrong = {line.what: line.detail for line in weights.verify(NAME) if not line.right}
    assert wrong == {FIRST: "other bytes than fetched", "vocab.json": "missing"}


def test_verify_of_a_model_that_is_not_here_says_how_to_get_it(weights: Weights) -> None:
    with pytest.raises(
        WeightsError, match=r"not here\. Fetch it with `papertray models pull dots-ocr`, or copy"
    ):
        weights.verify(NAME)


def test_remove_clears_everything_and_says_how_much(weights: Weights, copied: Path) -> None:
    weights.add(NAME, copied)
    partial = weights.folder / f"{NAME}.partial"
    partial.mkdir()
    (partial / "model.safetensors.0123.part").write_bytes(bytes(1000))
    before = sum(path.stat().st_size for path in weights.folder.rglob("*") if path.is_file())
    assert weights.remove(NAME) == before > 1_000_000
    assert not [path for path in weights.folder.rglob("*") if path.is_dir() or path.stat().st_size]
    assert weights.remove(NAME) == 0


def test_notes_that_point_out_of_the_folder_are_not_trusted(weights: Weights, copied: Path) -> None:
    weights.add(NAME, copied)
    notes = weights.folder / NAME / "papertray.json"
    _change(notes, lambda manifest: manifest["files"][0].update(path="../../secret"))
    assert weights.manifest(ENTRY) is None


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="file permissions are of another kind here")
def test_a_models_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path, copied: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(WeightsError, match="file"):
        Weights(tmp_path / "file" / "models").add(NAME, copied)
