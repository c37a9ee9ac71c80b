"""Drop a scan or PDF into a folder; a clean Markdown note appears beside it.

For other Python programs: `papertray.read("scan.pdf").markdown`; docs/python.md tells the rest. The names
come from `papertray.library`, which is imported when the first of them is asked for: papertray's own modules
lie in this package too, and need none of it.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from papertray.library import (
        Block,
        BlockKind,
        Box,
        Cancelled,
        Document,
        DocumentError,
        DocumentLimits,
        DocumentReader,
        DoubtfulWord,
        FailedPage,
        Figure,
        NoSuchFile,
        NotADocument,
        OutputFile,
        PageText,
        PapertrayError,
        PdfLocked,
        ReaderError,
        TextLine,
        UnknownModel,
        export,
        open_reader,
        read,
    )

    __version__: str

__all__ = [
    "Block",
    "BlockKind",
    "Box",
    "Cancelled",
    "Document",
    "DocumentError",
    "DocumentLimits",
    "DocumentReader",
    "DoubtfulWord",
    "FailedPage",
    "Figure",
    "NoSuchFile",
    "NotADocument",
    "OutputFile",
    "PageText",
    "PapertrayError",
    "PdfLocked",
    "ReaderError",
    "TextLine",
    "UnknownModel",
    "__version__",
    "export",
    "open_reader",
    "read",
]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


if not TYPE_CHECKING:  # a checker would take any name for one of ours

    def __getattr__(name: str) -> object:
        if name == "__version__":
            from importlib.metadata import version

            return version(__name__)
        if name in __all__:
            from importlib import import_module

            return getattr(import_module("papertray.library"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
