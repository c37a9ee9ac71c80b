"""PDF pages look as in a viewer, at the resolution wished for or at what their size allows."""

from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from papertray.engine.errors import NoSuchPage, PageTooLarge, PdfLocked, TooManyPages, Unreadable
from papertray.engine.renderer import DocumentLimits, PageSize, Renderer
from tests.engine.renderer.documents_made import A4, drawn, near, pdf

RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)
CORNER = "1 0 0 rg 0 0 50 25 re f"  # red, at the bottom left of 100 by 50 points
SMALL = "/MediaBox [0 0 100 50]"


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer(DocumentLimits(dots_per_inch=144)) as renderer:
        yield renderer


def stored(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_a_page_is_drawn_at_the_resolution_wished_for(tmp_path: Path) -> None:
    path = stored(tmp_path / "a4.pdf", pdf(f"/MediaBox [0 0 {A4[0]} {A4[1]}]"))
    with Renderer() as renderer:
        assert renderer.inspect(path).pages == (PageSize(1653, 2339, 200.0),)
        page = renderer.image(path, 1)
    assert (page.image.size, page.dots_per_inch, page.number) == ((1653, 2339), 200.0, 1)


def test_each_page_has_its_own_size(tmp_path: Path, renderer: Renderer) -> None:
    path = stored(tmp_path / "mixed.pdf", pdf(SMALL, "/MediaBox [0 0 33.3 700]", contents=CORNER))
    assert [(page.width, page.height) for page in renderer.inspect(path).pages] == [(200, 100), (67, 1400)]
    assert [drawn(renderer, path, number).size for number in (2, 1)] == [(67, 1400), (200, 100)]
    assert drawn(renderer, path).getpixel((10, 90)) == RED
    assert drawn(renderer, path).getpixel((10, 10)) == WHITE


def test_a_turned_page_is_upright(tmp_path: Path, renderer: Renderer) -> None:
    path = stored(tmp_path / "turned.pdf", pdf(f"{SMALL} /Rotate 90", contents=CORNER))
    assert renderer.inspect(path).pages[0] == PageSize(100, 200, 144.0)
    page = drawn(renderer, path)
    assert (page.getpixel((10, 10)), page.getpixel((10, 190))) == (RED, WHITE)


def test_a_crop_box_is_the_page(tmp_path: Path, renderer: Renderer) -> None:
    path = stored(tmp_path / "cropped.pdf", pdf(f"{SMALL} /CropBox [40 0 90 25]", contents=CORNER))
    assert renderer.inspect(path).pages[0] == PageSize(100, 50, 144.0)
    page = drawn(renderer, path)
    assert (page.getpixel((10, 10)), page.getpixel((30, 10))) == (RED, WHITE)


def test_annotations_and_filled_forms_are_drawn(tmp_path: Path, renderer: Renderer) -> None:
    path = tmp_path / "form.pdf"
    canvas = Canvas(str(path), pagesize=(200, 100))
    canvas.acroForm.checkbox(x=20, y=20, size=60, checked=True, fillColor=None, borderColor=None)
    canvas.acroForm.textfield(x=100, y=20, width=90, height=60, value="IIIIII", fontSize=40)
    canvas.showPage()
    canvas.save()
    grey = drawn(renderer, path).convert("L")
    assert grey.crop((40, 40, 160, 160)).getextrema()[0] < 100
    assert grey.crop((204, 44, 376, 156)).getextrema()[0] < 100


def test_a_transparent_page_lies_on_white(tmp_path: Path, renderer: Renderer) -> None:
    path = stored(tmp_path / "empty.pdf", pdf(SMALL))
    assert drawn(renderer, path).getextrema() == ((255, 255), (255, 255), (255, 255))


def test_blue_is_not_red(tmp_path: Path, renderer: Renderer) -> None:
    path = stored(tmp_path / "blue.pdf", pdf("/MediaBox [0 0 33 33]", contents="0 0 1 rg 0 0 99 99 re f"))
    assert near(drawn(renderer, path).getpixel((5, 5)), BLUE)


def test_a_large_page_gets_fewer_dots_and_the_others_keep_theirs(tmp_path: Path) -> None:
    path = stored(tmp_path / "plan.pdf", pdf("/MediaBox [0 0 7200 720]", SMALL, contents=CORNER))
    with Renderer(DocumentLimits(dots_per_inch=200, page_megapixels=10)) as renderer:
        large, small = renderer.inspect(path).pages
        assert large.dots_per_inch == pytest.approx(100)
        assert (large.width, large.height) == (10_000, 1_000)
        assert small.dots_per_inch == 200
        assert drawn(renderer, path, 1).size == (10_000, 1_000)


@pytest.mark.parametrize("height", [2_000_000, 10])
def test_a_page_too_large_to_be_readable_fails_alone(tmp_path: Path, renderer: Renderer, height: int) -> None:
    huge = f"/MediaBox [0 0 2000000 {height}]"
    path = stored(tmp_path / "huge.pdf", pdf(SMALL, huge, SMALL, contents=CORNER))
    assert len(renderer.inspect(path).pages) == 3
    with pytest.raises(PageTooLarge, match=r"Page 2 of huge.pdf.*documents.page_megapixels"):
        renderer.image(path, 2)
    assert drawn(renderer, path, 1).getpixel((10, 90)) == drawn(renderer, path, 3).getpixel((10, 90)) == RED


def test_a_page_that_cannot_be_loaded_fails_alone(tmp_path: Path, renderer: Renderer) -> None:
    whole = pdf(SMALL, SMALL, SMALL, contents=CORNER)
    path = stored(tmp_path / "torn.pdf", whole.replace(b"[4 0 R 5 0 R 6 0 R]", b"[4 0 R 9 0 R 6 0 R]"))
    assert len(renderer.inspect(path).pages) == 3
    with pytest.raises(Unreadable, match=r"torn\.pdf"):
        renderer.image(path, 2)
    assert drawn(renderer, path, 3).getpixel((10, 90)) == RED


def test_more_pages_than_allowed_are_refused(tmp_path: Path) -> None:
    path = stored(tmp_path / "book.pdf", pdf(*[SMALL] * 5_000))
    with Renderer() as renderer, pytest.raises(TooManyPages, match=r"2,000 pages.*documents\.max_pages"):
        renderer.inspect(path)


def test_a_page_beyond_the_last_is_told(tmp_path: Path, renderer: Renderer) -> None:
    with pytest.raises(NoSuchPage, match="has no page 2: it has 1"):
        renderer.image(stored(tmp_path / "one.pdf", pdf(SMALL)), 2)


@pytest.mark.parametrize("strength", [40, 128])
def test_a_pdf_with_a_users_password_is_locked(tmp_path: Path, renderer: Renderer, strength: int) -> None:
    path = tmp_path / "secret.pdf"
    canvas = Canvas(str(path), encrypt=StandardEncryption("user", "owner", strength=strength))
    canvas.save()
    with pytest.raises(PdfLocked, match=r"secret\.pdf needs a password") as caught:
        renderer.inspect(path)
    assert caught.value.exit_code == 12


def test_a_pdf_with_an_owners_password_only_is_read(tmp_path: Path, renderer: Renderer) -> None:
    path = tmp_path / "owned.pdf"
    canvas = Canvas(str(path), pagesize=(100, 50), encrypt=StandardEncryption("", "owner", canPrint=0))
    canvas.setFillColorRGB(1, 0, 0)
    canvas.rect(0, 0, 50, 25, fill=1, stroke=0)
    canvas.save()
    assert drawn(renderer, path).getpixel((10, 90)) == RED


def test_a_pdf_saved_by_pdfium_is_read(tmp_path: Path, renderer: Renderer) -> None:
    path = tmp_path / "saved.pdf"
    with pdfium.PdfDocument.new() as document:
        document.new_page(100, 50).close()
        document.save(path)
    assert renderer.inspect(path).pages == (PageSize(200, 100, 144.0),)
