"""Scripts that the bundled models do not know are read where Tesseract is, and asked for where it is not."""

from dataclasses import replace
from functools import cache
from typing import cast

import pytest
from PIL import Image

from papertray.engine.errors import NothingRead
from papertray.engine.layout.certainty import LACKING
from papertray.engine.pages import PageImage, PageText, Reader, TextSource, Watch
from papertray.engine.readers.quick import reader as quick
from papertray.engine.readers.quick.other_scripts import OtherReading, OtherScripts, rate_reading, remedy_for
from papertray.engine.tesseract.answers import ReadLine
from papertray.engine.tesseract.languages import language_called
from papertray.engine.tesseract.program import TesseractProgram, find_program
from tests.engine import pages_made as made
from tests.engine.reading import error_rate, plain

SHEET = (1240, 620)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return quick.load(threads=1)


@cache
def installed() -> frozenset[str]:
    program = find_program()
    return program.languages() if program else frozenset()


def need(*languages: str) -> None:
    if missing := [language for language in languages if language not in installed()]:
        pytest.skip(f"NOT TESTED: Tesseract has no {', '.join(missing)} here; .ci/run installs them")


def read(reader: Reader, image: Image.Image) -> PageText:
    return reader.read([PageImage(image)], Watch())[0]


@pytest.mark.parametrize(
    ("language", "paragraphs", "face"),
    [("rus", made.RUSSIAN, made.SERIF), ("ara", made.ARABIC, made.SANS)],
)
def test_another_script_is_read_as_it_is_written(
    reader: Reader, language: str, paragraphs: tuple[str, ...], face: str
) -> None:
    need(language, "osd")
    page = made.one_column(paragraphs, face, SHEET)
    text = read(reader, page.image)
    assert error_rate(page.text, text) < 0.03
    assert (text.warnings, text.source) == ((), TextSource.BY_TESSERACT)


def test_lines_of_another_script_stand_in_their_place(reader: Reader) -> None:
    need("rus", "osd")
    page = made.one_column((made.ENGLISH[0], made.RUSSIAN[1], made.ENGLISH[2]), size=SHEET)
    text = read(reader, page.image)
    assert error_rate(page.text, text) < 0.02
    assert made.ENGLISH[0] in plain(text.markdown)
    assert text.source is TextSource.PARTLY_BY_TESSERACT


def test_latin_words_stay_latin_among_other_letters(reader: Reader) -> None:
    need("rus", "osd")
    mixed = "Команда fetch-archive пишет файл readme.txt в папку archive и выходит."
    page = made.one_column((made.RUSSIAN[1], mixed), made.SERIF, SHEET)
    assert mixed in plain(read(reader, page.image).markdown)


def test_the_marks_of_vietnamese_come_from_tesseract(reader: Reader) -> None:
    need("vie")
    paragraphs = (
        "Người quản lý bến cảng ghi chép cẩn thận mọi con tàu vào vịnh trong suốt mùa đông dài, và khi gió"
        " đổi chiều thì các thuyền trưởng phải đến trước.",
        "Danh sách hàng hóa được chép hai lần: một lần cho thành phố và một lần cho văn phòng bảo hiểm.",
    )
    page = made.one_column(paragraphs, made.SERIF, SHEET)
    text = read(reader, page.image)
    assert error_rate(page.text, text) < 0.03
    assert text.warnings == ()


def test_the_long_s_comes_out_as_s(reader: Reader) -> None:
    need("frk", "Fraktur")
    paragraph = (
        "It ſhould be remembered that theſe ſhips were ſmall, and that moſt of the captains had never"
        " ſeen the ſandbanks; ſome were loſt becauſe their pilots had none of the charts which the houſe"
        " of Preſton ſold."
    )
    page = made.one_column((paragraph,), made.SERIF, SHEET)
    text = read(reader, page.image)
    assert error_rate(paragraph.replace("ſ", "s"), text) < 0.01
    assert text.warnings == ()


def test_persian_is_told_from_arabic_by_the_letters_that_arabic_has_not() -> None:
    arabic, persian = language_called("ara"), language_called("fas")
    as_arabic = [ReadLine("وقتى فعال باشد, نوار وضعيت به طور بيش فرض مرئى خواهند بود", 0.847)]
    as_persian = [ReadLine("وقتی فعال باشد, نوار وضعیت به طور پیشفرض مرئی خواهند بود", 0.831)]
    assert rate_reading(persian, as_persian) > rate_reading(arabic, as_arabic)
    seen = [ReadLine("الادلة هي مستطیلات معرفة مسبقّا تفطي الصورة. تعریفها یتم عن طریق", 0.796)]
    assert rate_reading(persian, seen) < 0.8


def test_without_vietnamese_the_page_is_warned_of_and_the_package_named() -> None:
    remedy = remedy_for(OtherReading(), "Vietnamese", has_program=True)
    assert remedy.startswith("Tesseract reads Vietnamese once that is installed")


def test_capitals_that_may_be_lost_are_said_of_a_page_that_is_good_otherwise(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(reader, quick.QuickReader)
    monkeypatch.setattr(reader, "others", None)
    paragraph = (
        "Contractul pe care l-au semnat toate este valabil pentru fiecare dintre noi, dar numai dacă nu"
        " trebuie plătit după ce a fost primit; în Țara noastră acest drept nu poate fi luat fără lege."
    )
    text = read(reader, made.one_column((paragraph,), made.SERIF, SHEET).image)
    (warning,) = text.warnings
    assert "Romanian, of which the quick reader does not know single letters (Ț)" in warning
    assert "Tesseract reads Romanian once that is installed" in warning
    assert (text.confidence or 0.0) > LACKING


def test_a_page_without_lost_lines_asks_nobody(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(reader, quick.QuickReader)
    monkeypatch.setattr(reader, "others", OtherScripts(cast(TesseractProgram, None)))
    page = made.one_column(made.ENGLISH[:2], size=SHEET)
    assert error_rate(page.text, read(reader, page.image)) < 0.01


def test_without_the_language_its_package_is_named(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    need("osd")
    assert isinstance(reader, quick.QuickReader)
    assert reader.others is not None
    monkeypatch.setattr(reader, "others", replace(reader.others, wanted=("deu",)))
    with pytest.raises(NothingRead) as problem:
        read(reader, made.one_column(made.RUSSIAN[:1], made.SERIF, SHEET).image)
    assert "Tesseract reads Russian once that is installed" in problem.value.advice
    assert "Or fetch a recogniser for it: `papertray models pull quick-cyrillic`." in problem.value.advice


def test_without_tesseract_it_is_recommended() -> None:
    assert "Tesseract reads other scripts" in remedy_for(OtherReading(), has_program=False)
    assert remedy_for(OtherReading(), has_program=True) == ""


def test_a_tesseract_that_fails_leaves_the_page_as_it_was(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(reader, quick.QuickReader)
    monkeypatch.setattr(reader, "others", OtherScripts(TesseractProgram("/no/such/program")))
    with pytest.raises(NothingRead):
        read(reader, made.one_column(made.RUSSIAN[:1], made.SERIF, SHEET).image)
