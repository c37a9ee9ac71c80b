"""Of three readings of a line two are right."""

from papertray.engine.layout.lines import Word
from papertray.engine.tesseract.agreement import put_right
from papertray.engine.tesseract.answers import ReadLine


def read(text: str) -> ReadLine:
    return ReadLine(text, 0.8, tuple(Word(word, at, at + 1) for at, word in enumerate(text.split())))


def test_a_letter_stands_on_which_two_readings_agree() -> None:
    found = put_right(
        read("zulebt an denen, Dex Mayor"), "zulezt an denen, Der Matur", "zuletzt an dencn, Der Mayor"
    )
    assert found.text == "zulebt an denen, Der Mayor"
    assert [word.left for word in found.words] == [0, 1, 2, 3, 4], "and words keep their places"


def test_what_every_reader_takes_for_an_f_is_not_settled_by_two_of_them() -> None:
    assert put_right(read("kann ist"), "fann ift", "fann ift").text == "kann ist"


def test_who_sees_another_letter_where_readers_take_it_for_an_f_is_right() -> None:
    assert put_right(
        read("fann ein Publifum find oft"), "fann ein Publikum find oft", "fann ein Publifum sind oft"
    ).text == ("fann ein Publikum sind oft")


def test_of_edits_at_one_place_one_is_made() -> None:
    assert put_right(read("fo wie"), "so wie", "ko wie").text in ("so wie", "ko wie")
