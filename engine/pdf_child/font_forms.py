"""Whether fonts are told of as PDF/A-2b has it: how codes become letters. What is drawn is not looked at."""

import re
import struct
from collections.abc import Iterator
from typing import Any

import pikepdf

from papertray.engine.pdf_child.clauses import FONT_FORMS
from papertray.engine.pdf_child.things import list_dictionaries

_SYMBOLIC = 4
_SIGNS = (3, 0)
"""The table of letters that a font of signs has."""
_PLAIN = frozenset({"/WinAnsiEncoding", "/MacRomanEncoding"})
_CODES = re.compile(rb"/WMode\s+(\d+)\s+def")
_NUMBERS = re.compile(rb">\s*(\d{5,})\b")
_LARGEST_NUMBER = 65535
_NAMES = """
    GB-EUC GBpc-EUC GBK-EUC GBKp-EUC GBK2K UniGB-UCS2 UniGB-UTF16 B5pc HKscs-B5 ETen-B5 ETenms-B5 CNS-EUC
    UniCNS-UCS2 UniCNS-UTF16 83pv-RKSJ 90ms-RKSJ 90msp-RKSJ 90pv-RKSJ Add-RKSJ EUC Ext-RKSJ UniJIS-UCS2
    UniJIS-UCS2-HW UniJIS-UTF16 KSC-EUC KSCms-UHC KSCms-UHC-HW KSCpc-EUC UniKS-UCS2 UniKS-UTF16 Identity
"""
_STANDARD = {"/H", "/V", *(f"/{name}-{way}" for name in _NAMES.split() for way in "HV")}


def find_font_faults(pdf: pikepdf.Pdf) -> Iterator[str]:
    for thing in list_dictionaries(pdf):
        kind = thing.get("/Subtype") if thing.get("/Type") == "/Font" else None
        if kind == "/Type0" and _has_odd_codes(thing):
            yield FONT_FORMS
        if kind == "/TrueType" and _has_odd_letters(thing):
            yield FONT_FORMS


def _has_odd_letters(font: pikepdf.Object) -> bool:
    """A font of signs has its own table of letters; any other takes one of two, perhaps with changes."""
    told, form = font.get("/Encoding"), font.get("/FontDescriptor", pikepdf.Dictionary())
    program = form.get("/FontFile2")
    tables = list_letter_tables(program.read_bytes()) if isinstance(program, pikepdf.Stream) else []
    if int(form.get("/Flags", 0)) & _SYMBOLIC:
        return told is not None or (len(tables) > 1 and _SIGNS not in tables)
    table = told.get("/BaseEncoding") if isinstance(told, pikepdf.Dictionary) else told
    return str(table) not in _PLAIN


def list_letter_tables(program: bytes) -> list[tuple[int, int]]:
    """For which system, and in which way there, a TrueType font says which code is which letter."""
    for at in range(12, 12 + 16 * int.from_bytes(program[4:6], "big"), 16):
        if program[at : at + 4] == b"cmap":
            place = int.from_bytes(program[at + 8 : at + 12], "big")
            count = int.from_bytes(program[place + 2 : place + 4], "big")
            rows = program[place + 4 : place + 4 + 8 * count]
            return [struct.unpack(">HH", rows[row : row + 4]) for row in range(0, len(rows) - 7, 8)]
    return []


def _has_odd_codes(font: pikepdf.Object) -> bool:
    below: Any = next(iter(font.get("/DescendantFonts", ())), None)
    codes: Any = font.get("/Encoding")
    if below is None or codes is None:
        return True
    glyphs = below.get("/CIDToGIDMap")
    if isinstance(glyphs, pikepdf.Name) and glyphs != "/Identity":
        return True
    if isinstance(codes, pikepdf.Name):
        return str(codes) not in _STANDARD
    return _differs(codes, below.get("/CIDSystemInfo", pikepdf.Dictionary()))


def _differs(codes: Any, wanted: Any) -> bool:
    """A table of codes of the file's own: whether it is for other letters than the font has."""
    told, content = codes.get("/CIDSystemInfo", pikepdf.Dictionary()), codes.read_bytes()
    leans = codes.get("/UseCMap")
    if isinstance(leans, pikepdf.Stream):
        leans = leans.get("/CMapName")
    ways = _CODES.findall(content)
    return (
        any(str(told.get(key)) != str(wanted.get(key)) for key in ("/Registry", "/Ordering"))
        or int(wanted.get("/Supplement", 0)) > int(told.get("/Supplement", 0))
        or (isinstance(leans, pikepdf.Name) and str(leans) not in _STANDARD)
        or any(int(way) != int(codes.get("/WMode", 0)) for way in ways)
        or any(int(number) > _LARGEST_NUMBER for number in _NUMBERS.findall(content))
    )
