"""The table of what `make bench` said last, in docs/performance.md, made from its results.json.

    python -m tests.bench.table [build/bench/results.json]

A script that failed stands there with what it said; one that was left out does not stand there at all.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

PERFORMANCE = Path(__file__).parents[2] / "docs" / "performance.md"
RESULTS = Path("build/bench/results.json")
BEGIN = "<!-- what make bench said last, made from its results.json -->\n"
END = "<!-- end of what make bench said -->\n"

SHOWN: Mapping[str, Mapping[str, tuple[str | int, ...]]] = {
    "renderer": {"A4 pages drawn a second": ("a4_pages_a_second",)},
    "quick_speed": {
        "pages a minute of the quick reader": ("quick, pages a minute",),
        "times as fast as bare RapidOCR": ("ratio",),
    },
    "born_digital": {
        "pages a second": ("pages a second",),
        "milliseconds of a core for a page": ("milliseconds of a core for a page",),
    },
    "latency": {"seconds beyond settling and reading": ("beyond_median",)},
    "throughput": {
        "documents": ("results", -1, "documents"),
        "of them a second": ("results", -1, "a_second"),
    },
    "burst": {
        "files created at once": ("created",),
        "in the journal": ("in_the_journal",),
    },
    "journal_size": {"documents": ("documents",), "seconds to start": ("start_seconds",)},
    "search_speed": {
        "pages": ("pages",),
        "milliseconds for a rare word": ("one rare word, milliseconds",),
        "for a phrase of common words": ("a phrase of common words, milliseconds",),
    },
    "memory": {
        "megabytes of an idle daemon": ("idle_rss_mb",),
        "megabytes more after 500 pages": ("grew_mb",),
    },
    "daemon_share": {
        "pages an hour of the whole daemon": ("daemon_pages_an_hour",),
        "of the reader alone": ("alone_pages_an_hour",),
    },
    "whole_page": {
        "seconds for the typical page": ("typical_page_s",),
        "views": ("looking", "clock_s"),
        "prompt": ("prompt", "clock_s"),
        "a token": ("token", "clock_s"),
        "core-seconds": ("core_seconds_a_page",),
        "GB": ("peak_gb",),
    },
    "draft_speed": {
        "times as fast with 5 % errors": ("own loop, 8 bits", "errors", "0.05", "clock_times_as_fast")
    },
}
"""Of each script what is worth a look, and where it stands in what that printed."""
STEPS = {"the library": "library", "own loop": "own loop", "8 bits": "own loop, 8 bits"}
"""`decode_speed` has them for each context and number of pages."""


def make_table(results: Mapping[str, Any]) -> str:
    lines = ["", _heading(results), "", "| Script | What it said | Seconds it took |", "| --- | --- | ---: |"]
    for bench, told in results.items():
        if isinstance(told, dict) and "seconds" in told:
            script = bench.partition(" ")[0]
            asked = " ".join((script, *told["arguments"])) if "arguments" in told else bench
            said = ". ".join(_sayings(script, told)) or "nothing"
            lines.append(f"| `{asked}` | {_in_a_cell(said)} | {told['seconds']} |")
    return "\n".join((*lines, "", ""))


def write_table(results: Mapping[str, Any], page: Path = PERFORMANCE) -> None:
    """Into the page, in the place of the one before."""
    before, rest = page.read_text(encoding="utf-8").split(BEGIN)
    _, after = rest.split(END)
    page.write_text(before + BEGIN + make_table(results) + END + after, encoding="utf-8", newline="\n")


def _heading(results: Mapping[str, Any]) -> str:
    machine = results["machine"]
    date, run = results.get("date", "At an unknown date"), "quick" if results["quick"] else "whole"
    system = str(machine["system"]).partition("-")[0]
    packages = ", ".join(f"{name} {number}" for name, number in machine["packages"].items())
    busy = machine.get("load_before")
    load = "" if busy is None else f" Load before it: {busy:.1f}."
    return (
        f"{date}, the {run} run: {machine['cores']} cores of {machine['processor']}, {system},"
        f" Python {machine['python']}, {packages}.{load}"
    )


def _sayings(script: str, told: Mapping[str, Any]) -> Iterator[str]:
    if "failed" in told:
        yield f"**failed**: {told['failed']}"
        return
    figures = told["figures"]
    for each in figures if isinstance(figures, list) else [figures]:
        named = f"{each['model']}, {each['way']}: " if "way" in each else ""
        if "failed" in each:
            yield f"{named}**failed**: {each['failed']}"
        elif values := "; ".join(_values(script, each)):
            yield named + values


def _values(script: str, figures: Mapping[str, Any]) -> Iterator[str]:
    if script == "decode_speed":
        for place, ways in figures.items():
            if isinstance(ways, dict):
                steps = ", ".join(f"{name} {ways[way]['clock_ms']}" for name, way in STEPS.items())
                yield f"ms a step, {place}: {steps}"
    for name, path in SHOWN.get(script, {}).items():
        if (number := _look_up(figures, path)) is not None:
            yield f"{name} {number:,}"


def _look_up(figures: Any, path: tuple[str | int, ...]) -> Any:
    """None where it was not measured: another version of the script may have said less."""
    try:
        for key in path:
            figures = figures[key]
    except LookupError:
        return None
    return figures


def _in_a_cell(text: str) -> str:
    return text.replace("\n", " ").replace("|", "\\|")


if __name__ == "__main__":
    write_table(json.loads(Path(*(sys.argv[1:] or [RESULTS])).read_text(encoding="utf-8")))
