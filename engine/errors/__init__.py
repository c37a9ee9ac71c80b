"""What can go wrong while a page is read, in sentences for people.

Every class carries what happened, what to do, whether trying again makes sense, and the exit code of the
command line. Foreign exceptions become one of these in the module that calls the foreign library.
"""

from papertray.engine.errors.documents import (
    DiskTrouble,
    DocumentChanged,
    DocumentGone,
    EmptyFile,
    LeadsOutside,
    NoPages,
    NoSuchFile,
    NoSuchPage,
    NotADocument,
    NotAFile,
    NotAllowed,
    PdfLocked,
    TooLarge,
    TooManyPages,
    Truncated,
    Unreadable,
)
from papertray.engine.errors.drawing import (
    PageTooLarge,
    RendererCrashed,
    RendererOutOfMemory,
    RendererStopped,
    RendererTimedOut,
    RendererUnavailable,
)
from papertray.engine.errors.family import (
    Cancelled,
    DocumentError,
    NothingRead,
    PapertrayError,
    ReaderAway,
    ReaderError,
)
from papertray.engine.errors.models import (
    DownloadError,
    DownloadStopped,
    ReadsNoPages,
    UnknownModel,
    WeightsError,
)
from papertray.engine.errors.outputs import (
    OutputsMissing,
    UnknownFormat,
)

__all__ = [
    "Cancelled",
    "DiskTrouble",
    "DocumentChanged",
    "DocumentError",
    "DocumentGone",
    "DownloadError",
    "DownloadStopped",
    "EmptyFile",
    "LeadsOutside",
    "NoPages",
    "NoSuchFile",
    "NoSuchPage",
    "NotADocument",
    "NotAFile",
    "NotAllowed",
    "NothingRead",
    "OutputsMissing",
    "PageTooLarge",
    "PapertrayError",
    "PdfLocked",
    "ReaderAway",
    "ReaderError",
    "ReadsNoPages",
    "RendererCrashed",
    "RendererOutOfMemory",
    "RendererStopped",
    "RendererTimedOut",
    "RendererUnavailable",
    "TooLarge",
    "TooManyPages",
    "Truncated",
    "UnknownFormat",
    "UnknownModel",
    "Unreadable",
    "WeightsError",
]
