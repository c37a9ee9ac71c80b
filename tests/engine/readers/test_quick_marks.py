"""Letters that the bundled models do not know come from a reading that knows them, and nothing else does."""

from papertray.engine.layout.lines import Line, Word
from papertray.engine.readers.quick.marks import take_marks, with_commas
from papertray.engine.rectangles import Rect
from papertray.engine.tesseract.answers import ReadLine


def read(ours: str, theirs: str) -> Line:
    words = tuple(
        Word(word, 10.0 * at, 10.0 * at + 8, certain=(0.9,) * len(word))
        for at, word in enumerate(ours.split())
    )
    line = Line(Rect(0, 0, 200, 20), ours, 0.95, words=words)
    return take_marks(line, ReadLine(theirs, 0.9))


def test_only_letters_with_marks_are_taken_from_the_other_reading() -> None:
    assert (
        read("ted' (lod', chut) DÍžka vba", "teď {loď, chuť) Dĺžka vŕba.").text
        == "teď (loď, chuť) Dĺžka vŕba"
    )
    assert read("jediny dum stoji", "jedny důrn stoli").text == "jediny dum stoji", "it misread these"
    assert read("Kaufen Sie 12", "Kaufen Sie 72").text == "Kaufen Sie 12"


def test_a_word_of_one_letter_that_was_not_seen_is_put_in_its_place() -> None:
    line = read("teise moksla", "teisę į mokslą")
    assert line.text == "teisę į mokslą"
    assert [(word.left, word.right) for word in line.words] == [(0, 8), (8, 10), (10, 18)]
    assert read("teise moksla", "teise ir moksla").text == "teise moksla"


def test_letters_of_turkish_latvian_and_romanian_come_from_the_other_reading() -> None:
    assert read("kirmizi isik ve Izmir", "kırmızı ışık ve İzmir").text == "kırmızı ışık ve İzmir"
    assert read("Kina un ekava tālu", "Ķīna un Ķekava tālu").text == "Ķīna un Ķekava tālu"
    assert with_commas(ReadLine("Ţara şi", 0.9)).text == "Țara și"
