"""Kinds of documents that people drop and papertray does not read, by the endings of their names. Pure.

Such a file is named in the list once. What nobody takes for a document (text, code, music, programs) is not.
"""

from pathlib import Path

_ENDINGS = (
    "doc docx docm dot dotx odt ott rtf pages wpd wps"  # letters
    " xls xlsx xlsm xlsb ods numbers ppt pptx pptm pps ppsx odp"  # tables and slides
    " epub mobi azw azw3 fb2 djvu djv xps oxps cbz cbr chm"  # books
    " eml msg mbox"  # mail
    " zip 7z rar tar tgz"  # archives, perhaps of scans
    " svg psd xcf dng cr2 cr3 nef arw eps emf wmf"  # pictures
)
_OTHER_KINDS = frozenset(f".{ending}" for ending in _ENDINGS.split())


def is_other_kind(path: Path) -> bool:
    return path.suffix.lower() in _OTHER_KINDS
