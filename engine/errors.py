"""What can go wrong while a page is read, in sentences for people.

Every class carries what happened, what to do, whether trying again makes sense, and the exit code of the
command line. Foreign exceptions become one of these in the module that calls the foreign library.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from papertray.engine.exit_codes import ExitCode
from papertray.engine.printing import replace_unprintable


class PapertrayError(Exception):
    """The root of the family: `sentence` says what happened, `advice` what to do."""

    exit_code: ExitCode = ExitCode.FAILED
    retry: bool = False

    def __init__(self, sentence: str, advice: str = "") -> None:
        super().__init__(sentence, advice)
        self.sentence = sentence
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.sentence} {self.advice}".strip()


class DocumentError(PapertrayError):
    """This document, or one page of it, cannot be read as it is."""

    exit_code = ExitCode.DOCUMENT


class ReaderError(PapertrayError):
    """A reader could not be loaded, or could not read."""

    exit_code = ExitCode.READER


class ReaderAway(ReaderError):
    """Nobody is there to read, which is no page's fault: all of them wait."""

    retry = True


class NothingRead(ReaderError):
    """The page is not blank, and yet nothing was read; `remedy` is a sentence on what would help."""

    def __init__(self, *, found: bool, remedy: str = "") -> None:
        super().__init__(
            "The text on this page could not be read." if found else "No text was found on this page.",
            "A photo has none. If it shows text, the script may be unknown to the quick reader."
            f" {remedy} A large model may read it, see `papertray models list`.".replace("  ", " "),
        )


class Cancelled(PapertrayError):
    """The page was given back before it was read: not a failure."""

    exit_code = ExitCode.INTERRUPTED
    retry = True

    def __init__(self) -> None:
        super().__init__("Reading was cancelled.")


def _name(path: Path) -> str:
    """The file's name on one line, whatever bytes it is made of."""
    return replace_unprintable(path.name or str(path))  # "." and "/" have no name


class EmptyFile(DocumentError):
    def __init__(self, path: Path) -> None:
        super().__init__(f"{_name(path)} is empty (0 bytes).", "Copy or scan it again.")


