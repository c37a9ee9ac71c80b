"""Languages by their files' names, letters by their script, and the package that brings them."""

import pytest

from papertray.engine.tesseract.languages import (
    LANGUAGES,
    known_languages,
    language_called,
    languages_of,
    share_in_script,
)
from papertray.engine.tesseract.packages import MANAGERS, explain_language, explain_scripts


def test_installed_files_are_known_as_languages_and_scripts() -> None:
    known = known_languages(["eng", "osd", "rus", "script/Cyrillic", "Fraktur", "script/Latin"])
    assert [(one.code, one.script) for one in known] == [
        ("rus", "Cyrillic"),
        ("Fraktur", "Fraktur"),
        ("script/Cyrillic", "Cyrillic"),
    ]


def test_each_code_stands_once_in_the_table() -> None:
    assert len({language.code for language in LANGUAGES}) == len(LANGUAGES)


@pytest.mark.parametrize(
    ("text", "script"),
    [("Раздел", "Cyrillic"), ("καὶ", "Greek"), ("كتاب", "Arabic"), ("ספר", "Hebrew"), ("배", "Korean")],
)
def test_letters_are_known_by_their_script(text: str, script: str) -> None:
    assert share_in_script(f"{text} 12", script) == 1.0
    assert share_in_script(text, "Latin") == 0.0


def test_the_first_language_of_a_script_is_named_for_it() -> None:
    assert languages_of("Cyrillic")[0] is language_called("Russian")


def test_the_command_is_that_of_the_system() -> None:
    commands = [manager.command("uzb_cyrl", has_program=False) for manager in MANAGERS]
    assert commands[:2] == [
        "`sudo apt install tesseract-ocr tesseract-ocr-uzb-cyrl`",
        "`sudo dnf install tesseract tesseract-langpack-uzb-cyrl`",
    ]
    assert commands[-1] == "`brew install tesseract tesseract-lang`"
    assert MANAGERS[0].command("rus", has_program=True) == "`sudo apt install tesseract-ocr-rus`"


def test_a_person_is_told_the_language_and_what_to_install() -> None:
    thai = explain_language(language_called("Thai"), has_program=True)
    assert thai.startswith("Tesseract reads Thai once that is installed: ")
    assert "Russian for example" in explain_scripts(has_program=False)
