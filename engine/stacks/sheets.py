"""Tell what a sheet of a pile is: a page, a blank one, or one that was put in to part two documents.

Takes its grey picture; nothing is read. Barcodes are found by zxing-cpp, of whatever kind and lying in
whatever way.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from papertray.engine.layout.ink import KEEN, is_blank_page

if TYPE_CHECKING:
    import numpy as np


class SheetKind(StrEnum):
    PAGE = "page"
    BLANK = "blank"
    SEPARATOR = "separator"


LookAtSheet = Callable[["np.ndarray[Any, Any]"], SheetKind]


def look_for_blanks(grey: "np.ndarray[Any, Any]") -> SheetKind:
    """A note in pencil makes a page of a sheet."""
    return SheetKind.BLANK if is_blank_page(grey, KEEN) else SheetKind.PAGE


def look_for_barcodes(text: str) -> LookAtSheet:
    """Separators are sheets with a barcode that says `text`."""
    import zxingcpp

    def look(grey: "np.ndarray[Any, Any]") -> SheetKind:
        if any(code.text.strip() == text for code in zxingcpp.read_barcodes(grey)):
            return SheetKind.SEPARATOR
        return look_for_blanks(grey)

    return look
