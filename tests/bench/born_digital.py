"""Pages a second of a born-digital report, from file to note, beside pdftotext (poppler) on the same file.

    python -m tests.bench.born_digital [PAGES] [PYTHON]

Writes a report of its own, reads it in turns with both, and prints one JSON object. PYTHON is another one, in
which pymupdf4llm is installed: it takes its turns, too, and counts without its start. Asked for: less than
60 ms of one core for a page, 60 pages within 3 s, at least 0.2 of pdftotext's pages a second, 10 times
pymupdf4llm's.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from time import perf_counter, process_time

import psutil
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from papertray.engine.document_reader import DocumentReader
from papertray.engine.markdown import NoteOrigin, compose_note
from papertray.engine.readers.quick import reader as quick
from papertray.engine.renderer import Renderer

WORDS = "The harbour master kept a careful journal of every vessel that entered the bay in winter. "
TURNS = 3
PEER = """
import sys, time, pymupdf4llm
start = time.process_time()
pymupdf4llm.to_markdown(sys.argv[1])
print(time.process_time() - start)
"""


def report(path: Path, pages: int) -> Path:
    canvas = Canvas(str(path), pagesize=A4)
    for number in range(1, pages + 1):
        canvas.setFont("Times-Bold", 16)
        canvas.drawString(60, 790, f"{number}. A chapter of the report")
        canvas.setFont("Times-Roman", 11)
        for line in range(48):
            canvas.drawString(60, 760 - 14 * line - 8 * (line // 6), WORDS)
        canvas.showPage()
    canvas.save()
    return path


def processor_seconds() -> float:
    """Of this process and the renderer's child."""
    children = [child.cpu_times() for child in psutil.Process().children()]
    return process_time() + sum(times.user + times.system for times in children)


def core_of_peer(python: str, path: Path) -> float:
    told = subprocess.run([python, "-c", PEER, str(path)], check=True, capture_output=True, text=True)
    return float(told.stdout.split()[-1])


def main(pages: int, peer: str | None) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = report(Path(name, "report.pdf"), pages)
        reader = DocumentReader(Renderer(), lambda: quick.load(1))
        reader.read(report(Path(name, "first.pdf"), 1))
        wall, core, bare, peers = [], [], [], []
        for _ in range(TURNS):
            start, before = perf_counter(), processor_seconds()
            document = reader.read(path)
            compose_note(
                NoteOrigin("report.pdf", "0" * 64, document.reader, datetime.now().astimezone()),
                document.pages,
            )
            wall.append(perf_counter() - start)
            core.append(processor_seconds() - before)
            if shutil.which("pdftotext"):
                start = perf_counter()
                subprocess.run(["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True)
                bare.append(perf_counter() - start)
            if peer:
                peers.append(core_of_peer(peer, path))
        reader.close()
    found = {
        "pages": pages,
        "seconds": round(min(wall), 2),
        "pages a second": round(pages / min(wall), 1),
        "milliseconds of a core for a page": round(1000 * min(core) / pages, 1),
        "pdftotext, pages a second": round(pages / min(bare), 1) if bare else None,
        "ratio": round(min(bare) / min(wall), 3) if bare else None,
        "pymupdf4llm, milliseconds of a core for a page": round(1000 * min(peers) / pages, 1)
        if peer
        else None,
    }
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60, sys.argv[2] if len(sys.argv) > 2 else None)
