"""What can be wrong with a file, or with the disk that it lies on."""

import os
from pathlib import Path

from papertray.engine.errors.family import DocumentError
from papertray.engine.exit_codes import ExitCode
from papertray.engine.printing import replace_unprintable


def name_of(path: Path) -> str:
    """The file's name on one line, whatever bytes it is made of."""
    return replace_unprintable(path.name or str(path))  # "." and "/" have no name


class EmptyFile(DocumentError):
    def __init__(self, path: Path) -> None:
        super().__init__(f"{name_of(path)} is empty (0 bytes).", "Copy or scan it again.")


class NoSuchFile(DocumentError):
    """There is nothing under this path."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"There is no file {replace_unprintable(str(path))}.", "Check the name.")


class NotAFile(DocumentError):
    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{name_of(path)} is a folder or a device, not a file.",
            "Give a PDF or an image; `papertray read FOLDER --into DIR` reads all that is in a folder.",
        )


class NotADocument(DocumentError):
    """What the file holds is neither a PDF nor an image that papertray knows, whatever its name says."""

    exit_code = ExitCode.NOT_A_DOCUMENT

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{name_of(path)} is neither a PDF nor an image papertray knows.",
            "Save it as PDF, PNG, JPEG or TIFF.",
        )


class PdfLocked(DocumentError):
    """The PDF cannot be opened without its password."""

    exit_code = ExitCode.PASSWORD

    def __init__(self, path: Path) -> None:
        super().__init__(f"{name_of(path)} needs a password.", "Drop an unlocked copy.")


class Truncated(DocumentError):
    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{name_of(path)} ends too early: a part of it is missing.", "Copy or scan it again."
        )


class Unreadable(DocumentError):
    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{name_of(path)} is damaged, or of a sort papertray cannot read.",
            "Open it in another program and save it again as PDF or PNG.",
        )


class NoPages(DocumentError):
    def __init__(self, path: Path) -> None:
        super().__init__(f"{name_of(path)} has no pages.", "Export it again from the program that made it.")


class NoSuchPage(DocumentError):
    def __init__(self, path: Path, number: int, pages: int) -> None:
        super().__init__(
            f"{name_of(path)} has no page {number}: it has {pages}.", "Drop it again to have it read anew."
        )


class TooManyPages(DocumentError):
    def __init__(self, path: Path, limit: int) -> None:
        super().__init__(
            f"{name_of(path)} has more than {limit:,} pages.",
            "Split it, or raise documents.max_pages in the settings.",
        )


class TooLarge(DocumentError):
    def __init__(self, path: Path, width: int, height: int, limit: int) -> None:
        super().__init__(
            f"{name_of(path)} is {width:,} × {height:,} pixels; more than {limit:,} megapixels are not read.",
            "Scan it at a lower resolution, or raise documents.max_megapixels in the settings.",
        )


class DocumentGone(DocumentError):
    def __init__(self, path: Path) -> None:
        super().__init__(f"{name_of(path)} is no longer there.", "Drop it again to have it read.")


class LeadsOutside(DocumentGone):
    """What was a file is a link by now, or lies behind one: it is not followed."""

    def __init__(self, path: Path) -> None:
        DocumentError.__init__(
            self,
            f"{name_of(path)} is a link that leaves its folder, or lies behind one; it was not read.",
            "Drop the file itself, not a link to it.",
        )


class DocumentChanged(DocumentError):
    retry = True

    def __init__(self, path: Path) -> None:
        super().__init__(f"{name_of(path)} changed while it was read.", "papertray reads it again by itself.")


class NotAllowed(DocumentError):
    exit_code = ExitCode.NOT_ALLOWED
    retry = True

    def __init__(self, path: Path) -> None:
        super().__init__(f"papertray may not open {name_of(path)}.", "Give it permission to read the file.")


class DiskTrouble(DocumentError):
    """The disk or the network share failed, not the document."""

    retry = True

    def __init__(self, path: Path, number: int) -> None:
        super().__init__(
            f"{name_of(path)} could not be read from its disk ({os.strerror(number)}).",
            "Check the disk or the network share; papertray tries again by itself.",
        )