class NoSuchFile(DocumentError):
    """There is nothing under this path."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"There is no file {replace_unprintable(str(path))}.", "Check the name.")


class NotAFile(DocumentError):
    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{_name(path)} is a folder or a device, not a file.",
            "Give a PDF or an image; `papertray read FOLDER --into DIR` reads all that is in a folder.",
        )


class NotADocument(DocumentError):
    """What the file holds is neither a PDF nor an image that papertray knows, whatever its name says."""

    exit_code = ExitCode.NOT_A_DOCUMENT

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{_name(path)} is neither a PDF nor an image papertray knows.",
            "Save it as PDF, PNG, JPEG or TIFF.",
        )


class PdfLocked(DocumentError):
    """The PDF cannot be opened without its password."""

    exit_code = ExitCode.PASSWORD

    def __init__(self, path: Path) -> None:
        super().__init__(f"{_name(path)} needs a password.", "Drop an unlocked copy.")


class Truncated(DocumentError):
    def __init__(self, path: Path) -> None:
        super().__init__(f"{_name(path)} ends too early: a part of it is missing.", "Copy or scan it again.")


class Unreadable(DocumentError):
    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{_name(path)} is damaged, or of a sort papertray cannot read.",
            "Open it in another program and save it again as PDF or PNG.",
        )


class NoPages(DocumentError):
    def __init__(self, path: Path) -> None:
        super().__init__(f"{_name(path)} has no pages.", "Export it again from the program that made it.")


class NoSuchPage(DocumentError):
    def __init__(self, path: Path, number: int, pages: int) -> None:
        super().__init__(
            f"{_name(path)} has no page {number}: it has {pages}.", "Drop it again to have it read anew."
        )


class TooManyPages(DocumentError):
    def __init__(self, path: Path, limit: int) -> None:
        super().__init__(
            f"{_name(path)} has more than {limit:,} pages.",
            "Split it, or raise documents.max_pages in the settings.",
        )


class TooLarge(DocumentError):
    def __init__(self, path: Path, width: int, height: int, limit: int) -> None:
        super().__init__(
            f"{_name(path)} is {width:,} × {height:,} pixels; more than {limit:,} megapixels are not read.",
            "Scan it at a lower resolution, or raise documents.max_megapixels in the settings.",
        )


class PageTooLarge(DocumentError):
    def __init__(self, path: Path, number: int, width: int, height: int) -> None:
        super().__init__(
            f"Page {number} of {_name(path)} is {width:,} × {height:,} inches: too large to draw readably.",
            "Print it to a smaller paper size, or raise documents.page_megapixels in the settings.",
        )


class RendererCrashed(DocumentError):
    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{_name(path)} made the program that draws its pages crash.",
            "It may be damaged: open it in another program and save it again as PDF or PNG.",
        )


class RendererStopped(DocumentError):
    retry = True  # not the document's fault

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"Something outside papertray ended the process that was drawing {_name(path)}.",
            "papertray tries again by itself.",
        )


class RendererTimedOut(DocumentError):
    def __init__(self, path: Path, seconds: float) -> None:
        super().__init__(
            f"{_name(path)} was given up: drawing one page took longer than {seconds:g} seconds.",
            "Save it again in a simpler form, or raise documents.seconds_a_page in the settings.",
        )


class RendererOutOfMemory(DocumentError):
    def __init__(self, path: Path, megabytes: int) -> None:
        super().__init__(
            f"{_name(path)} needs more than {megabytes:,} MB to be drawn.",
            "Scan it at a lower resolution, or raise documents.memory_megabytes in the settings.",
        )


class RendererUnavailable(DocumentError):
    """Nothing is wrong with the document: the renderer itself did not start."""

    retry = True

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{_name(path)} could not be opened: the program that draws pages did not start.",
            "papertray tries again by itself; `papertray doctor` looks for the cause.",
        )


class DocumentGone(DocumentError):
    def __init__(self, path: Path) -> None:
        super().__init__(f"{_name(path)} is no longer there.", "Drop it again to have it read.")


class LeadsOutside(DocumentGone):
    """What was a file is a link by now, or lies behind one: it is not followed."""

    def __init__(self, path: Path) -> None:
        DocumentError.__init__(
            self,
            f"{_name(path)} is a link that leaves its folder, or lies behind one; it was not read.",
            "Drop the file itself, not a link to it.",
        )


class DocumentChanged(DocumentError):
    retry = True

    def __init__(self, path: Path) -> None:
        super().__init__(f"{_name(path)} changed while it was read.", "papertray reads it again by itself.")


class NotAllowed(DocumentError):
    exit_code = ExitCode.NOT_ALLOWED
    retry = True

    def __init__(self, path: Path) -> None:
        super().__init__(f"papertray may not open {_name(path)}.", "Give it permission to read the file.")


class DiskTrouble(DocumentError):
    """The disk or the network share failed, not the document."""

    retry = True

    def __init__(self, path: Path, number: int) -> None:
        super().__init__(
            f"{_name(path)} could not be read from its disk ({os.strerror(number)}).",
            "Check the disk or the network share; papertray tries again by itself.",
        )


class UnknownModel(PapertrayError):
    """No model has this name."""

    exit_code = ExitCode.NO_SUCH_MODEL

    def __init__(self, name: str, nearest: str = "") -> None:
        meant = f"Did you mean {nearest}? " if nearest else ""
        super().__init__(
            f"There is no model called {name}.", f"{meant}`papertray models list` shows all of them."
        )


class WeightsError(PapertrayError):
    """A model's files are missing, damaged, or cannot be put in place."""

    exit_code = ExitCode.WEIGHTS


class DownloadError(WeightsError):
    """A model could not be fetched; what arrived whole is kept."""

    exit_code = ExitCode.DOWNLOAD
    retry = True


class DownloadStopped(DownloadError):
    exit_code = ExitCode.INTERRUPTED

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The download of {name} was stopped.",
            f"What arrived is kept; `papertray models pull {name}` goes on from there.",
        )


class UnknownFormat(PapertrayError):
    exit_code = ExitCode.NOT_UNDERSTOOD

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"papertray writes nothing as {name!r}.", f"It writes {', '.join(known)}.")


class OutputsMissing(PapertrayError):
    def __init__(self, form: str, library: str) -> None:
        super().__init__(
            f"{form} is written by {library}, which is not installed.",
            "Install it beside papertray: pip install 'papertray[outputs]'",
        )
