"""Hebrew plurals of coarse print end in the letter that such words end in."""

from dataclasses import replace

from papertray.engine.tesseract.hebrew import mend_plurals
from tests.engine.layout.lines_made import line


def mended(*texts: str) -> list[str]:
    lines = {at: replace(line("x", 100, 200), text=text) for at, text in enumerate(texts)}
    return [each.text for each in mend_plurals(lines).values()]


def test_many_plurals_with_a_samekh_end_in_a_mem() -> None:
    said = mended("סופריס בחותכי אותיות זריס", "הדבריס במאה השניסם, והכרטיס בבסיס")
    assert said == ["סופרים בחותכי אותיות זרים", "הדברים במאה השנים, והכרטיס בבסיס"]


def test_a_few_words_that_end_so_among_many_plurals_stay() -> None:
    plurals = "ספרים דברים אנשים ילדים שירים ימים שנים " * 5
    assert mended(f"{plurals} אגיס דניס ניסיס")[0].endswith("אגיס דניס ניסיס")
    assert mended("דניס בא")[0] == "דניס בא"
