"""The searchable PDF, as poppler and pdfium see it: its words, its picture, and what it is made of."""

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageOps
from reportlab.pdfgen.canvas import Canvas

from papertray.engine.errors import DocumentGone, Unreadable
from papertray.engine.outputs.pdf import write_pdf
from papertray.engine.pages import PageText, TextSource
from tests.engine import pages_made
from tests.engine.layer.pdfs_made import scan, unicode_font
from tests.engine.layer.pdfs_made import write_pdf as draw_pdf
from tests.engine.outputs.pdfa import broken_rules
from tests.engine.outputs.readings import line, page, reading
from tests.engine.renderer.documents_made import halves, near

WORDS = page("The harbour master kept a journal.", "Smith & Söhne paid 1,887.50 € (twice).")
SCRIPTS = page("русский Ελληνικά 한국어", "港口管理员每天记录", "שלום עולם (מבחן)", "हिन्दी 😀 परीक्षण")


def made(file: Path, *pages: PageText) -> tuple[Path, str]:
    (output,) = write_pdf(reading(file, *pages))
    target = file.with_name(f"{file.stem}{output.ending}")
    target.write_bytes(output.content)
    return target, output.remark


def poppler(file: Path) -> str:
    run = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, check=True)
    return " ".join(run.stdout.decode().split())


def pdfium(file: Path) -> str:
    document = pypdfium2.PdfDocument(file)
    return " ".join(" ".join(one.get_textpage().get_text_range() for one in document).split())


def drawn(file: Path, number: int = 0) -> Image.Image:
    return pypdfium2.PdfDocument(file)[number].render(scale=1).to_pil().convert("RGB")


def place_of(file: Path, word: str) -> tuple[float, ...]:
    """Left, top, right and bottom as shares of the page, by pdfium."""
    shown = pypdfium2.PdfDocument(file)[0]
    text = shown.get_textpage()
    start, count = text.search(word).get_next()
    left, bottom, right, top = text.get_charbox(start, loose=True)
    _, _, right, _ = text.get_charbox(start + count - 1, loose=True)
    width, height = shown.get_size()
    return left / width, 1 - top / height, right / width, 1 - bottom / height


def jpeg(file: Path) -> None:
    pages_made.noisy(pages_made.one_column()).image.save(file, quality=90, dpi=(200, 200))


def grey_png(file: Path) -> None:
    pages_made.one_column().image.convert("L").save(file)


def clear_png(file: Path) -> None:
    image = pages_made.one_column().image.convert("RGBA")
    image.putalpha(image.convert("L").point(lambda value: 255 - value))
    image.save(file)


def fax(file: Path) -> None:
    pages_made.one_column().image.convert("1").save(file, compression="group4", dpi=(300, 300))


def packed_tiff(file: Path) -> None:
    pages_made.noisy(pages_made.one_column()).image.save(file, compression="tiff_lzw")


IMAGES: tuple[tuple[str, Callable[[Path], None], str], ...] = (
    ("scan.jpg", jpeg, "/DCTDecode"),
    ("grey.png", grey_png, "/FlateDecode"),
    ("clear.png", clear_png, "/FlateDecode"),
    ("fax.tif", fax, "/CCITTFaxDecode"),
    ("packed.tif", packed_tiff, "/FlateDecode"),
)


@pytest.mark.parametrize(("name", "save", "packing"), IMAGES, ids=[row[0] for row in IMAGES])
def test_an_image_becomes_an_archival_pdf_without_another_pixel(
    tmp_path: Path, name: str, save: Callable[[Path], None], packing: str
) -> None:
    source = tmp_path / name
    save(source)
    target, remark = made(source, WORDS)
    assert remark == ""
    assert broken_rules(target) == []
    assert poppler(target) == pdfium(target) == WORDS.markdown.replace("\n\n", " ")
    with pikepdf.open(target) as pdf:
        image = pdf.pages[0].Resources.XObject.Scan
        assert image.Filter == packing
        inside = pikepdf.PdfImage(image).as_pil_image().convert("RGB")
        if packing == "/DCTDecode":
            assert image.read_raw_bytes() == source.read_bytes()
    with Image.open(source) as outside:
        paper = Image.new("RGB", outside.size, "white")
        paper.paste(outside, mask=outside.getchannel("A") if outside.mode == "RGBA" else None)
        assert ImageChops.difference(paper, inside).getbbox() is None
    if source.stat().st_size > 200_000:
        assert target.stat().st_size <= 1.03 * source.stat().st_size


def test_words_of_any_script_are_found_and_stand_in_their_places(tmp_path: Path) -> None:
    source = tmp_path / "scripts.png"
    halves((1000, 1400)).save(source)
    target, _ = made(source, SCRIPTS)
    for word in SCRIPTS.markdown.replace("(", "").replace(")", "").split():
        assert word in poppler(target), word
    assert pdfium(target) == SCRIPTS.markdown.replace("\n\n", " ")
    left, top, _, bottom = place_of(target, "русский")
    assert (left, top, bottom) == pytest.approx((0.1, 0.1, 0.13), abs=0.01)
    _, _, right, _ = place_of(target, "한국어")
    assert right == pytest.approx(0.9, abs=0.01)


