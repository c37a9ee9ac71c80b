"""What all large readers do with a page, whatever model speaks."""

import threading
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from papertray.engine.devices.rows import CPU_FLOAT32
from papertray.engine.dialects.deepseek import parse_deepseek
from papertray.engine.errors import Cancelled
from papertray.engine.inference.open_answer import DecodedTokens
from papertray.engine.inference.readings import (
    READ_AGAIN,
    READ_AGAIN_AT_LIMIT,
    Attempt,
    EmptyAnswer,
    ModelAnswer,
    identify_reader,
    make_answer,
    plan_attempts,
    read_page,
)
from papertray.engine.models.catalog import find_entry
from papertray.engine.models.manifest import Manifest
from papertray.engine.pages import Ending, PageImage, PageText, ReaderIdentity, ReadOptions, Transcript, Watch

ATTEMPTS = plan_attempts(ReadOptions(), "tiles", "base", 20)


def page(ground: str = "white", ink: str = "black") -> PageImage:
    image = Image.new("RGB", (600, 800), ground)
    ImageDraw.Draw(image).text((200, 300), "A page with words", fill=ink, font_size=40)
    return PageImage(image)


def answer(text: str, ending: Ending = Ending.FINISHED, tokens: int = 3) -> ModelAnswer:
    return ModelAnswer(text, ending, Transcript((1, 2), tuple(range(tokens)), text))


@dataclass
class Speaker:
    answers: list[ModelAnswer]
    attempts: list[Attempt] = field(default_factory=list)

    def __call__(self, page: PageImage, attempt: Attempt, watch: Watch) -> ModelAnswer:
        self.attempts.append(attempt)
        answer = self.answers[len(self.attempts) - 1]
        watch.progress(answer.tokens)
        return answer


def read(
    *answers: ModelAnswer, attempts: tuple[Attempt, ...] = ATTEMPTS, watch: Watch | None = None
) -> tuple[PageText, Speaker]:
    speaker = Speaker(list(answers))
    return read_page(page(), attempts, speaker, parse_deepseek, watch or Watch()), speaker


def test_a_page_that_is_read_to_its_end_is_read_once() -> None:
    text, speaker = read(answer("Hello"))
    assert (text.markdown, text.ending, text.tokens, text.warnings) == ("Hello", Ending.FINISHED, 3, ())
    assert speaker.attempts == [Attempt("tiles")]
    assert text.transcript == Transcript((1, 2), (0, 1, 2), "Hello")


def test_a_page_that_looped_is_read_once_more_in_the_other_mode_under_the_ngram_rule() -> None:
    text, speaker = read(answer("Hello Hello", Ending.LOOP_CUT), answer("Hi"))
    assert speaker.attempts == [Attempt("tiles"), Attempt("base", 20, ngram_window=90)]
    assert (text.markdown, text.ending, text.warnings) == ("Hi", Ending.FINISHED, (READ_AGAIN,))
    assert text.tokens == 6


def test_of_two_loops_the_longer_text_is_kept_and_marked() -> None:
    text, _ = read(answer("Hello and more", Ending.LOOP_CUT), answer("Hi", Ending.LOOP_CUT))
    assert text.markdown.startswith("Hello and more")
    assert text.ending is Ending.LOOP_CUT
    assert text.transcript is not None
    assert text.transcript.raw == "Hello and more"


def test_a_page_is_never_read_a_third_time() -> None:
    _, speaker = read(*[answer("Hi", Ending.LOOP_CUT)] * 3)
    assert len(speaker.attempts) == 2


def test_an_answer_without_an_end_is_read_again_unless_its_length_was_asked_for() -> None:
    text, speaker = read(answer("Hello", Ending.TOKEN_LIMIT), answer("Hi"))
    assert (text.markdown, text.ending, text.warnings) == ("Hi", Ending.FINISHED, (READ_AGAIN_AT_LIMIT,))
    asked = plan_attempts(ReadOptions(max_tokens=9), "tiles", "base", 20)
    text, speaker = read(answer("Hello", Ending.TOKEN_LIMIT), attempts=asked)
    assert (text.ending, len(speaker.attempts)) == (Ending.TOKEN_LIMIT, 1)


def test_what_was_cut_is_told_where_it_was_cut() -> None:
    loop = "<td>*the</td> " * 30
    looped = replace(answer("Hello", Ending.LOOP_CUT), cut=loop)
    text, _ = read(looped, answer("Hi", Ending.LOOP_CUT))
    hello, remark = text.blocks
    assert hello.markdown == "Hello"
    assert remark.markdown.startswith("> [!WARNING]\n> Here the reader began to repeat itself")
    assert "\\*the" in remark.markdown
    assert "<td>" not in remark.markdown
    assert len(remark.markdown) < 300


def test_progress_counts_on_over_both_readings() -> None:
    seen = list[int]()
    read(
        answer("Hi", Ending.LOOP_CUT, 5), answer("Hi", tokens=2), watch=Watch(threading.Event(), seen.append)
    )
    assert seen == [5, 7]


def test_who_names_an_ngram_rule_gets_it_and_nothing_else() -> None:
    assert plan_attempts(ReadOptions(no_repeat_ngram=35), "tiles", "base", 20) == (
        Attempt("tiles", 35, guarded=False),
    )


@pytest.mark.parametrize("said", ["", " \n ", "<|ref|>text<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>"])
def test_an_empty_answer_for_a_page_with_ink_is_a_failure(said: str) -> None:
    with pytest.raises(EmptyAnswer):
        read(answer(said))


def test_a_blank_page_is_blank_and_the_model_is_not_asked() -> None:
    speaker = Speaker([])
    text = read_page(
        PageImage(Image.new("RGB", (600, 800), "white")), ATTEMPTS, speaker, parse_deepseek, Watch()
    )
    assert text == PageText((), blank=True)


@pytest.mark.parametrize("paper", ["black", "grey", "steelblue"])
def test_light_ink_on_dark_or_coloured_paper_is_ink(paper: str) -> None:
    speaker = Speaker([answer("Hello")])
    assert read_page(page(paper, "white"), ATTEMPTS, speaker, parse_deepseek, Watch()).markdown == "Hello"


def test_a_cancelled_answer_gives_the_page_back() -> None:
    with pytest.raises(Cancelled):
        make_answer((1,), DecodedTokens((5,), Ending.CANCELLED, (5,)), str)


def test_the_transcript_has_every_token_and_the_text_without_the_end() -> None:
    said = make_answer((1,), DecodedTokens((5, 6), Ending.FINISHED, (5, 6, 0)), str)
    assert said == ModelAnswer("(5, 6)", Ending.FINISHED, Transcript((1,), (5, 6, 0), "(5, 6)"))


def test_the_transcript_of_a_loop_has_the_loop_and_what_is_kept_has_not() -> None:
    said = make_answer((1,), DecodedTokens((5,), Ending.LOOP_CUT, (5, 5, 5)), str)
    assert (said.text, said.transcript.raw) == ("(5,)", "(5, 5, 5)")


def test_the_identity_tells_the_revision_that_was_fetched(tmp_path: Path) -> None:
    entry = find_entry("dots-ocr")
    assert identify_reader(entry, tmp_path, CPU_FLOAT32).revision == ""
    Manifest("dots-ocr", "some/where", "abc123", ()).write(tmp_path)
    identity = identify_reader(entry, tmp_path, CPU_FLOAT32)
    assert identity == ReaderIdentity("dots-ocr", "abc123", "cpu in float32")
