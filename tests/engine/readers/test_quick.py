"""The quick reader reads what lies on the page, in order, and says so when it cannot."""

import logging
import socket
import sys
from itertools import product
from pathlib import Path
from subprocess import run
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFilter

from papertray.engine.errors import Cancelled, NothingRead, ReaderError
from papertray.engine.pages import GOOD, BlockKind, PageImage, PageText, Reader, Watch
from papertray.engine.readers.quick import rapid
from papertray.engine.readers.quick import reader as quick
from papertray.engine.readers.quick.steps import RecognisedText
from tests.engine import pages_made as made
from tests.engine.pages_made import CELLS, CROP, Made, Paper
from tests.engine.reading import cells, error_rate, plain


@pytest.fixture(scope="module")
def reader() -> Reader:
    """With what is bundled alone, whatever is installed here."""
    return quick.load(threads=2, languages=())


def read(reader: Reader, page: Made | Image.Image) -> PageText:
    image = page.image if isinstance(page, Made) else page
    return reader.read([PageImage(image)], Watch())[0]


CLEAN = {
    "one column": lambda: made.one_column(),
    "two columns": lambda: made.two_columns(),
    "german": lambda: made.one_column(made.GERMAN, made.SANS),
    "chinese": lambda: made.one_column(made.CHINESE, made.HAN),
}
DEGRADED = {
    "two columns, skewed": lambda: made.skewed(made.two_columns()),
    "one column, noise": lambda: made.noisy(made.one_column()),
    "two columns, jpeg": lambda: made.jpeg(made.two_columns()),
    "german, skewed, noise, jpeg": lambda: made.jpeg(
        made.noisy(made.skewed(made.one_column(made.GERMAN), -1.5))
    ),
}


@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_page_is_read_in_reading_order(reader: Reader, name: str) -> None:
    page = CLEAN[name]()
    assert error_rate(page.text, read(reader, page)) <= 0.01


@pytest.mark.parametrize("name", DEGRADED)
def test_a_bad_scan_is_read_in_reading_order(reader: Reader, name: str) -> None:
    page = DEGRADED[name]()
    assert error_rate(page.text, read(reader, page)) <= 0.02


def test_paragraphs_stay_paragraphs(reader: Reader) -> None:
    page = made.two_columns()
    title, *paragraphs = read(reader, page).blocks
    assert title.kind is BlockKind.TITLE
    assert title.markdown == f"# {page.paragraphs[0]}"
    assert tuple(plain(block.markdown) for block in paragraphs) == page.paragraphs[1:]


@pytest.mark.parametrize(
    "spoil", [lambda page: page, made.skewed, made.noisy], ids=["clean", "skewed", "noise"]
)
def test_a_ruled_table_is_cell_exact(reader: Reader, spoil) -> None:
    page = spoil(made.ruled_table())
    before, table, after = read(reader, page).blocks
    assert table.kind is BlockKind.TABLE
    assert cells(table.markdown) == CELLS
    assert (plain(before.markdown), plain(after.markdown)) == page.paragraphs


def test_columns_that_line_up_are_a_table(reader: Reader) -> None:
    _, table, _ = read(reader, made.skewed(made.aligned_table())).blocks
    assert cells(table.markdown) == (*CELLS[:2], CELLS[3], CELLS[5])


def test_a_list_keeps_its_marks_and_its_depth(reader: Reader) -> None:
    paper = Paper((1240, 700))
    paper.set("Shopping for the weekend", path=made.SANS_BOLD, size=48)
    paper.set(
        "lamp oil, if the shop at the harbour has any, and matches to light it with", hanging="•", after=0.2
    )
    paper.set("rope", hanging="•", after=0.2)
    paper.set("twenty metres", hanging="•", left=170, after=0.2)
    paper.set("herring", hanging="•")
    heading, bullets = read(reader, paper.image).blocks
    assert (heading.kind, bullets.kind) == (BlockKind.HEADING, BlockKind.LIST)
    assert bullets.markdown == (
        "- lamp oil, if the shop at the harbour has any, and matches to light it with\n"
        "- rope\n  - twenty metres\n- herring"
    )


@pytest.mark.parametrize("bullet", "○◦□▪‣")
@pytest.mark.parametrize("spoil", [Made, made.skewed, made.jpeg], ids=["clean", "skewed", "jpeg"])
def test_bullets_that_recognition_drops_are_seen(reader: Reader, bullet: str, spoil) -> None:
    paper = Paper((1240, 700))
    paper.set(made.ENGLISH[0])
    face = made.font(made.SANS, 30)
    for depth, text in (
        (0, "Lamp oil and rope"),
        (1, "A printed index"),
        (1, "herring"),
        (0, "Keys"),
    ):
        paper.pen.text((110 + 60 * depth, paper.y), bullet, font=face, fill="black")
        paper.pen.text((160 + 60 * depth, paper.y), text, font=face, fill="black")
        paper.y += 46
    page = Made(paper.image, ())
    _, found = read(reader, page.image if spoil is Made else spoil(page).image).blocks
    assert found.markdown == "- Lamp oil and rope\n  - A printed index\n  - herring\n- Keys"


