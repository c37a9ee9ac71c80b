"""What others make of the same pages: each a function from a file and its languages to a note, or to nothing.

A peer that is not installed is left out. None of them belongs to papertray; those that read PDFs alone are
given nothing else, and a page that one cannot open or find text on counts as unread.
"""

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image, ImageOps

DOTS_PER_INCH = 200
_CODES = """
ar ara, bg bul, cs ces, da dan, de deu, el ell, en eng, es spa, fr fra, he heb, is isl, it ita, ja jpn, ko kor
mr mar, pt por, ro ron, ru rus, th tha, uk ukr, vi vie, zh chi_sim
"""
CODES = dict(pair.split() for pair in _CODES.replace("\n", ",").split(",") if pair)
"""What Tesseract calls a language."""


@dataclass(frozen=True, slots=True)
class Peer:
    name: str
    needs: str
    read: Callable[[Path, Sequence[str]], str]

    def is_installed(self) -> bool:
        return bool(shutil.which(self.needs) or importlib.util.find_spec(self.needs))


def read_rapidocr(path: Path, languages: Sequence[str]) -> str:
    """Its lines in its own order, with the models that papertray has."""
    import numpy as np

    pixels = np.asarray(_draw(path))[:, :, ::-1]
    found = _rapidocr()(pixels, use_det=True, use_cls=False, use_rec=True)
    return "\n".join(found.txts or ())


def read_tesseract(path: Path, languages: Sequence[str]) -> str:
    """With the languages that the page is in, as far as they are installed; English where none is."""
    known = [code for name in languages if (code := CODES.get(name)) in _tesseract_languages()]
    with TemporaryDirectory() as folder:
        picture = Path(folder, "page.png")
        _draw(path).save(picture, dpi=(DOTS_PER_INCH, DOTS_PER_INCH))
        return _output_of("tesseract", str(picture), "-", "-l", "+".join(known or ["eng"]))


def read_pdftotext(path: Path, languages: Sequence[str]) -> str:
    return _output_of("pdftotext", str(path), "-") if _is_pdf(path) else ""


def read_pymupdf4llm(path: Path, languages: Sequence[str]) -> str:
    """With its layout model, where that is installed, too."""
    if not _is_pdf(path):
        return ""
    with redirect_stdout(sys.stderr):
        import pymupdf4llm

        text: str = pymupdf4llm.to_markdown(str(path))
    return text


def read_pypdf(path: Path, languages: Sequence[str]) -> str:
    import pypdf

    return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages) if _is_pdf(path) else ""


def read_pdfplumber(path: Path, languages: Sequence[str]) -> str:
    """Its text, and its tables behind it."""
    import pdfplumber

    if not _is_pdf(path):
        return ""
    with pdfplumber.open(path) as pdf:
        tables = (_as_markdown(table) for page in pdf.pages for table in page.extract_tables())
        return "\n\n".join([*(page.extract_text() for page in pdf.pages), *tables])


PEERS = (
    Peer("RapidOCR", "rapidocr", read_rapidocr),
    Peer("Tesseract", "tesseract", read_tesseract),
    Peer("pdftotext", "pdftotext", read_pdftotext),
    Peer("pymupdf4llm", "pymupdf4llm", read_pymupdf4llm),
    Peer("pypdf", "pypdf", read_pypdf),
    Peer("pdfplumber", "pdfplumber", read_pdfplumber),
)


def _is_pdf(path: Path) -> bool:
    return path.suffix.lower() == ".pdf"


def _draw(path: Path) -> Image.Image:
    if not _is_pdf(path):
        return ImageOps.exif_transpose(Image.open(path)).convert("RGB")
    import pypdfium2

    picture: Image.Image = pypdfium2.PdfDocument(path)[0].render(scale=DOTS_PER_INCH / 72).to_pil()
    return picture.convert("RGB")


def _output_of(*command: str) -> str:
    ended = subprocess.run(command, capture_output=True, check=False, timeout=300)
    return ended.stdout.decode("utf-8", "replace")


def _as_markdown(table: Sequence[Sequence[str | None]]) -> str:
    rows = [[(cell or "").replace("\n", " ").replace("|", "\\|") for cell in row] for row in table]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([*lines[:1], "|" + " --- |" * len(rows[0]), *lines[1:]]) if rows else ""


@cache
def _rapidocr() -> Any:
    from tests.bench.quick_speed import load_bare

    return load_bare()


@cache
def _tesseract_languages() -> frozenset[str]:
    return frozenset(_output_of("tesseract", "--list-langs").split())
