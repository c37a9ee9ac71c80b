"""Tesseract as a program of this system: where it is, what it knows, and what it reads on pieces of a page.

Takes grey pieces, one line on each, or a stack of lines; gives text. Whatever goes wrong in it is an answer
with nothing in it: the page is then as it was without Tesseract.
"""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from papertray.engine.pages import Watch
from papertray.engine.tesseract.answers import ReadLine, parse_answer
from papertray.engine.tesseract.running import run_limited

if TYPE_CHECKING:
    import numpy as np

    Pixels = np.ndarray[Any, Any]

PLACES = (  # where it is installed and not on a service's path
    "/usr/bin/tesseract",
    "/usr/local/bin/tesseract",
    "/opt/homebrew/bin/tesseract",
    "/opt/local/bin/tesseract",
    "C:/Program Files/Tesseract-OCR/tesseract.exe",
)
AS_ONE_LINE, ONLY_SCRIPT = "7", "0"
FINDS_SCRIPTS = "osd"
"""The file with which it tells scripts apart."""

_SCRIPT = re.compile(r"^Script: (\w+)\s+Script confidence: ([\d.]+)", re.MULTILINE)
_VERSION = re.compile(r"tesseract v?([\w.-]+)")


@dataclass(frozen=True, slots=True)
class TesseractProgram:
    path: str

    def version(self) -> str:
        answer = run_limited([self.path, "--version"], b"", Watch()) or b""
        found = _VERSION.search(answer.decode("utf-8", "replace"))
        return found[1] if found else ""

    def languages(self) -> frozenset[str]:
        """The names of the languages and scripts that are installed now."""
        answer = run_limited([self.path, "--list-langs"], b"", Watch()) or b""
        return frozenset(answer.decode("utf-8", "replace").split("\n")[1:]) - {""}

    def read_pieces(self, pieces: Sequence[Pixels], languages: str, watch: Watch) -> list[ReadLine]:
        """One line on each piece; `languages` are joined by a plus."""
        if not pieces:
            return []
        command = self._command(AS_ONE_LINE, languages)
        answer = run_limited([*command, "-c", "page_separator=", "tsv", "txt"], _as_tiff(pieces), watch)
        if answer is None:
            return [ReadLine()] * len(pieces)
        return parse_answer(answer.decode("utf-8", "replace"), len(pieces))

    def name_script(self, stack: Pixels, watch: Watch) -> tuple[str, float]:
        """The script of most letters and how sure that is; no name where there are too few."""
        command = self._command(ONLY_SCRIPT, FINDS_SCRIPTS)
        answer = run_limited([*command, "-c", "min_characters_to_try=20"], _as_tiff([stack]), watch) or b""
        found = _SCRIPT.search(answer.decode("utf-8", "replace"))
        return (found[1], float(found[2])) if found else ("", 0.0)

    def _command(self, mode: str, languages: str) -> list[str]:
        return [self.path, "stdin", "stdout", "-l", languages, "--psm", mode, "--dpi", "200"]


def find_program() -> TesseractProgram | None:
    path = shutil.which("tesseract") or next((place for place in PLACES if Path(place).is_file()), None)
    return TesseractProgram(path) if path else None


def _as_tiff(pieces: Sequence[Pixels]) -> bytes:
    """All of them in one picture file of several pages."""
    from PIL import Image

    first, *others = (Image.fromarray(piece) for piece in pieces)
    packed = io.BytesIO()
    first.save(packed, "TIFF", save_all=True, append_images=others)
    return packed.getvalue()