def test_rings_in_the_cells_of_a_table_are_no_bullets(reader: Reader) -> None:
    rows = (("Day", "Name"), ("○", "Rope and tar"), ("○", "Lamp oil"), ("○", "Herring"))
    table = made.ruled_table(rows, widths=(90, 400))
    assert "•" not in read(reader, table.image).markdown


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_that_lies_wrong_is_turned(reader: Reader, degrees: int) -> None:
    page = made.one_column(made.ENGLISH[:3], size=(1240, 620))
    result = read(reader, made.turned(page, degrees))
    assert error_rate(page.text, result) <= 0.01
    first = result.blocks[0].box
    assert first is not None
    middle = ((first.left + first.right) / 2, (first.top + first.bottom) / 2)
    nearest = {90: middle[0] < 0.4, 180: middle[1] > 0.6, 270: middle[0] > 0.6}
    assert nearest[degrees], "boxes are places on the page as its file shows it"


def test_boxes_hold_the_ink_of_their_block(reader: Reader) -> None:
    page = made.skewed(made.one_column(made.ENGLISH[:2], size=(1240, 500)))
    for block in read(reader, page).blocks:
        assert block.box is not None
        assert 0.05 < block.box.left < block.box.right < 0.95
        assert 0.1 < block.box.top < block.box.bottom < 0.9


