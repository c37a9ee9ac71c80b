"""Read every document of a folder of real pages in one process, write the notes, and have them scored.

    python -m tests.bench.pages PAGES [--notes FOLDER] [--only WORD]... [--json FILE] [--pdf-text auto]

PAGES holds `documents/` and a `score.py` that compares a folder of notes with its truths. `--only` takes
categories and beginnings of names. The pages belong to others: they are measured, never kept here.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from time import perf_counter, process_time

from papertray.engine.document_reader import DocumentReader
from papertray.engine.errors import PapertrayError
from papertray.engine.markdown import NoteOrigin, compose_note
from papertray.engine.pages import PdfText, Reader
from papertray.engine.readers.quick import reader as quick
from papertray.engine.renderer import Renderer


def chosen(pages: Path, only: list[str]) -> Iterator[tuple[str, Path]]:
    """Names and files of the documents to read."""
    for entry in json.loads((pages / "index.json").read_text("utf-8")):
        wanted = any(entry["category"] == word or entry["id"].startswith(word) for word in only)
        if wanted or not only:
            yield entry["id"], pages / entry["file"]


def read_all(pages: Path, notes: Path, only: list[str], load: Callable[[], Reader]) -> None:
    reader = DocumentReader(Renderer(), load)
    for name, path in chosen(pages, only):
        wall, own = perf_counter(), process_time()
        try:
            document = reader.read(path)
        except PapertrayError as problem:
            print(f"{name}: {problem.sentence}", file=sys.stderr)
            (notes / f"{name}.md").write_text("", "utf-8")  # nothing of it could be read
            continue
        origin = NoteOrigin(path.name, "0" * 64, document.reader, datetime.now().astimezone())
        (notes / f"{name}.md").write_text(compose_note(origin, document.pages), "utf-8")
        print(f"{name} {perf_counter() - wall:.2f} s, {process_time() - own:.2f} s of processor", flush=True)
    reader.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--notes", type=Path)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--pdf-text", type=PdfText, default=PdfText.AUTO)
    parser.add_argument("--threads", type=int, default=None)
    wanted = parser.parse_args()
    notes = wanted.notes or Path(tempfile.mkdtemp(prefix="pages-"))
    notes.mkdir(parents=True, exist_ok=True)
    read_all(wanted.pages, notes, wanted.only, lambda: quick.load(wanted.threads, wanted.pdf_text))
    score = [sys.executable, str(wanted.pages / "score.py"), str(notes)]
    subprocess.run([*score, *(["--json", str(wanted.json)] if wanted.json else [])], check=False)


if __name__ == "__main__":
    main()
