"""Pages a minute of the quick reader on one core and on two, in turns: scans, and a report of 60 pages.

    python -m tests.bench.cores [SCANS] [TURNS]

Each turn is a process of its own, held to its cores, so that the reader has as many threads; it counts
without its start, and the quickest turn counts. The report carries its text. Prints one JSON object.
Asked for: of scans at least 0.8 of linear. Linux only.
"""

import json
import os
import subprocess
import sys
import tempfile
from itertools import islice
from pathlib import Path
from time import perf_counter, process_time

from papertray.engine.document_reader import DocumentReader
from papertray.engine.pages import PageImage, Watch
from papertray.engine.readers.quick import reader as quick
from papertray.engine.renderer import Renderer
from tests.bench.born_digital import processor_seconds, report
from tests.bench.forty_pages import pages

REPORT = 60
CORES = ("0", "0,1")


def measure(scans: int) -> list[float]:
    """Seconds and seconds of the processor: of a scan, and of a page of the report."""
    reader = quick.load(languages=())
    drawn = [page.image for _, _, page in islice(pages(), scans)]
    reader.read([PageImage(drawn[0])], Watch())
    began, core = perf_counter(), process_time()
    for image in drawn:
        reader.read([PageImage(image)], Watch())
    read = [(perf_counter() - began) / len(drawn), (process_time() - core) / len(drawn)]
    with tempfile.TemporaryDirectory() as folder:
        documents = DocumentReader(Renderer(), lambda: reader)
        documents.read(report(Path(folder, "first.pdf"), 1))
        path = report(Path(folder, "report.pdf"), REPORT)
        began, core = perf_counter(), processor_seconds()
        documents.read(path)
        read += [(perf_counter() - began) / REPORT, (processor_seconds() - core) / REPORT]
        documents.close()
    return read


def measure_on(cores: str, scans: int) -> list[float]:
    command = ["taskset", "-c", cores, sys.executable, "-m", "tests.bench.cores", "--held", str(scans)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    told: list[float] = json.loads(done.stdout.splitlines()[-1])
    return told


def main(scans: int, turns: int) -> None:
    load = round(os.getloadavg()[0], 2)
    found: dict[str, list[list[float]]] = {cores: [] for cores in CORES}
    for turn in range(turns):
        for cores in CORES[:: 1 if turn % 2 == 0 else -1]:
            found[cores].append(measure_on(cores, scans))
    one, two = ([min(values) for values in zip(*found[cores], strict=True)] for cores in CORES)
    told = {
        "load_before": load,
        "scans_a_minute": [round(60 / one[0], 1), round(60 / two[0], 1)],
        "scans_of_linear": round(one[0] / two[0] / 2, 3),
        "scan_core_seconds": [round(one[1], 2), round(two[1], 2)],
        "born_digital_pages_a_second": [round(1 / one[2], 1), round(1 / two[2], 1)],
        "born_digital_of_linear": round(one[2] / two[2] / 2, 3),
        "born_digital_core_ms": [round(1000 * one[3], 1), round(1000 * two[3], 1)],
    }
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--held"]:
        print(json.dumps(measure(int(sys.argv[2]))))
    else:
        asked = [int(each) for each in sys.argv[1:]]
        main(*(asked + [10, 2][len(asked) :]))
