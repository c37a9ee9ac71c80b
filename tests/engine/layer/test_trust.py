"""A layer is used where it says what the page shows, line by line, and nowhere else."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from papertray.engine.layer.trust import Judgement, Verdict, agrees, judge
from papertray.engine.renderer import Renderer
from papertray.engine.written import Layer
from tests.engine import pages_made
from tests.engine.layer.pdfs_made import (
    PROSE,
    SIZE,
    layer_of,
    place_picture,
    prose,
    scan,
    unicode_font,
    write_pdf,
)


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer() as renderer:
        yield renderer


@pytest.fixture
def judged(tmp_path: Path, renderer: Renderer) -> Callable[..., Judgement]:
    return lambda draw: judge(layer_of(renderer, write_pdf(tmp_path / "made.pdf", draw)))


def respelt(layer: Layer, change: Callable[[str], str]) -> Layer:
    return replace(layer, text="".join(change(letter) for letter in layer.text))


def shifted(letter: str) -> str:
    return chr((ord(letter) - 97 + 3) % 26 + 97) if "a" <= letter <= "z" else letter


def test_a_sound_page_is_trusted_without_a_doubt(judged: Callable[..., Judgement]) -> None:
    judgement = judged(prose)
    assert (judgement.verdict, judgement.gaps, judgement.why) == (Verdict.TRUSTED, (), "")
    assert {line.text for line in judgement.lines} == set(PROSE)


def test_invisible_words_over_a_scan_are_refused(judged: Callable[..., Judgement]) -> None:
    def draw(canvas: Canvas) -> None:
        scan(canvas)
        text = canvas.beginText(30, 260)
        text.setTextRenderMode(3)
        text.textLines(PROSE)
        canvas.drawText(text)

    assert judged(draw).verdict is Verdict.REFUSED


def test_words_under_a_scan_are_refused(judged: Callable[..., Judgement]) -> None:
    def draw(canvas: Canvas) -> None:
        prose(canvas)
        scan(canvas)

    judgement = judged(draw)
    assert (judgement.verdict, judgement.why) == (Verdict.REFUSED, "it lies under a picture")


def test_words_upon_a_picture_of_the_whole_page_are_doubted(judged: Callable[..., Judgement]) -> None:
    def draw(canvas: Canvas) -> None:
        place_picture(canvas, Image.new("RGB", (40, 30), "lightyellow"), 0, 0, *SIZE)
        prose(canvas)

    assert judged(draw).verdict is Verdict.DOUBTED


def test_a_font_without_a_map_of_its_letters_never_makes_garbage(tmp_path: Path, renderer: Renderer) -> None:
    path = tmp_path / "made.pdf"
    canvas = Canvas(str(path), pagesize=SIZE, pageCompression=0)
    short = tuple(line[:48].strip() for line in PROSE)
    prose(canvas, unicode_font(), short)
    canvas.save()
    whole = path.read_bytes()
    assert b"/ToUnicode" in whole
    path.write_bytes(whole.replace(b"/ToUnicode", b"/NoUnicode"))
    judgement = judge(layer_of(renderer, path))
    assert judgement.verdict is Verdict.REFUSED or {line.text for line in judgement.lines} == set(short)


def test_letters_that_pdfium_cannot_name_are_refused(tmp_path: Path, renderer: Renderer) -> None:
    layer = layer_of(renderer, write_pdf(tmp_path / "made.pdf", prose))
    unnamed = replace(layer, unmapped=np.arange(len(layer.text)) % 3 == 0)
    assert judge(unnamed).verdict is Verdict.REFUSED


@pytest.mark.parametrize(
    "change",
    [
        shifted,
        lambda letter: "\ufffd" if letter in "aeiou" else letter,
        lambda letter: chr(ord(letter) + 0xE000),
    ],
    ids=["shifted", "unknown", "private"],
)
def test_letters_that_do_not_mean_what_they_show_are_refused(
    tmp_path: Path, renderer: Renderer, change: Callable[[str], str]
) -> None:
    layer = layer_of(renderer, write_pdf(tmp_path / "made.pdf", prose))
    assert judge(respelt(layer, change)).verdict is Verdict.REFUSED


def test_words_that_change_their_script_are_refused(tmp_path: Path, renderer: Renderer) -> None:
    layer = layer_of(renderer, write_pdf(tmp_path / "made.pdf", prose))
    mixed = judge(respelt(layer, lambda letter: {"a": "а", "n": "ԥ"}.get(letter, letter)))
    assert (mixed.verdict, mixed.why) == (Verdict.REFUSED, "its words change their script")


def test_a_scanned_part_is_a_gap(judged: Callable[..., Judgement]) -> None:
    def draw(canvas: Canvas) -> None:
        prose(canvas)
        paper = pages_made.Paper((1000, 200), margin=40)
        paper.set("Stamped on Tuesday", path=pages_made.SANS_BOLD, size=60)
        place_picture(canvas, paper.image, 30, 40, 250, 50)

    judgement = judged(draw)
    assert judgement.verdict is Verdict.TRUSTED
    assert judgement.gaps
    stamp = (SIZE[1] - 90) * 200 / 72, (SIZE[1] - 40) * 200 / 72
    assert all(stamp[0] - 5 < gap.top < gap.bottom < stamp[1] + 5 for gap in judgement.gaps)


def test_a_line_that_the_page_does_not_show_is_left_out(judged: Callable[..., Judgement]) -> None:
    def draw(canvas: Canvas) -> None:
        prose(canvas)
        canvas.setFillColorRGB(1, 1, 1)
        canvas.drawString(30, 100, "white on white for machines to read")

    assert {line.text for line in judged(draw).lines} == set(PROSE)


def test_a_line_with_letters_that_mean_nothing_is_read_from_the_picture(
    tmp_path: Path, renderer: Renderer
) -> None:
    layer = layer_of(
        renderer, write_pdf(tmp_path / "made.pdf", lambda canvas: prose(canvas, lines=PROSE * 4))
    )
    spoilt = layer.text.index(PROSE[0])
    text = layer.text[:spoilt] + "\ufffd" * 9 + layer.text[spoilt + 9 :]
    judgement = judge(replace(layer, text=text))
    assert sum(line.text == PROSE[0] for line in judgement.lines) == 3
    assert any(gap.height > 20 for gap in judgement.gaps)


def test_a_page_of_which_nothing_is_seen_is_refused(tmp_path: Path, renderer: Renderer) -> None:
    layer = layer_of(renderer, write_pdf(tmp_path / "made.pdf", prose))
    assert judge(replace(layer, sketch=np.full_like(layer.sketch, 255))).verdict is Verdict.REFUSED


def test_readings_agree_when_most_lines_are_alike() -> None:
    read = ("The harbour master kept", "a carefu1 journal of", "every vesse1")
    assert agrees(("The harbour master kept", "a careful journal of", "quite another line"), read)
    assert not agrees(("Wkh kduerxu pdvwhu nhsw", "d fduhixo mrxuqdo ri", "every vessel"), read)
    assert not agrees((), ())
