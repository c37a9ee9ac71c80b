"""A model rounded to 8 bits is kept beside its files, and is the same when it is loaded from there."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from papertray.engine.choice import load_model_reader
from papertray.engine.devices.processor import has_eight_bit_product
from papertray.engine.devices.rows import ROWS, DeviceRow
from papertray.engine.inference.decoder.compiled import compile_few_rows
from papertray.engine.inference.rounded_weights import FILE
from papertray.engine.models.catalog import find_entry
from papertray.engine.models.manifest import MANIFEST, Manifest
from papertray.engine.pages import LoadProgress, ReadOptions, Watch, ignore_progress
from tests.engine.readers import references
from tests.engine.readers.small_models import write_small_model

pytestmark = pytest.mark.skipif(not has_eight_bit_product(), reason="this processor has no 8-bit product")

LARGE, SMALL = (
    ("deepseek-ocr", "deepseek-ocr-2", "dots-ocr"),
    ("paddleocr-vl", "glm-ocr", "lightonocr-3", "minicpm-ocr"),
)
INT8 = next(row for row in ROWS if row.weights == "int8")


@pytest.fixture
def fetched(tmp_path: Path) -> Callable[[str], Path]:
    """A model's folder as it is after `papertray models pull`."""

    def make(model: str) -> Path:
        folder = tmp_path / model
        if model in SMALL:
            folder = write_small_model(model, folder)
        else:
            shutil.copytree(references.checkpoint(model), folder)
        Manifest(model, "", "", ()).write(folder)
        return folder

    return make


@torch.inference_mode()
def scores(
    model: str, folder: Path, row: DeviceRow = INT8, progress: LoadProgress = ignore_progress
) -> Tensor:
    reader: Any = load_model_reader(find_entry(model), folder, row, ReadOptions(progress=progress))
    page = reader.encode_page(references.page("p300x200.png"), reader.attempts[0].mode, Watch())
    context, first = reader.decoder.begin(page.inputs)
    return torch.cat([first, reader.decoder.step([context], [[5]])])


def made(folder: Path) -> int:
    """Which file it is: another one, where it was written anew."""
    return (folder / FILE).stat().st_ino


@pytest.mark.parametrize("model", [*LARGE, *SMALL])
def test_the_second_load_gives_the_same_numbers(fetched: Callable[[str], Path], model: str) -> None:
    """And tells how far it is, as the first does."""
    folder = fetched(model)
    first = scores(model, folder)
    before = made(folder)
    shares: list[float] = []
    assert torch.equal(scores(model, folder, progress=shares.append), first)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert shares == sorted(shares)
    assert len(set(shares)) > 10
    assert made(folder) == before
    assert not (folder / f"{FILE}.partial").exists()


@pytest.mark.skipif(
    not Path("/proc/self/maps").exists() or compile_few_rows() is None,
    reason="only Linux says what is mapped, and without a compiler all of it is packed",
)
def test_the_second_load_leaves_experts_and_head_where_they_lie_in_the_file(
    fetched: Callable[[str], Path],
) -> None:
    """So that a load takes no more memory than the file and what is joined of a layer."""
    folder = fetched("deepseek-ocr")
    scores("deepseek-ocr", folder)
    reader: Any = load_model_reader(find_entry("deepseek-ocr"), folder, INT8, ReadOptions())
    *_, last = reader.decoder.layers
    weights = [
        reader.decoder.head.numbers,
        last.out.numbers,
        last.feed_forward.one_by_one.shared.down.numbers,
    ]
    weights += [last.feed_forward.gate_up[0], last.feed_forward.down[0]]
    lines = Path("/proc/self/maps").read_text().splitlines()
    mapped = [line.split()[0].split("-") for line in lines if line.endswith(str(folder / FILE))]
    for each in weights:
        first, end = each.data_ptr(), each.data_ptr() + each.nbytes
        assert any(int(start, 16) <= first and end <= int(stop, 16) for start, stop in mapped)


def test_what_does_not_fit_the_models_files_is_made_anew(fetched: Callable[[str], Path]) -> None:
    model, folder = "dots-ocr", fetched("dots-ocr")
    first = scores(model, folder)
    whole = (folder / FILE).read_bytes()
    (folder / FILE).write_bytes(whole[: len(whole) // 2])
    assert torch.equal(scores(model, folder), first)
    assert (folder / FILE).read_bytes() == whole
    before = made(folder)
    weights = next(folder.glob("*.safetensors"))
    os.utime(weights, ns=(1, 1))
    assert torch.equal(scores(model, folder), first)
    assert made(folder) != before


def test_it_is_kept_only_where_papertray_keeps_models_and_has_room(
    fetched: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = fetched("dots-ocr")
    with monkeypatch.context() as full:
        usage = shutil.disk_usage(folder)
        full.setattr(shutil, "disk_usage", lambda _folder: usage._replace(free=1000))
        scores("dots-ocr", folder)
    (folder / MANIFEST).unlink()
    scores("dots-ocr", folder)
    assert not (folder / FILE).exists()
