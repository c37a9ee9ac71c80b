"""What can go wrong while a document's pages are drawn."""

from pathlib import Path

from papertray.engine.errors.documents import name_of
from papertray.engine.errors.family import DocumentError


class PageTooLarge(DocumentError):
    def __init__(self, path: Path, number: int, width: int, height: int) -> None:
        super().__init__(
            f"Page {number} of {name_of(path)} is {width:,} × {height:,} inches: too large to draw readably.",
            "Print it to a smaller paper size, or raise documents.page_megapixels in the settings.",
        )


class RendererCrashed(DocumentError):
    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{name_of(path)} made the program that draws its pages crash.",
            "It may be damaged: open it in another program and save it again as PDF or PNG.",
        )


class RendererStopped(DocumentError):
    retry = True  # not the document's fault

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"Something outside papertray ended the process that was drawing {name_of(path)}.",
            "papertray tries again by itself.",
        )


class RendererTimedOut(DocumentError):
    def __init__(self, path: Path, seconds: float) -> None:
        super().__init__(
            f"{name_of(path)} was given up: drawing one page took longer than {seconds:g} seconds.",
            "Save it again in a simpler form, or raise documents.seconds_a_page in the settings.",
        )


class RendererOutOfMemory(DocumentError):
    def __init__(self, path: Path, megabytes: int) -> None:
        super().__init__(
            f"{name_of(path)} needs more than {megabytes:,} MB to be drawn.",
            "Scan it at a lower resolution, or raise documents.memory_megabytes in the settings.",
        )


class RendererUnavailable(DocumentError):
    """Nothing is wrong with the document: the renderer itself did not start."""

    retry = True

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{name_of(path)} could not be opened: the program that draws pages did not start.",
            "papertray tries again by itself; `papertray doctor` looks for the cause.",
        )