def test_a_coarse_part_of_a_page_makes_it_doubtful_and_its_words_are_told(reader: Reader) -> None:
    paper = Paper((1240, 700))
    paper.set(made.ENGLISH[0])
    top = paper.y
    paper.set(made.ENGLISH[1])
    clean = read(reader, paper.image)
    assert (clean.confidence or 0) >= GOOD
    part = (0, top, 1240, paper.y)
    coarse = paper.image.crop(part)
    small = coarse.resize((coarse.width // 5, coarse.height // 5), Image.Resampling.BOX)
    paper.image.paste(small.resize(coarse.size, Image.Resampling.BILINEAR), part)
    unsure = read(reader, paper.image)
    assert unsure.is_doubtful
    assert unsure.doubtful_words
    for word in unsure.doubtful_words:
        assert word.box is not None
        assert word.box.bottom > top / 700, "the upper part is as clear as before"
        assert word.text in unsure.markdown


def shadowed() -> Image.Image:
    sheet = Image.new("L", CROP, 236)
    for x in range(60):
        sheet.paste(100 + 2 * x, (x, 0, x + 1, CROP[1]))
    return sheet.filter(ImageFilter.GaussianBlur(4)).convert("RGB")


BLANK = {
    "white": lambda: Image.new("RGB", CROP, "white"),
    "grey": lambda: Image.new("RGB", CROP, (226, 224, 219)),
    "speckle": lambda: made.speckled(Image.new("RGB", CROP, "white")),
    "grain": lambda: made.noisy(Made(Image.new("RGB", CROP, (230, 230, 230)), ())).image,
    "shadow": shadowed,
    "two pixels": lambda: Image.new("RGB", (2, 1), "white"),
}


@pytest.mark.parametrize("name", BLANK)
def test_a_blank_sheet_is_blank(reader: Reader, name: str) -> None:
    assert read(reader, BLANK[name]()) == PageText((), blank=True, confidence=1.0)


def photo() -> Image.Image:
    tones = Image.radial_gradient("L").resize(CROP)
    return Image.merge("RGB", (tones, tones.rotate(180), tones.transpose(Image.Transpose.FLIP_LEFT_RIGHT)))


def signature() -> Image.Image:
    sheet = Image.new("RGB", CROP, "white")
    ImageDraw.Draw(sheet).line([(300, 500), (420, 420), (500, 560), (640, 430), (700, 540)], (20, 20, 90), 5)
    return sheet


@pytest.mark.parametrize("picture", [photo, signature])
def test_a_picture_without_text_is_not_called_blank(reader: Reader, picture) -> None:
    with pytest.raises(NothingRead):
        read(reader, picture())


def test_a_page_with_one_line_at_its_edge_is_not_called_blank(reader: Reader) -> None:
    paper = Paper(CROP)
    paper.pen.text((400, 8), "مرحبا بكم في هذه المدينة", font=made.font(made.SANS, 34), fill="black")
    with pytest.raises(NothingRead):
        read(reader, paper.image)


FOREIGN = {
    "russian": (made.RUSSIAN, made.SERIF),
    "greek": (made.GREEK, made.SERIF),
    "arabic": (made.ARABIC, made.SANS),
    "korean": (made.KOREAN, made.HAN),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_an_unknown_script_is_reported_instead_of_guessed(reader: Reader, name: str) -> None:
    paragraphs, face = FOREIGN[name]
    with pytest.raises(NothingRead) as problem:
        read(reader, made.one_column(paragraphs, face, (1240, 620)))
    assert "script" in problem.value.advice


def test_latvian_is_read_with_its_letters(reader: Reader) -> None:
    page = made.one_column((made.LATVIAN, made.LATVIAN), made.SANS, (1240, 520))
    assert plain(read(reader, page).markdown) == page.text


def test_lines_in_an_unknown_script_are_left_out_and_counted(reader: Reader) -> None:
    page = made.one_column((made.ENGLISH[0], made.RUSSIAN[1], made.ENGLISH[2]), size=(1240, 620))
    result = read(reader, page)
    assert plain(result.markdown) == f"{made.ENGLISH[0]} {made.ENGLISH[2]}"
    assert len(result.warnings) == 1
    assert "2 lines could not be read" in result.warnings[0]


def test_a_title_on_a_screen_of_dots_is_read(reader: Reader) -> None:
    paper = Paper((2480, 700))
    for x, y in product(range(100, 1000, 4), range(60, 180, 4)):
        paper.pen.rectangle((x, y, x + 2, y + 2), fill="black")  # as a fax sets grey
    paper.pen.text((120, 68), "Equity Research", font=made.font(made.SANS, 76), fill="white")
    paper.y = 260
    paper.set(made.ENGLISH[0], size=60)
    title, text = read(reader, paper.image).blocks
    assert (plain(title.markdown), plain(text.markdown)) == ("Equity Research", made.ENGLISH[0])


def test_text_that_looks_like_markdown_stays_text(reader: Reader) -> None:
    paper = Paper((1240, 400))
    paper.set("# rm <b> is what the label on the box said", path=made.SANS)
    result = read(reader, paper.image)
    assert result.markdown.startswith("\\# rm \\<b>")


class Impatient(Watch):
    """Cancelled after having been asked a few times."""

    asked = 0

    @property
    def cancelled(self) -> bool:
        Impatient.asked += 1
        return Impatient.asked > 3


def test_reading_stops_between_two_lines(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    lines_read: list[RecognisedText] = []
    read_piece = rapid.RapidEngine.read

    def counted(engine: rapid.RapidEngine, piece: Any) -> RecognisedText:
        lines_read.append(read_piece(engine, piece))
        return lines_read[-1]

    monkeypatch.setattr(rapid.RapidEngine, "read", counted)
    Impatient.asked = 0
    with pytest.raises(Cancelled):
        reader.read([PageImage(made.one_column(size=(1240, 620)).image)], Impatient())
    assert len(lines_read) <= 3


def test_lines_read_at_once_come_in_the_order_of_the_page() -> None:
    page = made.one_column(size=(1240, 620)).image
    alone, together = quick.load(threads=1), quick.load(threads=4)
    assert read(alone, page) == read(together, page)
    alone.close()
    together.close()


def test_the_reader_tells_its_models(reader: Reader) -> None:
    assert reader.identity.name == "quick"
    assert "PP-OCRv6_rec_small" in reader.identity.revision
    assert reader.batch == 1


def test_what_is_read_never_reaches_a_log(
    reader: Reader, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        read(reader, made.one_column(made.ENGLISH[:1], size=(1240, 320)))
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")


def test_the_models_are_loaded_without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("the quick reader asked for the network")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    loaded = quick.load(threads=1)
    assert read(loaded, Image.new("RGB", (64, 64), "white")).blank


def test_a_missing_model_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rapid, "RECOGNITION", "a_model_that_is_not_there")
    with pytest.raises(ReaderError, match="is missing from"):
        quick.load()


def test_a_damaged_model_is_explained_when_it_is_loaded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "broken.onnx").write_bytes(b"not a model")
    monkeypatch.setattr(rapid, "_model", lambda name: tmp_path / "broken.onnx")
    with pytest.raises(ReaderError, match="could not be loaded"):
        quick.load()


def test_importing_the_reader_costs_nothing() -> None:
    heavy = "{'numpy', 'PIL', 'cv2', 'onnxruntime', 'rapidocr'}"
    ours = "papertray.engine.readers.quick.reader, papertray.engine.markdown"
    asked = f"import sys, {ours}; print(sorted({heavy} & set(sys.modules)))"
    assert run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.mark.skipif(sys.platform == "win32", reason="a bare environment starts nothing there")
def test_no_library_leaves_a_trace_of_its_own_or_has_anything_to_report(tmp_path: Path) -> None:
    """onnxruntime writes an identifier and a queue of reports into the home, but not where it sees CI."""
    asked = "from papertray.engine.readers.quick import reader; reader.load()"
    run([sys.executable, "-c", asked], env={"HOME": str(tmp_path)}, check=True)
    assert not list(tmp_path.rglob("*"))
