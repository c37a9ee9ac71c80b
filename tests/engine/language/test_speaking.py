"""Which language is spoken, and what is said in it."""

from collections.abc import Iterator

import pytest

from papertray.engine.language import (
    find_language,
    load_catalogue,
    speak,
    spoken,
    system_languages,
    translate,
    translate_many,
    translate_sentence,
)


@pytest.fixture(autouse=True)
def _english_afterwards() -> Iterator[None]:
    yield
    speak("en")


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        ({}, "en"),
        ({"LANG": "de_AT.UTF-8"}, "de"),
        ({"LANG": "lt_LT.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "zh_TW.UTF-8", "LC_MESSAGES": ""}, "zh"),
        ({"LANG": "fr_FR.UTF-8", "LANGUAGE": "oc:fr:lt"}, "lt"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LC_ALL": "C", "LANGUAGE": "de"}, "en"),
    ],
)
def test_the_language_is_that_of_the_system(environment: dict[str, str], code: str) -> None:
    assert find_language(system_languages(environment, "linux")) == code


def test_a_text_without_a_translation_is_said_in_english() -> None:
    speak("lt")
    assert translate("Nobody {verb} this.", verb="translated") == "Nobody translated this."
    speak("xx")
    assert (spoken().code, translate("Pause")) == ("en", "Pause")


def test_a_language_counts_as_it_counts() -> None:
    forms = ("{count} document has a problem", "{count} documents have problems")
    said = {}
    for code in ("en", "zh", "lt"):
        speak(code)
        said[code] = [translate_many(*forms, count) for count in (1, 3, 11, 1200)]
    assert said["en"] == [
        "1 document has a problem",
        *(f"{count} documents have problems" for count in ("3", "11", "1,200")),
    ]
    assert said["zh"] == [f"{count} 个文档有问题" for count in ("1", "3", "11", "1,200")]
    assert said["lt"] == [
        "1 dokumentas turi problemų",
        "3 dokumentai turi problemų",
        "11 dokumentų turi problemų",
        "1\xa0200 dokumentų turi problemų",
    ]


def test_what_was_kept_in_english_is_said_in_another_language_with_its_names() -> None:
    speak("de")
    said = {
        "scan {1}.pdf is no longer there. Whatever else.": "scan {1}.pdf ist nicht mehr da. Whatever else.",
        "No icon can be shown: there is no screen.": "Es kann kein Symbol gezeigt werden:"
        " es gibt keinen Bildschirm.",
        "There is no document 3. `papertray list` shows the numbers.": "Es gibt kein Dokument 3."
        " `papertray list` zeigt die Nummern.",
        "Mr. X.pdf has more than 2,000 pages.": "Mr. X.pdf hat mehr als 2,000 Seiten.",
    }
    assert {sentence: translate_sentence(sentence) for sentence in said} == said
    assert translate_sentence("Who knows {this}?") == "Who knows {this}?"


def test_numbers_and_moments_are_those_of_the_language() -> None:
    german = load_catalogue("de")
    assert german.number(1234.56, 1) == "1.234,6"
    assert load_catalogue("en").number(1234.56, 1) == "1,234.6"
    assert german.moment(1e9, "%a %H:%M", "EHm").startswith("So")
