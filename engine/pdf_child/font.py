"""A font without a single drawn letter, for words that are there to be found and not to be seen.

All its letters are one empty glyph, half as wide as the font is high; what each of them means is said in a
table that is made for the letters of one document. So any script fits into a few hundred bytes.
"""

import struct
from collections.abc import Mapping, Sequence
from itertools import groupby

import pikepdf

UNITS = 1000
WIDTH, ASCENT, DESCENT = 500, 800, -200
BASE_NAME = "PTRAYA+PapertrayInvisible"
_BLOCK = 100  # entries of a table between two of its keywords


def embed_font(pdf: pikepdf.Pdf, codes: Mapping[str, int]) -> pikepdf.Object:
    """The font for these letters; `codes` has the number of each, from 1 on."""
    dictionary, name = pikepdf.Dictionary, pikepdf.Name
    program = pdf.make_stream(font_program())
    program.Length1 = len(font_program())
    descriptor = dictionary(
        Type=name.FontDescriptor,
        FontName=name(f"/{BASE_NAME}"),
        Flags=4,
        FontBBox=[0, DESCENT, WIDTH, ASCENT],
        ItalicAngle=0,
        Ascent=ASCENT,
        Descent=DESCENT,
        CapHeight=ASCENT,
        StemV=80,
        MissingWidth=WIDTH,
        FontFile2=program,
    )
    below = dictionary(
        Type=name.Font,
        Subtype=name.CIDFontType2,
        BaseFont=name(f"/{BASE_NAME}"),
        CIDSystemInfo=dictionary(
            Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0
        ),
        FontDescriptor=pdf.make_indirect(descriptor),
        DW=WIDTH,
        CIDToGIDMap=pdf.make_stream(b"\0\0" + b"\0\1" * len(codes)),
    )
    font = dictionary(
        Type=name.Font,
        Subtype=name.Type0,
        BaseFont=name(f"/{BASE_NAME}"),
        Encoding=name("/Identity-H"),
        DescendantFonts=[pdf.make_indirect(below)],
        ToUnicode=pdf.make_stream(meaning_table(codes)),
    )
    return pdf.make_indirect(font)


def number_letters(letters: Sequence[str]) -> dict[str, int]:
    """In the order of Unicode, so that the table of meanings is made of few ranges."""
    return {letter: code for code, letter in enumerate(sorted(set(letters)), start=1)}


def meaning_table(codes: Mapping[str, int]) -> bytes:
    """Which letter each code means, in the form that PDF calls ToUnicode."""
    ranges = _ranges(codes)
    blocks = [ranges[at : at + _BLOCK] for at in range(0, len(ranges), _BLOCK)]
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Papertray-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <FFFF> endcodespacerange",
    ]
    for block in blocks:
        lines += [f"{len(block)} beginbfrange", *block, "endbfrange"]
    lines += ["endcmap CMapName currentdict /CMap defineresource pop end end"]
    return "\n".join(lines).encode("ascii")


def _ranges(codes: Mapping[str, int]) -> list[str]:
    """Runs in which letters and codes count up together; within one only a code's last byte may change."""

    def run(item: tuple[str, int]) -> tuple[int, int, int]:
        letter, code = item
        return ord(letter) - code, code >> 8, ord(letter) >> 8

    ranges = []
    for _, group in groupby(sorted(codes.items(), key=lambda item: item[1]), key=run):
        items = list(group)
        meaning = items[0][0].encode("utf-16-be").hex().upper()
        ranges.append(f"<{items[0][1]:04X}> <{items[-1][1]:04X}> <{meaning}>")
    return ranges


def font_program() -> bytes:
    """TrueType, as little of it as there may be: two empty glyphs, of which the first stands for nothing."""
    tables = {
        b"glyf": bytes(4),
        b"head": struct.pack(
            ">IIIIHHQQhhhhHHhhh", 0x10000, 0x10000, 0, 0x5F0F3CF5, 0b1011, UNITS, 0, 0,
            0, DESCENT, WIDTH, ASCENT, 0, 8, 2, 0, 0,
        ),
        b"hhea": struct.pack(
            ">IhhhHhhhhhhhhhhhH", 0x10000, ASCENT, DESCENT, 0, WIDTH, *[0] * 3, 1, *[0] * 7, 2
        ),
        b"hmtx": struct.pack(">HhHh", WIDTH, 0, WIDTH, 0),
        b"loca": struct.pack(">HHH", 0, 0, 0),
        b"maxp": struct.pack(">IH13H", 0x10000, 2, *[0] * 4, 1, *[0] * 8),
        b"post": struct.pack(">IIhhI4I", 0x30000, 0, 0, 0, 0, 0, 0, 0, 0),
    }  # fmt: skip
    return _put_together(tables)


def _put_together(tables: Mapping[bytes, bytes]) -> bytes:
    count = len(tables)
    most = 1 << (count.bit_length() - 1)
    head = struct.pack(">IHHHH", 0x10000, count, most * 16, most.bit_length() - 1, (count - most) * 16)
    at, directory, bodies, head_at = 12 + 16 * count, b"", b"", 0
    for tag, body in sorted(tables.items()):
        head_at = at if tag == b"head" else head_at
        padded = body + bytes(-len(body) % 4)
        directory += struct.pack(">4sIII", tag, _sum(padded), at, len(body))
        bodies += padded
        at += len(padded)
    font = bytearray(head + directory + bodies)
    struct.pack_into(">I", font, head_at + 8, (0xB1B0AFBA - _sum(bytes(font))) & 0xFFFFFFFF)
    return bytes(font)


def _sum(data: bytes) -> int:
    whole: int = sum(struct.unpack(f">{len(data) // 4}I", data))
    return whole & 0xFFFFFFFF
