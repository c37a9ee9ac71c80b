"""`papertray bench`: readers side by side; one that cannot be had is a row, not the end."""

import json
from pathlib import Path

import pytest

from tests.daemon.cli.conftest import Papertray

REFERENCE = Path(__file__).parents[3] / "reference"
PAGE = REFERENCE / "images" / "p300x200.png"


def test_readers_are_measured_side_by_side(papertray: Papertray, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERTRAY_ENGINE__MAX_TOKENS", "6")
    papertray("models", "add", "deepseek-ocr-2", REFERENCE / "deepseek-ocr-2" / "checkpoint")
    result = papertray("bench", PAGE, "--device", "cpu", "--json")
    large, quick = json.loads(result.out)
    assert (large["reader"], quick["reader"]) == ("deepseek-ocr-2", "quick")
    assert large["tokens_a_second"] > 0
    assert quick["tokens_a_second"] == 0
    for row in (large, quick):
        assert row["problem"] == ""
        assert min(row["load_seconds"], row["seconds_a_page"], row["characters_a_second"]) > 0


def test_a_reader_that_cannot_be_had_is_a_row_that_says_why(papertray: Papertray) -> None:
    result = papertray("bench", PAGE, "--model", "dots-ocr", "--model", "quick")
    missing, quick = result.out.splitlines()
    assert missing.startswith("dots-ocr\tauto\t")
    assert "its files are not in" in missing
    assert quick.startswith("quick\tcpu\t")
    assert result.code == 0
