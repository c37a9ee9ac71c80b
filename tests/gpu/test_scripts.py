"""The scripts for a GPU, in the form that runs everywhere: small models, on whatever device there is."""

import json
from pathlib import Path

import pytest

from papertray.engine.devices.rows import DeviceRow
from tests.engine.readers import references
from tests.engine.readers.random_models import random_checkpoint
from tests.gpu import decoding, four_bit_logits, full_size, steps

MODELS = ["deepseek-ocr", "deepseek-ocr-2", "dots-ocr"]
pytest.importorskip("bitsandbytes")


def test_every_model_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    full_size.main(["--tokens", "4"])
    measured = json.loads(capsys.readouterr().out)
    assert [row["model"] for row in measured][:3] == MODELS or len(measured) > 3
    for row in measured:
        assert row["tokens"] == 4
        assert row["weights_bytes"] < row["published_bytes"]


def test_4_bit_logits_are_measured_against_whole_ones(capsys: pytest.CaptureFixture[str]) -> None:
    four_bit_logits.main([])
    measured = json.loads(capsys.readouterr().out)
    assert [row["model"] for row in measured] == MODELS
    assert all(0 < row["relative_error"] < 0.05 for row in measured)


def test_decoding_is_measured_beside_the_librarys(tmp_path: Path) -> None:
    made = random_checkpoint("deepseek-ocr-2", "small", tmp_path)
    row = DeviceRow("cpu", "bfloat16", decoding="layers")
    measured = decoding.measure_decoding("deepseek-ocr-2", made, row, pages=(2,))
    assert measured["floor_ms"] > 0
    assert measured["library_ms"] > 0
    assert measured["own_ms_2_pages"] > 0


def test_calls_are_counted_of_a_model_that_says_nothing() -> None:
    row = DeviceRow("cpu", "bfloat16")
    folder = references.checkpoint("deepseek-ocr-2")
    assert steps.count_calls("deepseek-ocr-2", folder, row, tokens=1)["aten::item"]


def test_running_out_of_memory_is_a_measurement(monkeypatch: pytest.MonkeyPatch) -> None:
    def runs_out(*_: object) -> None:
        raise RuntimeError("CUDA out of memory. Tried to allocate 9.00 GiB\nmore")

    monkeypatch.setattr(full_size, "_measured", runs_out)
    monkeypatch.setattr(full_size, "_published", lambda made: 1)
    told = full_size.measure_row("dots-ocr", None, full_size.ROWS[-1], None)  # type: ignore[arg-type]
    assert told["ran_out"] == "CUDA out of memory. Tried to allocate 9.00 GiB"
