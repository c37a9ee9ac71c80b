"""The table of models."""

import os
import re
from pathlib import Path

import pytest

from papertray.engine.devices.rows import ROWS, memory_needed, with_page_cap
from papertray.engine.errors import UnknownModel
from papertray.engine.models.catalog import CATALOG, QUICK, find_entry

README = Path(__file__).parents[3] / "README.md"
MODELS = README.parent / "docs" / "models.md"
BEGIN, END = "<!-- models, made from engine/models/catalog.py -->\n", "<!-- end of models -->\n"
RENEW = "RENEW_README=1 .venv/bin/pytest tests/engine/models/test_catalog.py"
TABLE_ROW = re.compile(r"\|[^|]+\| `(\w+ in [^`]+)` ((?:\| [\d.]+ )+)\|")


def test_every_model_has_a_name_of_its_own() -> None:
    assert len({row.name for row in CATALOG}) == len(CATALOG)


@pytest.mark.parametrize("row", [row for row in CATALOG if row.has_weights], ids=lambda row: row.name)
def test_every_large_model_says_what_a_person_must_know_before_a_download(row) -> None:  # type: ignore[no-untyped-def]
    assert row.licence
    assert row.size > 1e9
    assert row.architecture
    assert row.memory
    assert re.fullmatch(r"[0-9a-f]{40}|", row.revision)


def test_the_three_first_models_are_pinned() -> None:
    assert all(find_entry(name).revision for name in ("deepseek-ocr", "deepseek-ocr-2", "dots-ocr"))


def test_the_quick_reader_is_the_last_resort_and_has_no_weights() -> None:
    assert CATALOG[-1].name == QUICK
    assert not find_entry(QUICK).has_weights


@pytest.mark.parametrize("written", ["dots.ocr", "DOTS-OCR", "dots_ocr"])
def test_the_publishers_way_of_writing_a_name_is_understood(written: str) -> None:
    assert find_entry(written).name == "dots-ocr"


def test_a_misspelt_model_gets_the_nearest_name() -> None:
    with pytest.raises(UnknownModel, match=r"called deepsek-ocr2\. Did you mean deepseek-ocr"):
        find_entry("deepsek-ocr2")


def test_a_name_like_no_other_gets_the_list() -> None:
    with pytest.raises(UnknownModel, match=r"called xyzzy\. `papertray models list`"):
        find_entry("xyzzy")


def test_the_readmes_table_tells_what_each_row_takes() -> None:
    lines = README.read_text(encoding="utf-8").splitlines()
    told = {
        row.group(1): row.group(2).replace("|", " ").split() for row in map(TABLE_ROW.fullmatch, lines) if row
    }
    large = [row.memory for row in CATALOG if row.memory]
    for row in ROWS:
        if (row.device, row.dtype) != ("cuda", "float16"):
            assert told[str(row)] == [
                f"{memory_needed(with_page_cap(row, size), size) / 1e9:.1f}" for size in large
            ]
    assert told.keys() <= {str(row) for row in ROWS}


def described() -> str:
    lines = [
        "",
        "| Name | What it is | Good at | Languages | Published score | Source | Pages a minute on two cores |"
        " Download | Licence |",
    ]
    lines.append("| --- | --- | --- | --- | --- | --- | ---: | ---: | --- |")
    for row in CATALOG:
        download = f"{row.size / 1e9:.1f} GB" if row.has_weights else "none"
        score = (row.score, row.score_source, f"{row.pages_a_minute:g}" if row.pages_a_minute else "")
        cells = (row.title, row.good_at, row.languages, *score, download, row.licence)
        lines.append(f"| `{row.name}` | " + " | ".join(cells) + " |")
    return "\n".join((*lines, "", ""))


def test_the_page_on_models_says_of_each_what_the_catalogue_says() -> None:
    before, rest = MODELS.read_text(encoding="utf-8").split(BEGIN)
    listed, after = rest.split(END)
    if os.environ.get("RENEW_README"):
        MODELS.write_text(before + BEGIN + described() + END + after, encoding="utf-8", newline="\n")
        listed = described()
    assert listed == described(), f"The catalogue has changed. To keep what it says now: {RENEW}"


def test_every_score_has_its_source_and_every_model_says_what_it_is_for() -> None:
    for row in CATALOG:
        assert row.good_at, row.name
        assert row.languages, row.name
        assert bool(row.score) == bool(row.score_source) == row.has_weights, row.name
