"""What `make bench` says, as people read it."""

from pathlib import Path
from typing import Any

from tests.bench.table import BEGIN, END, PERFORMANCE, make_table, write_table

RESULTS: dict[str, Any] = {
    "date": "3 May 2026",
    "quick": True,
    "machine": {
        "system": "Linux-6.1-somewhere",
        "processor": "Some Processor",
        "cores": 2,
        "load_before": 0.24,
        "python": "3.11.7",
        "packages": {"torch": "2.13.0"},
    },
    "burst": {
        "arguments": ["60000"],
        "seconds": 61.2,
        "figures": {"created": 60000, "in_the_journal": 59999, "bench": "burst"},
    },
    "memory": {"arguments": [], "seconds": 3.5, "failed": "OSError: no room | left"},
    "decode_speed deepseek-ocr": {
        "seconds": 20.0,
        "figures": {
            "layers": 2,
            "1 pages of 267 tokens": {
                "library": {"clock_ms": 28.5},
                "own loop": {"clock_ms": 27.1},
                "own loop, 8 bits": {"clock_ms": 8.0},
            },
        },
    },
    "whole_page --all": {
        "arguments": ["--all"],
        "seconds": 700.1,
        "figures": [
            {"model": "glm-ocr", "way": "own-8-bit", "typical_page_s": 31.5, "looking": {"clock_s": 9.25}},
            {"model": "dots-ocr", "way": "own-8-bit", "failed": "MemoryError"},
        ],
    },
}


def test_the_table_says_what_each_script_said_and_which_failed() -> None:
    lines = make_table(RESULTS).strip().splitlines()
    assert lines[0] == (
        "3 May 2026, the quick run: 2 cores of Some Processor, Linux, Python 3.11.7, torch 2.13.0."
        " Load before it: 0.2."
    )
    assert lines[4:] == [
        "| `burst 60000` | files created at once 60,000; in the journal 59,999 | 61.2 |",
        "| `memory` | **failed**: OSError: no room \\| left | 3.5 |",
        "| `decode_speed deepseek-ocr` | ms a step, 1 pages of 267 tokens: the library 28.5, own loop 27.1,"
        " 8 bits 8.0 | 20.0 |",
        "| `whole_page --all` | glm-ocr, own-8-bit: seconds for the typical page 31.5; views 9.25."
        " dots-ocr, own-8-bit: **failed**: MemoryError | 700.1 |",
    ]


def test_it_takes_the_place_of_the_one_before_and_nothing_else(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text(f"# Speed\n{BEGIN}old\n{END}rest\n", encoding="utf-8")
    for _ in range(2):
        write_table(RESULTS, page)
        assert page.read_text("utf-8") == f"# Speed\n{BEGIN}{make_table(RESULTS)}{END}rest\n"


def test_the_page_on_speed_has_a_place_for_it() -> None:
    page = PERFORMANCE.read_text("utf-8")
    assert page.count(BEGIN) == page.count(END) == 1
    assert page.index(BEGIN) < page.index("| Script | What it said |") < page.index(END)
