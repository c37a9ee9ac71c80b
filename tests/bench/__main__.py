"""Everything that is measured here, one after the other: `make bench`, or `make bench-quick` in some minutes.

    python -m tests.bench [--quick] [--only NAME ...] [--into FOLDER]

Each is a script of its own beside this one, which says what it measures. Writes results.json, with the
machine and what each printed, after every one of them, so that a run that is cut short leaves its numbers;
and prints a line for each. When all were run, the table in docs/performance.md is made of it. Those that want
pages, a GPU or a server are left out: see there how to run them.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.bench.table import PERFORMANCE, write_table

PACKAGES = ("torch", "transformers", "onnxruntime", "rapidocr", "pypdfium2")


@dataclass(frozen=True, slots=True)
class Bench:
    """`quick` are the arguments of the short run; None where there is none."""

    script: str
    whole: tuple[str, ...] = ()
    quick: tuple[str, ...] | None = None

    @property
    def name(self) -> str:
        """Of several with one script, the model's."""
        return " ".join((self.script, *(word for word in self.whole[:1] if not word.isdecimal())))


AGAINST = ("library-float32", "library-bfloat16", "own-8-bit")
BENCHES = (
    Bench("renderer", quick=()),
    Bench("quick_speed", quick=("4",)),
    Bench("born_digital", quick=("10",)),
    Bench("latency", ("10",), ("2",)),
    Bench("throughput", ("1000", "10000"), ("200",)),
    Bench("burst", ("60000",)),
    Bench("journal_size", ("100000",)),
    Bench("search_speed", ("20000",), ("1000",)),
    Bench("memory"),
    Bench("daemon_share", ("quick",), ("quick", "--pages", "4", "--turns", "1")),
    Bench("daemon_share", ("deepseek-ocr", "--pages", "16")),
    Bench("decode_speed", ("deepseek-ocr-2", "bfloat16"), ("deepseek-ocr-2", "bfloat16", "--layers", "2")),
    Bench("draft_speed", ("deepseek-ocr", "bfloat16", "--layers", "3", "--turns", "2")),
    Bench("whole_page", ("--all", "--ways", "own-8-bit")),
    Bench("whole_page", ("deepseek-ocr", "--pages", "4", "8")),
    Bench("whole_page", ("deepseek-ocr-2", "--ways", *AGAINST)),
    Bench("whole_page", ("dots-ocr", "--ways", *AGAINST)),
)


def main() -> None:
    asked = _arguments()
    asked.into.mkdir(parents=True, exist_ok=True)
    file = asked.into / "results.json"
    date = time.strftime("%d %B %Y").lstrip("0")
    results: dict[str, Any] = {"date": date, "machine": describe_machine(), "quick": asked.quick}
    for bench in BENCHES:
        arguments = bench.quick if asked.quick else bench.whole
        if arguments is None or (asked.only and bench.script not in asked.only):
            continue
        results[bench.name] = run(bench.script, arguments)
        file.write_text(json.dumps(results, indent=1))
        print(f"{results[bench.name]['seconds']:7.1f} s  {bench.name}", flush=True)
    print(f"All of it is in {file}.")
    if not asked.only:
        write_table(results)
        print(f"The table in {PERFORMANCE} says so, too.")


def run(script: str, arguments: tuple[str, ...]) -> dict[str, Any]:
    """What it printed as JSON; where it failed, the last line that it said of it."""
    started = time.perf_counter()
    command = [sys.executable, "-m", f"tests.bench.{script}", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    told: dict[str, Any] = {
        "arguments": arguments,
        "seconds": round(time.perf_counter() - started, 1),
    }
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        return told | {"failed": lines[-1] if lines else f"It ended with {done.returncode}."}
    return told | {"figures": parse_figures(done.stdout)}


def parse_figures(printed: str) -> Any:
    """One JSON value, or one on each line."""
    try:
        return json.loads(printed)
    except ValueError:
        return [json.loads(line) for line in printed.splitlines() if line.startswith(("{", "["))]


def describe_machine() -> dict[str, Any]:
    names = Path("/proc/cpuinfo")
    lines = names.read_text().splitlines() if names.exists() else []
    title = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return {
        "system": platform.platform(),
        "processor": title or platform.processor(),
        "cores": os.cpu_count(),
        "load_before": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="what can be said in some minutes")
    parser.add_argument("--only", nargs="+", help="only these scripts")
    parser.add_argument("--into", type=Path, default=Path("build/bench"), help="where results.json is put")
    return parser.parse_args()


if __name__ == "__main__":
    main()
