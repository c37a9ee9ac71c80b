"""What keeps a PDF from being PDF/A is told, one thing at a time; what nobody sees is mended."""

import io
import struct
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from papertray.engine.pdf_child import clauses
from papertray.engine.pdf_child.jpeg2000 import is_plain_jpeg2000
from papertray.engine.pdf_child.standard import make_standard

Change = Callable[[pikepdf.Pdf, Any], object]
BOX = [10, 10, 50, 50]


def obstacles(change: Change, draws: bytes = b"") -> list[str]:
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(200, 200)).obj
        page.Contents = pdf.make_stream(b"0 0 1 rg 20 20 50 50 re f\n" + draws)
        change(pdf, page)
        return make_standard(pdf)


def nothing(_pdf: pikepdf.Pdf, _page: Any) -> None:
    """The page stays as it is."""


def says(**more: Any) -> Change:
    def add(_pdf: pikepdf.Pdf, page: Any) -> None:
        for key, value in more.items():
            page[f"/{key}"] = value

    return add


def remark(**more: Any) -> Change:
    def add(pdf: pikepdf.Pdf, page: Any) -> None:
        page.Annots = pdf.make_indirect([pdf.make_indirect(Dictionary(Type=Name.Annot, Rect=BOX, **more))])

    return add


def font(**more: Any) -> Change:
    def add(pdf: pikepdf.Pdf, page: Any) -> None:
        program = pdf.make_stream(letter_tables(*more.pop("tables", ((3, 1),))))
        form = Dictionary(FontName=Name.Own, Flags=more.pop("flags", 32), FontFile2=program)
        made = Dictionary(Type=Name.Font, FontDescriptor=form, **more)
        page.Resources = Dictionary(Font=Dictionary(F=pdf.make_indirect(made)))

    return add


def letter_tables(*tables: tuple[int, int]) -> bytes:
    """As little of a TrueType font as says which tables of letters it has."""
    rows = b"".join(struct.pack(">HHI", *table, 0) for table in tables)
    head = struct.pack(">IHHHH4sIII", 0x10000, 1, 16, 0, 0, b"cmap", 0, 28, 4 + len(rows))
    return head + struct.pack(">HH", 0, len(tables)) + rows


def inks(*spaces: Array) -> Change:
    def add(_pdf: pikepdf.Pdf, page: Any) -> None:
        page.Resources = Dictionary(ColorSpace=Dictionary({f"/C{at}": one for at, one in enumerate(spaces)}))

    return add


def ink(name: str, shade: float) -> Array:
    function = Dictionary(FunctionType=2, Domain=[0, 1], N=1, C0=[1], C1=[shade])
    return Array([Name.Separation, Name(name), Name.DeviceGray, function])


@pytest.mark.parametrize(
    ("change", "clause"),
    [
        (remark(Subtype=Name.Text), clauses.REMARKS),
        (remark(Subtype=Name.Link, F=2), clauses.REMARKS),
        (font(Subtype=Name.TrueType), clauses.FONT_FORMS),
        (font(Subtype=Name.TrueType, flags=4, Encoding=Name.WinAnsiEncoding), clauses.FONT_FORMS),
        (font(Subtype=Name.TrueType, flags=4, tables=((1, 0), (3, 1))), clauses.FONT_FORMS),
        (font(Subtype=Name.Type0, Encoding=Name("/Own-H")), clauses.FONT_FORMS),
        (inks(ink("/Gold", 0.2), ink("/Gold", 0.3)), clauses.PRESS),
        (inks(Array([Name.DeviceN, [Name.Gold], Name.DeviceGray, Dictionary()])), clauses.PRESS),
        (says(MediaBox=[0, 0, 2, 200]), clauses.SIZE),
        (says(AF=[Dictionary(Type=Name.Filespec, EF=Dictionary())]), clauses.OTHERS),
        (says(Long="x" * 40000), clauses.LIMITS),
        (says(Act=Dictionary(S=Name.Named, N=Name.Print)), clauses.ACTIONS),
        (says(MediaBox=[0, 0, Name.Wide, 200]), clauses.ODD),
    ],
)
def test_what_stands_against_pdf_a_is_told(change: Change, clause: str) -> None:
    assert clause in obstacles(change)


