"""Every form but the PDF, made of one document that has all that a page can have."""

import csv
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import docx
import jsonschema
import pytest
from PIL import Image

from papertray.engine.documents import PageSize
from papertray.engine.errors import UnknownFormat
from papertray.engine.markdown import FailedPage
from papertray.engine.outputs.formats import FORMAT_NAMES, FORMATS, find_format, parse_formats, write_output
from papertray.engine.outputs.reading import FinishedReading
from papertray.engine.pages import Block, BlockKind, Box, DoubtfulWord, PageText
from tests.engine.outputs.readings import line, reading

SCHEMA = Path(__file__).parents[3] / "docs" / "layout.schema.json"
BOX = Box(0.1, 0.1, 0.9, 0.2)
PAGE = PageText(
    (
        Block(BlockKind.TITLE, "# Stores \\* of March", BOX),
        Block(BlockKind.LIST, "3. **Rope** and *tar*\n4. [the office](https://example.org)\n   - `oil`"),
        Block(BlockKind.TABLE, "| Item | Sum |\n| --- | --- |\n| Oil, **clear** | -4.50 |\n| =2+2 | 1 |"),
        Block(
            BlockKind.TABLE,
            '<table><tr><th colspan="2">Both<br>of them</th></tr><tr><td>@a</td>'
            '<td><i>b</i>  <a href="https://example.org/b">so</a> <sup>1</sup> </td></tr></table>',
        ),
        Block(BlockKind.FIGURE, "![a chart](figure:chart)"),
        Block(BlockKind.TEXT, "שלום עולם <script>alert(1)</script> [bad](javascript:alert(1))"),
    ),
    confidence=0.9,
    doubtful_words=(DoubtfulWord("Stores", 0.5, BOX),),
    lines=(line("Stores * of March", 0.12),),
)
GONE = FailedPage(2, "It could not be drawn.", "Try again.")


@pytest.fixture
def whole(tmp_path: Path) -> FinishedReading:
    png = io.BytesIO()
    Image.new("RGB", (2000, 500), "navy").save(png, "PNG")
    return reading(tmp_path / "march <1>.png", PAGE, GONE, figures={(1, "chart"): png.getvalue()})


def text_of(whole: FinishedReading, name: str, number: int = 0) -> str:
    return write_output(whole, find_format(name))[number].content.decode("utf-8")


def test_the_table_of_forms_is_what_can_be_asked_for() -> None:
    assert parse_formats(["json,TXT", "json"]) == (find_format("json"), find_format("txt"))
    assert tuple(row.name for row in FORMATS) == FORMAT_NAMES
    with pytest.raises(UnknownFormat, match="'epub'"):
        parse_formats(["epub"])


def test_layout_is_what_its_schema_says(whole: FinishedReading) -> None:
    layout = json.loads(text_of(whole, "json"))
    jsonschema.validate(layout, schema := json.loads(SCHEMA.read_text("utf-8")))
    jsonschema.Draft202012Validator.check_schema(schema)
    first, second = layout["pages"]
    assert first["blocks"][2]["rows"] == [["Item", "Sum"], ["Oil, clear", "-4.50"], ["=2+2", "1"]]
    assert first["lines"][0]["block"] == 0
    assert [word["text"] for word in first["lines"][0]["words"]] == ["Stores", "*", "of", "March"]
    assert second["problem"] == "It could not be drawn. Try again."


def test_plain_text_is_what_a_person_sees(whole: FinishedReading) -> None:
    text = text_of(whole, "txt")
    first, second = text.split("\f")
    assert first.startswith("Stores * of March\n\n3. Rope and tar\n4. the office\n  - oil\n")
    assert "Oil, clear\t-4.50" in first
    assert "Both of them\t\n@a\tb so 1" in first
    assert "It could not be drawn." in second


def test_html_holds_everything_and_runs_nothing(whole: FinishedReading) -> None:
    html = text_of(whole, "html")
    assert "<title>march &lt;1&gt;.png</title>" in html
    assert re.search(r'<img src="data:image/png;base64,[\w+/=]+" alt="a chart">', html)
    assert "<strong>Rope</strong>" in html
    assert not re.search(r"<script|href=\"(?!https?:|mailto:)|src=\"(?!data:)|<link", html)


def test_each_table_is_a_file_that_no_spreadsheet_runs(whole: FinishedReading) -> None:
    files = write_output(whole, find_format("csv"))
    assert [file.ending for file in files] == [".table-1.csv", ".table-2.csv"]
    rows = [list(csv.reader(io.StringIO(file.content.decode("utf-8-sig")))) for file in files]
    assert rows[0] == [["Item", "Sum"], ["Oil, clear", "-4.50"], ["'=2+2", "1"]]
    assert rows[1] == [["Both\nof them", ""], ["'@a", "b so 1"]]


def test_hocr_has_words_in_pixels(whole: FinishedReading, tmp_path: Path) -> None:
    sized = FinishedReading(
        whole.name, whole.sha256, whole.reader, whole.date, whole.pages, sheets=(PageSize(1000, 2000),) * 2
    )
    tree = ElementTree.fromstring(re.sub(r"<!DOCTYPE[^>]*>", "", text_of(sized, "hocr")))
    found = {name: [one for one in tree.iter() if one.get("class") == name] for name in
             ("ocr_page", "ocr_carea", "ocr_line", "ocrx_word")}  # fmt: skip
    assert [one.text for one in found["ocrx_word"]][:4] == ["Stores", "*", "of", "March"]
    assert "bbox 0 0 1000 2000" in str(found["ocr_page"][0].get("title"))
    assert found["ocr_line"][0].get("title") == "bbox 100 240 900 300"
    assert len(found["ocr_page"]) == 2


def test_a_word_document_has_what_the_note_has(whole: FinishedReading) -> None:
    (file,) = write_output(whole, find_format("docx"))
    document = docx.Document(io.BytesIO(file.content))
    styles = {paragraph.text: paragraph.style.name for paragraph in document.paragraphs if paragraph.style}
    assert styles["Stores * of March"] == "Heading 1"
    assert styles["Rope and tar"] == "List Number"
    assert styles["oil"] == "List Bullet 2"
    runs = {run.text: run for paragraph in document.paragraphs for run in paragraph.runs}
    assert (runs["Rope"].bold, runs["tar"].italic, runs["oil"].font.name) == (True, True, "Courier New")
    (link,) = (link for paragraph in document.paragraphs for link in paragraph.hyperlinks)
    assert (link.text, link.address) == ("the office", "https://example.org")
    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows][1] == [
        "Oil, clear",
        "-4.50",
    ]
    assert document.tables[1].cell(0, 0).text == document.tables[1].cell(0, 1).text == "Both\nof them"
    assert [run.text for run in document.tables[0].cell(1, 0).paragraphs[0].runs if run.bold] == ["clear"]
    cell = document.tables[1].cell(1, 1).paragraphs[0]
    assert [run.text for run in cell.runs if run.italic] == ["b"]
    assert [run.text for run in cell.runs if run.font.superscript] == ["1"]
    assert [(link.text, link.address) for link in cell.hyperlinks] == [("so", "https://example.org/b")]
    assert document.tables[1].cell(0, 0).paragraphs[0].runs[0].bold
    assert len(document.inline_shapes) == 1
    numbering = document.part.numbering_part.element.xml
    assert 'startOverride w:val="3"' in numbering
    assert any("Page 2 could not be read" in text and style == "Quote" for text, style in styles.items())
