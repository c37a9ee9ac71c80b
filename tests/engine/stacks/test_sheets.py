"""What a sheet is, and which documents a pile is."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from papertray.engine.layout.ink import is_blank_page
from papertray.engine.stacks.parts import part_at_blanks, part_at_separators
from papertray.engine.stacks.sheets import SheetKind, look_for_barcodes, look_for_blanks
from tests.daemon.stacks.piles import QR, SEPARATOR, draw_sheet

KINDS = {"p": SheetKind.PAGE, "b": SheetKind.BLANK, "s": SheetKind.SEPARATOR}


def kinds(pile: str) -> list[SheetKind]:
    return [KINDS[letter] for letter in pile]


@pytest.mark.parametrize(
    ("pile", "parts"),
    [
        ("ppbp", [(1, 2), (4,)]),
        ("bbpbbppb", [(3,), (6, 7)]),
        ("bb", []),
        ("ppp", [(1, 2, 3)]),
    ],
)
def test_blank_sheets_part_documents_and_belong_to_none(pile: str, parts: list[tuple[int, ...]]) -> None:
    assert part_at_blanks(kinds(pile)) == parts


@pytest.mark.parametrize(
    ("pile", "parts"),
    [
        ("spps", [(2, 3)]),
        ("ppsbpbp", [(1, 2), (5, 6, 7)]),  # the back of the separator goes with it, another blank stays
        ("psbbp", [(1,), (4, 5)]),
        ("ss", []),
    ],
)
def test_separators_part_documents_and_take_their_blank_backs_along(
    pile: str, parts: list[tuple[int, ...]]
) -> None:
    assert part_at_separators(kinds(pile)) == parts


def test_a_note_in_pencil_is_not_blank_though_no_reader_could_read_it() -> None:
    sheet = Image.new("L", (1654, 2339), "white")
    assert look_for_blanks(np.asarray(sheet)) is SheetKind.BLANK
    ImageDraw.Draw(sheet).text((500, 1000), "paid, 12 May", fill=230, font_size=36)
    assert look_for_blanks(np.asarray(sheet)) is SheetKind.PAGE
    assert is_blank_page(np.asarray(sheet))


def test_dust_grain_and_what_shines_through_are_blank() -> None:
    grain = np.random.default_rng(1)
    sheet = grain.normal(238, 6, (1169, 827))
    for _ in range(200):
        top, left = grain.integers(0, 1160), grain.integers(0, 820)
        sheet[top : top + 2, left : left + 2] = 60
    through = Image.new("L", (827, 1169), 0)
    for line in range(100, 1000, 30):
        ImageDraw.Draw(through).text((100, line), "the other side", fill=15, font_size=18)
    seen = np.clip(sheet - np.asarray(through.reduce(2).resize((827, 1169))), 0, 255).astype(np.uint8)
    assert look_for_blanks(seen) is SheetKind.BLANK


@pytest.mark.parametrize("turned", [0, 3, 90, 180])
def test_a_barcode_parts_however_the_sheet_lies_and_no_other_does(turned: int) -> None:
    look = look_for_barcodes("PATCHT")
    for code in (SEPARATOR, QR):
        sheet = draw_sheet(code).rotate(turned, expand=True, fillcolor=255)
        assert look(np.asarray(sheet)) is SheetKind.SEPARATOR
        assert look_for_barcodes("NEXT")(np.asarray(sheet)) is SheetKind.PAGE
    assert look(np.asarray(draw_sheet("PATCHT"))) is SheetKind.PAGE  # in words