@pytest.mark.parametrize(
    ("draws", "clause"),
    [
        (b"0 0 0 1 k", clauses.PRESS),
        (b"/DeviceCMYK cs", clauses.PRESS),
        (b"1 2 3 whirl", clauses.DRAWING),
        (b"/Custom ri", clauses.DRAWING),
        (b"/Nowhere Do", clauses.DRAWING),
        (b"q " * 30 + b"Q " * 30, clauses.DRAWING),
        (b"BI /W 1 /H 1 /BPC 8 /CS /G /F /LZW ID x EI", clauses.DRAWING),
        (b"BI /W 1 /H 1 /BPC 8 /CS /CMYK ID abcd EI", clauses.PRESS),
        (b"2147483648 0 m", clauses.LIMITS),
    ],
)
def test_what_draws_in_other_ways_is_told_wherever_it_stands(draws: bytes, clause: str) -> None:
    def in_a_form(pdf: pikepdf.Pdf, page: Any) -> None:
        form = pdf.make_stream(draws, Subtype=Name.Form, BBox=BOX)
        page.Resources = Dictionary(XObject=Dictionary(F=form))

    assert obstacles(nothing, draws) == [clause]
    assert obstacles(in_a_form, b"/F Do") == [clause]


def test_numbers_and_words_that_a_page_may_say_are_no_obstacle() -> None:
    assert obstacles(nothing, b"BT (call 12345678901) Tj <0123456789> Tj ET /Perceptual ri") == []
    assert obstacles(remark(Subtype=Name.Link)) == []
    assert obstacles(font(Subtype=Name.TrueType, flags=4, tables=((1, 0), (3, 0)))) == []
    assert obstacles(inks(ink("/Gold", 0.2), ink("/Gold", 0.2), ink("/Silver", 0.5))) == []


def test_what_nobody_sees_is_taken_out_and_what_one_sees_is_not() -> None:
    def change(pdf: pikepdf.Pdf, page: Any) -> None:
        picture, other = pdf.make_stream(b""), pdf.make_stream(b"")
        remark(Subtype=Name.Square, AP=Dictionary(N=picture, D=other))(pdf, page)
        pdf.Root.Perms = Dictionary(Other=Dictionary())
        pdf.Root.Pages.Resources = Dictionary(
            ExtGState=Dictionary(G=Dictionary(Type=Name.ExtGState, HT=1, ca=0.5))
        )
        del page["/Resources"]

    with pikepdf.new() as pdf:
        page = pdf.add_blank_page().obj
        page.Contents = pdf.make_stream(b"/G gs")
        change(pdf, page)
        assert make_standard(pdf) == []
        pdf.save(out := io.BytesIO())
    with pikepdf.open(out) as pdf:
        page = pdf.pages[0].obj
        assert [*page.Annots[0].AP.keys()] == ["/N"]
        assert [*pdf.Root.Perms.keys()] == []
        assert {*page.Resources.ExtGState.G.keys()} == {"/Type", "/ca"}


@pytest.mark.parametrize(
    ("channels", "depth", "colours", "plain"),
    [
        (3, 7, [(1, 0, 0, 16)], True),
        (2, 7, [(1, 0, 0, 17)], False),
        (3, 60, [(1, 0, 0, 16)], False),
        (3, 7, [(1, 0, 0, 19)], False),
        (3, 7, [(4, 0, 0, 16)], False),
        (3, 7, [(1, 0, 0, 16), (1, 0, 0, 17)], False),
        (3, 7, [(1, 0, 1, 16), (1, 0, 0, 17)], True),
    ],
)
def test_a_jpeg_2000_picture_says_which_colours_it_has(
    channels: int, depth: int, colours: list[tuple[int, int, int, int]], plain: bool
) -> None:
    sizes = bytes(8) + channels.to_bytes(2, "big") + bytes([depth, 7, 0, 0])
    spaces = [
        bytes((how, 0, approximate)) + which.to_bytes(4, "big") for how, _, approximate, which in colours
    ]
    parts = [box(b"ihdr", sizes), *(box(b"colr", space) for space in spaces)]
    content = box(b"jP  ", b"\r\n\x87\n") + box(b"jp2h", b"".join(parts)) + box(b"jp2c", b"")
    assert is_plain_jpeg2000(content, has_space=False) is plain


def box(kind: bytes, body: bytes) -> bytes:
    return (len(body) + 8).to_bytes(4, "big") + kind + body
