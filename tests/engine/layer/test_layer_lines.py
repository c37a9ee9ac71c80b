"""What is written in a PDF comes out as lines, spelt as it was meant, in the order in which it is read."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfgen.canvas import Canvas

from papertray.engine.layer.lines import write_lines
from papertray.engine.layer.spelling import spell
from papertray.engine.layout.lines import Line
from papertray.engine.renderer import Renderer
from tests.engine import pages_made
from tests.engine.layer.pdfs_made import PROSE, SIZE, Drawn, layer_of, prose, unicode_font, write_pdf


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer() as renderer:
        yield renderer


def lines_of(renderer: Renderer, folder: Path, draw: Drawn, **wishes: Any) -> list[Line]:
    layer = layer_of(renderer, write_pdf(folder / "made.pdf", draw, **wishes))
    return sorted((line.line for line in write_lines(layer).lines), key=lambda line: line.rect.top)


def test_lines_are_as_they_were_written(tmp_path: Path, renderer: Renderer) -> None:
    lines = lines_of(renderer, tmp_path, prose)
    assert tuple(line.text for line in lines) == PROSE
    first = lines[0]
    assert first.font_size == pytest.approx(12 * 200 / 72, rel=0.02)
    assert first.rect.left == pytest.approx(30 * 200 / 72, abs=4)
    assert first.rect.top < (SIZE[1] - 260) * 200 / 72 < first.rect.bottom
    assert (first.bold, first.italic, first.mono, first.colour) == (False, False, False, 0)


def test_bullets_of_tex_and_of_word_processors_are_bullets() -> None:
    assert {spell(f"{sign} ink") for sign in "\x88\uf0b7"} == {"• ink"}


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_turned_page_has_the_same_lines(tmp_path: Path, renderer: Renderer, turned: int) -> None:
    lines = lines_of(renderer, tmp_path, prose, turned=turned, size=(420, 420))
    assert tuple(line.text for line in lines) == PROSE, "the page is set upright for its lines"


def test_text_that_runs_up_the_margin_is_a_line_of_its_own(tmp_path: Path, renderer: Renderer) -> None:
    def draw(canvas: Canvas) -> None:
        prose(canvas)
        canvas.rotate(90)
        canvas.drawString(100, -15, "a note in the margin")

    lines = lines_of(renderer, tmp_path, draw)
    (margin,) = [line for line in lines if line.text not in PROSE]
    assert margin.text == "a note in the margin"
    assert margin.rect.height > 3 * margin.rect.width


def test_weight_slant_and_pitch_are_known_word_by_word(tmp_path: Path, renderer: Renderer) -> None:
    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(30, 200)
        for font, words in (
            ("Helvetica", "plain "),
            ("Helvetica-Bold", "bold "),
            ("Helvetica-Oblique", "slanted "),
        ):
            text.setFont(font, 12)
            text.textOut(words)
        text.setFont("Courier", 12)
        text.textOut("code")
        canvas.drawText(text)

    (line,) = lines_of(renderer, tmp_path, draw)
    assert [(word.text, word.bold, word.italic, word.mono) for word in line.words] == [
        ("plain", False, False, False),
        ("bold", True, False, False),
        ("slanted", False, True, False),
        ("code", False, False, True),
    ]


def test_raised_and_lowered_digits_stay_so(tmp_path: Path, renderer: Renderer) -> None:
    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(30, 200)
        text.setFont("Times-Roman", 12)
        for words, rise in (("ten m", 0), ("2", 5), (" of H", 0), ("2", -3), ("O here", 0)):
            text.setFont("Times-Roman", 12 if not rise else 7)
            text.setRise(rise)
            text.textOut(words)
        canvas.drawText(text)

    (line,) = lines_of(renderer, tmp_path, draw)
    assert line.text == "ten m² of H₂O here"


def test_ligatures_are_spelt_out(tmp_path: Path, renderer: Renderer) -> None:
    (line,) = lines_of(
        renderer, tmp_path, lambda canvas: prose(canvas, unicode_font(), ("the oﬃce ﬁles ﬂood",))
    )
    assert line.text == "the office files flood"


def test_a_ligature_whose_sign_is_cut_into_parts_keeps_both_letters(
    tmp_path: Path, renderer: Renderer
) -> None:
    layer = layer_of(
        renderer, write_pdf(tmp_path / "made.pdf", lambda canvas: prose(canvas, lines=("a tariff here",)))
    )
    at = layer.text.index("ff")
    boxes, origins = layer.boxes.copy(), layer.origins.copy()
    origins[at + 1] = origins[at]
    boxes[at : at + 2, 1], boxes[at : at + 2, 3] = boxes[at, 1], boxes[at, 3]
    boxes[at, 2] = boxes[at + 1, 0]
    (line,) = write_lines(replace(layer, boxes=boxes, origins=origins)).lines
    assert line.line.text == "a tariff here"


def test_letters_set_twice_for_weight_stand_once(tmp_path: Path, renderer: Renderer) -> None:
    def draw(canvas: Canvas) -> None:
        for shift in (0, 0.4):
            canvas.drawString(30 + shift, 200, "All bells will toll")

    (line,) = lines_of(renderer, tmp_path, draw)
    assert line.text == "All bells will toll"


def test_spaced_letters_are_one_word(tmp_path: Path, renderer: Renderer) -> None:
    (line,) = lines_of(
        renderer, tmp_path, lambda canvas: canvas.drawString(30, 200, "WINTER journal", charSpace=2.5)
    )
    assert line.text == "WINTER journal"


def test_words_without_blanks_between_them_are_parted_by_white(tmp_path: Path, renderer: Renderer) -> None:
    def draw(canvas: Canvas) -> None:
        x = 30.0
        for word in ("never", "a", "blank", "here"):
            canvas.drawString(x, 200, word)
            x += canvas.stringWidth(word, "Helvetica", 12) + 3.5

    (line,) = lines_of(renderer, tmp_path, draw)
    assert line.text == "never a blank here"


def test_cells_are_lines_of_their_own(tmp_path: Path, renderer: Renderer) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(30, 200, "Lamp oil")
        canvas.drawString(105, 200, "12.50")
        canvas.drawString(182, 200, "by")
        canvas.line(180, 190, 180, 215)
        canvas.drawString(153, 200, "sent")

    lines = sorted(lines_of(renderer, tmp_path, draw), key=lambda line: line.rect.left)
    assert [line.text for line in lines] == ["Lamp oil", "12.50", "sent", "by"]


def test_hebrew_is_read_from_the_right(tmp_path: Path, renderer: Renderer) -> None:
    written = "שלום לכולם בשנת 1887 בנמל"
    shown = " ".join(word if word.isdigit() else word[::-1] for word in reversed(written.split()))
    (line,) = lines_of(renderer, tmp_path, lambda canvas: prose(canvas, unicode_font(), (shown,)))
    assert line.text == written
    assert line.right_to_left


def test_columns_of_chinese_are_read_downwards_from_the_right(tmp_path: Path, renderer: Renderer) -> None:
    columns = ("港口管理员每天记录", "大多数船长在中午之前")

    def draw(canvas: Canvas) -> None:
        canvas.setFont(unicode_font(pages_made.HAN), 14)
        for number, column in enumerate(columns):
            for at, letter in enumerate(column):
                canvas.drawString(300 - 30 * number, 250 - 15 * at, letter)

    assert sorted(line.text for line in lines_of(renderer, tmp_path, draw)) == sorted(columns)


def test_an_initial_belongs_to_its_word(tmp_path: Path, renderer: Renderer) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", 40)
        canvas.drawString(30, 230, "T")
        canvas.setFont("Times-Roman", 12)
        canvas.drawString(56, 248, "his was written in the winter")
        canvas.drawString(56, 233, "of the great flood")

    texts = [line.text for line in lines_of(renderer, tmp_path, draw)]
    assert texts == ["This was written in the winter", "of the great flood"]


def test_an_initial_on_the_base_of_a_lower_line_belongs_to_the_first_one(
    tmp_path: Path, renderer: Renderer
) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", 40)
        canvas.drawString(30, 233, "T")
        canvas.setFont("Times-Roman", 12)
        canvas.drawString(56, 248, "his was written in the winter")
        canvas.drawString(56, 233, "of the great flood")

    first, second = lines_of(renderer, tmp_path, draw)
    assert (first.text, second.text) == ("This was written in the winter", "of the great flood")
    assert abs(first.rect.left - second.rect.left) < 2


def test_parts_of_a_line_that_fills_its_column_as_the_next_one_does_are_one(
    tmp_path: Path, renderer: Renderer
) -> None:
    def draw(canvas: Canvas) -> None:
        def width(text: str) -> float:
            return canvas.stringWidth(text, "Times-Roman", 12)

        canvas.setFont("Times-Roman", 12)
        whole, begun, ended = "written each night by a lamp", "in the winter of", "that year"
        right = 30 + width(begun) + 13 + width(ended)
        spread = (right - 30 - width(whole)) / whole.count(" ")
        canvas.drawString(30, 200, whole, wordSpace=spread)
        canvas.drawString(30, 186, begun)
        canvas.drawString(right - width(ended), 186, ended)
        canvas.drawString(30, 150, "a cell")
        canvas.drawString(30 + width("a cell") + 13, 150, "another cell")

    texts = [line.text for line in lines_of(renderer, tmp_path, draw)]
    assert texts == [
        "written each night by a lamp",
        "in the winter of that year",
        "a cell",
        "another cell",
    ]


def test_a_sections_number_belongs_to_its_title(tmp_path: Path, renderer: Renderer) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 12)
        canvas.drawString(30, 248, "2.1")
        canvas.drawString(70, 248, "Savings of the winter")
        for x, cell in ((30, "3"), (60, "Tar"), (100, "12.50")):
            canvas.drawString(x, 200, cell)

    texts = {line.text for line in lines_of(renderer, tmp_path, draw)}
    assert texts == {"2.1 Savings of the winter", "3", "Tar", "12.50"}


def test_rules_that_the_page_draws_are_known(tmp_path: Path, renderer: Renderer) -> None:
    def draw(canvas: Canvas) -> None:
        prose(canvas)
        canvas.grid([30, 130, 230], [50, 80, 110])
        canvas.setFillColorRGB(0.9, 0.9, 0.9)
        canvas.rect(250, 50, 100, 60, stroke=0, fill=1)

    page = write_lines(layer_of(renderer, write_pdf(tmp_path / "made.pdf", draw)))
    assert (len(page.rules.across), len(page.rules.down)) == (3, 3)
    assert all(rule.width == pytest.approx(200 * 200 / 72, abs=4) for rule in page.rules.across)


def test_rules_that_are_drawn_cell_by_cell_are_whole_lines(tmp_path: Path, renderer: Renderer) -> None:
    def draw(canvas: Canvas) -> None:
        prose(canvas)
        for x in (30, 130):
            for y in (50, 65, 80):
                canvas.rect(x, y, 100, 15)

    page = write_lines(layer_of(renderer, write_pdf(tmp_path / "made.pdf", draw)))
    assert (len(page.rules.across), len(page.rules.down)) == (4, 3)
    assert all(rule.height == pytest.approx(45 * 200 / 72, abs=4) for rule in page.rules.down)


def test_shaded_cells_have_lines_between_them_and_shaded_paragraphs_have_none(
    tmp_path: Path, renderer: Renderer
) -> None:
    def draw(canvas: Canvas, columns: int) -> None:
        prose(canvas)
        for row in range(3):
            canvas.setFillColorRGB(0.7 + 0.1 * row, 0.8, 0.9)
            for column in range(columns):
                canvas.rect(40 + 61 * column, 40 + 21 * row, 60, 20, stroke=0, fill=1)

    def rules(columns: int) -> tuple[int, int]:
        path = write_pdf(tmp_path / f"{columns}.pdf", lambda canvas: draw(canvas, columns))
        found = write_lines(layer_of(renderer, path)).rules
        return len(found.across), len(found.down)

    across, down = rules(3)
    assert min(across, down) >= 4
    assert rules(1) == (0, 0)


def test_what_is_not_on_the_page_is_not_written(tmp_path: Path, renderer: Renderer) -> None:
    def draw(canvas: Canvas) -> None:
        prose(canvas)
        canvas.drawString(-400, 100, "outside")

    assert len(lines_of(renderer, tmp_path, draw)) == len(PROSE)


def test_a_line_knows_what_colour_it_has(tmp_path: Path, renderer: Renderer) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFillColorRGB(1, 0, 0)
        canvas.drawString(30, 200, "in red")

    (line,) = lines_of(renderer, tmp_path, draw)
    assert line.colour == 0xFF0000


def test_accents_set_over_letters_become_a_part_of_them(tmp_path: Path, renderer: Renderer) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", 12)
        canvas.drawString(30, 200, "cafe")
        canvas.drawString(30 + canvas.stringWidth("caf", "Times-Roman", 12) + 1, 200, "´")

    (line,) = lines_of(renderer, tmp_path, draw)
    assert line.text == "café"


def test_accents_that_the_file_sets_words_later_find_their_letters(
    tmp_path: Path, renderer: Renderer
) -> None:
    def draw(canvas: Canvas) -> None:
        def at(text: str) -> float:
            return 30 + canvas.stringWidth(text, "Times-Roman", 12)

        canvas.setFont("Times-Roman", 12)
        canvas.drawString(30, 200, "thank Jan Minac for it")
        canvas.drawString(at("thank J") + 1, 200, "´")
        canvas.drawString(at("thank Jan Min") + 1, 200.3, "´")

    (line,) = lines_of(renderer, tmp_path, draw)
    assert line.text == "thank Ján Minác for it"


def test_links_are_carried_by_the_words_they_lie_on(tmp_path: Path, renderer: Renderer) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 12)
        canvas.drawString(30, 200, "see here now")
        start = 30 + canvas.stringWidth("see ", "Helvetica", 12)
        end = start + canvas.stringWidth("here", "Helvetica", 12)
        canvas.linkURL("https://example.org/a", (start, 197, end, 212))

    (line,) = lines_of(renderer, tmp_path, draw)
    assert [(word.text, word.link) for word in line.words] == [
        ("see", ""),
        ("here", "https://example.org/a"),
        ("now", ""),
    ]
    assert replace(line, words=()).text == "see here now"


def test_blanks_that_are_only_white_are_seen_on_short_lines_and_beside_letters_set_apart(
    tmp_path: Path, renderer: Renderer
) -> None:
    shown = ("6 05", "p = rgh + q", "230 V ~ 50 Hz", "1.2 The winter of the ice" + " ." * 60)

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 12)
        for at, text in enumerate(shown):
            left = 30.0
            for part in text.split(" "):
                canvas.drawString(left, 200 - 20 * at, part)
                left += canvas.stringWidth(f"{part} ")
        line = canvas.beginText(30, 100)
        line.setCharSpace(4)
        line.textOut("Page")
        canvas.drawText(line)

    found = [line.text for line in lines_of(renderer, tmp_path, draw)]
    assert (*found[:3], found[3].rstrip("."), found[4]) == (*shown[:3], "1.2 The winter of the ice", "Page")


def test_words_of_a_justified_line_are_one_line_however_far_apart_and_cells_are_not(
    tmp_path: Path, renderer: Renderer
) -> None:
    words, cells = ("much", "as", "eleven", "millimetres", "since"), ("Jan", "Feb", "Mar", "Apr", "May")

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 12)
        left = 30.0
        for at, word in enumerate(words):
            canvas.drawString(left, 200, word)
            left += canvas.stringWidth(word) + 14
            canvas.drawString(30 + 35 * at, 150, cells[at])

    found = [line.text for line in lines_of(renderer, tmp_path, draw)]
    assert found[0] == " ".join(words)
    assert sorted(found[1:]) == sorted(cells)


def test_a_short_line_is_as_large_as_its_letters_not_as_what_is_raised_there(
    tmp_path: Path, renderer: Renderer
) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", 12)
        canvas.drawString(30, 200, "m")
        canvas.setFont("Times-Roman", 7)
        canvas.drawString(39.5, 205, "-12")

    (line,) = lines_of(renderer, tmp_path, draw)
    assert line.text == "m⁻¹²"
    assert line.font_size == pytest.approx(12 * 200 / 72, rel=0.02)
