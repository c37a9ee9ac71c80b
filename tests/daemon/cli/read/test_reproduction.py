"""`papertray read --raw` gives the publishers' own numbers, from the file on the disk to the last token."""

import json
from pathlib import Path

import pytest

from papertray.daemon.reading.readers import rows_as_published
from papertray.daemon.settings.sections import EngineSettings
from papertray.engine.models.catalog import find_entry
from tests.daemon.cli.conftest import Papertray
from tests.engine.readers import references

CASES = (
    ("deepseek-ocr", "crop_rgba641x480"),
    ("deepseek-ocr", "base_1024_p800x1100"),
    ("deepseek-ocr-2", "crop_rgba641x480"),
    ("dots-ocr", "ocr_rgba641x480"),
)


def case_of(model: str, name: str) -> dict[str, object]:
    (case,) = (case for case in references.goldens(model)["cases"] if case["name"] == name)
    return dict(case)


@pytest.mark.parametrize(("model", "name"), CASES)
def test_a_file_gives_the_reference_tokens(model: str, name: str, papertray: Papertray) -> None:
    case = case_of(model, name)
    image = case.get("image") or case["images"][0]  # type: ignore[index]
    mode = (
        {"crop_mode": ["--mode", "tiles" if case.get("crop_mode") else "base"]} if "crop_mode" in case else {}
    )
    result = papertray(
        *("read", "--raw", "--json", "--model", model, "--weights", references.checkpoint(model)),
        *("--device", "cpu", "--dtype", "float32", "--prompt", case["prompt"]),
        *("--max-tokens", case["max_new_tokens"]),
        *("--no-repeat-ngram", case.get("no_repeat_ngram_size") or 0),
        *mode.get("crop_mode", []),
        references.FOLDER / "images" / str(image),
    )
    assert (result.code, result.err) == (0, "")
    (page,) = json.loads(result.out)["pages"]
    assert references.run_lengths(page["prompt_ids"]) == case["input_ids_rle"]
    assert page["generated_ids"] == case["generated_ids"]
    assert page["raw"] == case["generated_text"]


def test_without_a_model_a_raw_answer_cannot_be_given(papertray: Papertray) -> None:
    result = papertray("read", "--raw", references.FOLDER / "images" / "p300x200.png")
    assert result.code == 20
    assert "Name one: `--model deepseek-ocr`" in result.err


def test_a_folder_without_a_checkpoint_is_said_to_have_none(papertray: Papertray, tmp_path: object) -> None:
    image = references.FOLDER / "images" / "p300x200.png"
    result = papertray("read", "--raw", "--model", "dots-ocr", "--weights", f"{tmp_path}/nowhere", image)
    assert result.code == 20
    assert "There is no checkpoint of dots.ocr" in result.err


def test_a_file_that_never_was_is_not_called_gone(papertray: Papertray, tmp_path: Path) -> None:
    weights = references.checkpoint("dots-ocr")
    result = papertray("read", "--raw", "--model", "dots-ocr", "--weights", weights, tmp_path / "such.png")
    assert (result.code, f"There is no file {tmp_path / 'such.png'}." in result.err) == (10, True)


def test_a_large_page_reaches_the_model_whole_on_a_processor_too(papertray: Papertray) -> None:
    """Elsewhere papertray makes pages smaller for dots.ocr there."""
    image = references.FOLDER / "images" / "p2000x700.png"
    result = papertray(
        *("read", "--raw", "--json", "--model", "dots-ocr", "--weights", references.checkpoint("dots-ocr")),
        *("--device", "cpu", "--dtype", "float32", "--max-tokens", 1, image),
    )
    (page,) = json.loads(result.out)["pages"]
    assert max(length for _, length in references.run_lengths(page["prompt_ids"])) == 71 * 25


def test_the_longest_side_of_a_page_can_be_named(papertray: Papertray) -> None:
    image = references.FOLDER / "images" / "p2000x700.png"
    result = papertray(
        *("read", "--raw", "--json", "--model", "dots-ocr", "--weights", references.checkpoint("dots-ocr")),
        *("--device", "cpu", "--dtype", "float32", "--max-tokens", 1, "--max-image-size", 560, image),
    )
    (page,) = json.loads(result.out)["pages"]
    assert max(length for _, length in references.run_lengths(page["prompt_ids"])) == 20 * 7


@pytest.mark.parametrize("dtype", ["auto", "float32", "bfloat16"])
def test_no_weights_are_rounded_where_numbers_are_set_beside_a_publishers(dtype: str) -> None:
    engine = EngineSettings(device="cpu", dtype=dtype)  # type: ignore[arg-type]
    rows = rows_as_published(engine, references.checkpoint("deepseek-ocr"), find_entry("deepseek-ocr"))
    assert rows[0].weights == "plain"
    assert "int8" not in {row.weights for row in rows}