@pytest.mark.parametrize("orientation", [2, 5, 6, 7, 8])
def test_a_picture_that_its_file_turns_is_turned_with_its_words(tmp_path: Path, orientation: int) -> None:
    source, exif = tmp_path / "phone.jpg", Image.Exif()
    exif[0x0112] = orientation
    halves((200, 100)).save(source, exif=exif, quality=95)
    target, _ = made(source, WORDS)
    with Image.open(source) as image:
        upright = ImageOps.exif_transpose(image).convert("RGB")
    shown = drawn(target).resize(upright.size)
    for x, y in ((0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)):
        spot = int(x * upright.width), int(y * upright.height)
        found, wanted = shown.getpixel(spot), upright.getpixel(spot)
        assert isinstance(wanted, tuple)
        assert near(found, wanted[:3], 12), (orientation, spot)
    assert place_of(target, "harbour")[1] == pytest.approx(0.1, abs=0.01)


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_the_pages_of_a_pdf_stay_as_they_are(tmp_path: Path, turned: int) -> None:
    source = draw_pdf(tmp_path / "scan.pdf", scan, turned=turned)
    target, remark = made(source, WORDS)
    assert remark == ""
    assert broken_rules(target) == []
    assert poppler(target).startswith("The harbour master kept a journal.")
    assert ImageChops.difference(drawn(source), drawn(target)).getbbox() is None
    left, top, _, _ = place_of(target, "The") if turned == 0 else (0.1, 0.1, 0, 0)
    assert (left, top) == pytest.approx((0.1, 0.1), abs=0.01)
    with pikepdf.open(source) as before, pikepdf.open(target) as after:
        assert list(after.pages[0].mediabox) == list(before.pages[0].mediabox)


def test_words_that_the_file_has_itself_are_not_set_again(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(unicode_font(), 12)
        canvas.drawString(30, 260, "Written in the file")

    source = draw_pdf(tmp_path / "made.pdf", draw, scan)
    own = page("Written in the file", source=TextSource.WRITTEN)
    seen = line("and seen", 0.5)
    partly = PageText(
        (*own.blocks, *page("and seen").blocks),
        source=TextSource.PARTLY_WRITTEN,
        lines=(replace(own.lines[0], written=True), seen),
    )
    target, remark = made(source, own, partly)
    assert remark == ""
    assert broken_rules(target) == []
    assert poppler(target) == "Written in the file and seen"


def test_invisible_words_of_another_program_give_way(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        scan(canvas)
        text = canvas.beginText(30, 260)
        text.setTextRenderMode(3)
        text.textLine("Tbe harb0ur rnaster")
        canvas.drawText(text)

    source = draw_pdf(tmp_path / "old.pdf", draw)
    target, _ = made(source, WORDS)
    assert "harb0ur" in poppler(source)
    assert "harb0ur" not in poppler(target)
    assert ImageChops.difference(drawn(source), drawn(target)).getbbox() is None


@pytest.mark.parametrize(
    ("what", "why"), [("script", "JavaScript"), ("locked", "encrypted"), ("fonts", "fonts")]
)
def test_what_cannot_be_archival_is_searchable_and_says_why(tmp_path: Path, what: str, why: str) -> None:
    source = draw_pdf(tmp_path / "plain.pdf", scan if what != "fonts" else _with_a_font_that_is_not_there)
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        if what == "script":
            pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("0"))
        pdf.save(source, encryption=pikepdf.Encryption(owner="o", user="") if what == "locked" else None)
    target, remark = made(source, WORDS)
    assert remark.startswith("The searchable PDF of plain.pdf is no PDF/A: ")
    assert why in remark
    assert "The harbour master kept a journal." in poppler(target)
    with pikepdf.open(target) as pdf:
        assert pdf.is_encrypted == (what == "locked")
        assert b"pdfaid:part" not in pdf.Root.Metadata.read_bytes()


def _with_a_font_that_is_not_there(canvas: Canvas) -> None:
    scan(canvas)
    canvas.drawString(30, 20, "Helvetica")


def test_what_the_file_says_of_itself_is_kept_in_both_places(tmp_path: Path) -> None:
    source = draw_pdf(tmp_path / "told.pdf", scan)
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        del pdf.trailer["/Info"]
        pdf.docinfo["/Title"] = "Grüße & <Küsse>"
        pdf.docinfo["/CreationDate"] = "D:20261126120000+01'00'"
        pdf.save(source)
    target, _ = made(source, WORDS)
    assert [rule for rule in broken_rules(target) if "6.6" in rule] == []
    with pikepdf.open(target) as pdf:
        assert str(pdf.docinfo["/Title"]) == "Grüße & <Küsse>"
        assert b"2026-11-26T12:00:00+01:00" in pdf.Root.Metadata.read_bytes()


def test_the_same_source_gives_the_same_file(tmp_path: Path) -> None:
    source = tmp_path / "scan.png"
    grey_png(source)
    first = made(source, WORDS)[0].read_bytes()
    assert made(source, WORDS)[0].read_bytes() == first


def test_a_damaged_source_and_one_that_is_gone_are_sentences(tmp_path: Path) -> None:
    source = tmp_path / "broken.pdf"
    source.write_bytes(b"%PDF-1.7\nnothing of that sort")
    with pytest.raises(Unreadable):
        made(source, WORDS)
    with pytest.raises(DocumentGone):
        write_pdf(replace(reading(source, WORDS), source=None))


def test_several_pages_of_a_tiff_are_several_pages(tmp_path: Path) -> None:
    source = tmp_path / "two.tif"
    pages = [pages_made.one_column().image.convert("1"), halves((300, 200))]
    pages[0].save(source, save_all=True, append_images=pages[1:], compression="tiff_lzw")
    target, _ = made(source, page("first"), page("second"))
    assert poppler(target) == "first second"
    assert len(pypdfium2.PdfDocument(target)) == 2
