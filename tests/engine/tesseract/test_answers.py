"""What Tesseract answers becomes lines: its table has the places, its text the blanks."""

import pytest

from papertray.engine.tesseract.answers import parse_answer

HEAD = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"


def word(page: int, left: int, sure: float, text: str) -> str:
    return f"5\t{page}\t1\t1\t1\t1\t{left}\t0\t20\t30\t{sure}\t{text}\n"


def test_syllables_that_nothing_parts_are_one_word() -> None:
    rows = word(1, 0, 90, "저") + word(1, 25, 80, "희") + word(1, 70, 94, "그룹")
    [line] = parse_answer(HEAD + rows + "저희 그룹\n", 1)
    assert line.text == "저희 그룹"
    assert [(part.text, part.left, part.right) for part in line.words] == [("저희", 0, 45), ("그룹", 70, 90)]
    assert line.score == pytest.approx((90 + 80 + 2 * 94) / 400)


def test_each_picture_has_its_line_also_where_nothing_stands() -> None:
    answer = HEAD + word(1, 0, 95, "Раздел") + "Раздел\n" + word(3, 0, 20, "I") + "I\n"
    first, second, third, fourth = parse_answer(answer, 4)
    assert (first.text, second.text, third.text, fourth.text) == ("Раздел", "", "I", "")
    assert (second.score, third.score) == (0.0, 0.2)


def test_marks_that_only_turn_the_direction_are_left_out() -> None:
    [line] = parse_answer(HEAD + word(1, 0, 90, "\u200e(1980).\u200f") + "\u200e(1980).\u200f\n", 1)
    assert (line.text, line.words[0].text) == ("(1980).", "(1980).")


def test_where_table_and_text_differ_the_words_of_the_table_stand() -> None:
    [line] = parse_answer(HEAD + word(1, 0, 90, "one") + word(1, 50, 90, "two") + "one thing\n", 1)
    assert line.text == "one two"


def test_no_answer_is_no_text() -> None:
    assert parse_answer("", 2) == parse_answer("nonsense\n", 2)
