"""What each Mac gets: the README's table is made from the device rows and the models' sizes."""

import os
from pathlib import Path

import pytest

from papertray.engine.devices.rows import GIB, ModelMemory, candidate_rows, memory_needed
from papertray.engine.devices.survey import Device, Survey
from papertray.engine.errors import ReaderError
from papertray.engine.models.catalog import CATALOG

README = Path(__file__).parents[3] / "README.md"
RENEW = "RENEW_README=1 .venv/bin/pytest tests/engine/devices/test_macs.py"
BEGIN, END = "<!-- Macs, made from engine/devices/rows.py -->\n", "<!-- end of Macs -->\n"
SIZES = (8, 16, 18, 24, 32, 64)
SYSTEM = 3_000_000_000
"""What macOS and a browser hold."""
LARGE = {entry.title: entry.memory for entry in CATALOG if entry.memory}
SMALL = {title: size for title, size in LARGE.items() if size.weights < 3e9}


def mac(gigabytes: int) -> Survey:
    """macOS lends its GPU two thirds of the memory, from 36 GB on three quarters."""
    total = gigabytes * GIB
    lent = total * 2 // 3 if gigabytes <= 36 else total * 3 // 4
    can = {"dtypes": ("float32", "float16", "bfloat16"), "native": ("float32", "float16")}
    rest = total - SYSTEM
    gpu = Device("mps", True, True, "Apple silicon", total=lent, free=min(lent, rest), **can)
    return Survey((gpu, Device("cpu", True, True, "arm", total=total, free=rest, **can)))


def row_of(gigabytes: int, size: ModelMemory) -> str:
    """In which format the GPU runs a model, and how many gigabytes that takes."""
    try:
        row = candidate_rows(mac(gigabytes), size)[0]
    except ReaderError:
        return "–"
    where = row.dtype if row.device == "mps" else str(row)
    return f"{where}, {memory_needed(row, size) / 1e9:.1f}"


def table() -> str:
    head = ("| Memory of the Mac |", *(f" {title} |" for title in LARGE))
    lines = ["".join(head), "| ---: |" + " --- |" * len(LARGE)]
    lines += [
        f"| {gigabytes} GB | " + " | ".join(row_of(gigabytes, size) for size in LARGE.values()) + " |"
        for gigabytes in SIZES
    ]
    return "\n".join(("", *lines, "", ""))


def test_the_readme_tells_what_each_mac_gets() -> None:
    before, rest = README.read_text(encoding="utf-8").split(BEGIN)
    listed, after = rest.split(END)
    if os.environ.get("RENEW_README"):
        README.write_text(before + BEGIN + table() + END + after, encoding="utf-8", newline="\n")
        listed = table()
    assert listed == table(), f"The rows have changed. To keep what they are now: {RENEW}"


@pytest.mark.parametrize("gigabytes", SIZES)
def test_no_mac_reads_on_its_processor_and_none_has_only_the_quick_reader(gigabytes: int) -> None:
    given = {title: row_of(gigabytes, size) for title, size in LARGE.items()}
    assert not [row for row in given.values() if "cpu" in row]
    assert all(given[title] != "–" for title in SMALL)
    assert gigabytes == 8 or "–" not in given.values()


def test_float32_comes_first_wherever_it_fits_and_the_reason_says_why_it_does_not() -> None:
    size = LARGE["DeepSeek-OCR 2"]
    assert row_of(24, size).startswith("float32")
    row = candidate_rows(mac(16), size)[0]
    assert row.reason == (
        "mps in float16 because float16 takes half the memory of float32, and what needs its range stays in"
        " float32. mps in float32 needs 16.6 GB, and 11.5 GB is free."
    )
    assert row.wider == ("bfloat16",)
