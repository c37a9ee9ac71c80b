"""What a person installs on this system to have a language read: the command, in words of its own manager.

Takes what the system says of itself; asks no registry. A name that is known for certain only is given.
"""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass

from papertray.engine.tesseract.languages import Language, language_called

WINDOWS = (
    "`winget install UB-Mannheim.TesseractOCR`, and choose {name} in its installer under additional languages"
)
ANY = "its file is {code}.traineddata"
EXAMPLE = "rus"


@dataclass(frozen=True, slots=True)
class PackageManager:
    """`program` and `language` are names of packages; a language's may have the code in it, with a hyphen."""

    systems: frozenset[str]
    install: str
    program: str
    language: str

    def command(self, code: str, *, has_program: bool) -> str:
        name = self.language.format(code=code.lower().replace("_", "-"))
        wanted = [name] if has_program else dict.fromkeys([self.program, name])
        return f"`{self.install} {' '.join(wanted)}`"


MANAGERS = (
    PackageManager(frozenset({"debian"}), "sudo apt install", "tesseract-ocr", "tesseract-ocr-{code}"),
    PackageManager(frozenset({"fedora"}), "sudo dnf install", "tesseract", "tesseract-langpack-{code}"),
    PackageManager(frozenset({"arch"}), "sudo pacman -S", "tesseract", "tesseract-data-{code}"),
    PackageManager(frozenset({"alpine"}), "sudo apk add", "tesseract-ocr", "tesseract-ocr-data-{code}"),
    PackageManager(frozenset({"darwin"}), "brew install", "tesseract", "tesseract-lang"),
)
PACKAGES = {"Fraktur": "script-frak"}
"""Where the package is called otherwise than the file."""


def explain_language(language: Language, *, has_program: bool) -> str:
    return f"Tesseract reads {language.name} once that is installed: {_how(language, has_program)}."


def explain_scripts(*, has_program: bool) -> str:
    """For a page of which nobody can tell what it is written in."""
    example = language_called(EXAMPLE)
    how = _how(example, has_program)
    return f"Tesseract reads other scripts once they are installed, {example.name} for example: {how}."


def _how(language: Language, has_program: bool) -> str:
    if sys.platform == "win32":
        return WINDOWS.format(name=language.name)
    systems = _systems()
    manager = next((manager for manager in MANAGERS if manager.systems & systems), None)
    if manager is None:
        return ANY.format(code=language.code)
    code = language.code
    if code in PACKAGES:
        code = PACKAGES[code] if "debian" in manager.systems else "frk"
    return manager.command(code, has_program=has_program)


def _systems() -> frozenset[str]:
    """This system's name and those that it is like."""
    if sys.platform == "darwin":
        return frozenset({"darwin"})
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return frozenset()
    return frozenset(f"{release.get('ID', '')} {release.get('ID_LIKE', '')}".split())
