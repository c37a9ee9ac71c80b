"""The languages and scripts that Tesseract can be given, by the names that its files have.

Values only. A language stands with the script that it is written in; the first of a script is the one named
to a person who has none of it. Latin ones are here for the marks that the bundled models do not know.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from papertray.engine.layout.languages import LONG_S


@dataclass(frozen=True, slots=True)
class Language:
    """`code` is the file's name without its ending."""

    code: str
    name: str
    script: str


_ROWS = """
Cyrillic    rus Russian, ukr Ukrainian, bul Bulgarian, bel Belarusian, srp Serbian, mkd Macedonian, kaz Kazakh
Cyrillic    mon Mongolian, kir Kyrgyz, tgk Tajik, tat Tatar, uzb_cyrl Uzbek
Greek       ell Greek, grc Ancient Greek
Arabic      ara Arabic, fas Persian, urd Urdu, pus Pashto, uig Uyghur, snd Sindhi
Hebrew      heb Hebrew, yid Yiddish
Devanagari  hin Hindi, mar Marathi, nep Nepali, san Sanskrit
Korean      kor Korean
Thai        tha Thai
Bengali     ben Bengali, asm Assamese
Tamil       tam Tamil
Telugu      tel Telugu
Kannada     kan Kannada
Malayalam   mal Malayalam
Gujarati    guj Gujarati
Gurmukhi    pan Punjabi
Oriya       ori Odia
Sinhala     sin Sinhala
Georgian    kat Georgian
Armenian    hye Armenian
Khmer       khm Khmer
Lao         lao Lao
Myanmar     mya Burmese
Ethiopic    amh Amharic, tir Tigrinya
Tibetan     bod Tibetan, dzo Dzongkha
Fraktur     Fraktur {0}, deu_latf {0}, frk {0}
Latin       vie Vietnamese, lit Lithuanian, ces Czech, slk Slovak, lav Latvian, ron Romanian, tur Turkish
"""


def _rows() -> Iterator[Language]:
    for row in _ROWS.format(LONG_S).strip().splitlines():
        script, languages = row.split(maxsplit=1)
        for language in languages.split(","):
            code, name = language.split(maxsplit=1)
            yield Language(code, name, script)


LANGUAGES = tuple(_rows())
SCRIPTS = tuple(dict.fromkeys(language.script for language in LANGUAGES))

ENGLISH = "eng"
"""Given with most languages: there are Latin words on every page."""

OWN_LETTERS = {"fas": frozenset("پچژگ"), "urd": frozenset("ٹڈڑے")}
"""Letters that the first language of the script has not."""

WRITES_LATIN = frozenset({"Latin", "Fraktur"})
LEFTWARDS = frozenset({"Arabic", "Hebrew"})
_LETTERS = {"Korean": "HANGUL", "Fraktur": "LATIN"}


def languages_of(script: str) -> list[Language]:
    return [language for language in LANGUAGES if language.script == script]


def language_called(name: str) -> Language:
    return next(language for language in LANGUAGES if name in (language.name, language.code))


def known_languages(codes: Iterable[str]) -> list[Language]:
    """Those of the table among the names of installed files, which may lie in a folder of scripts."""
    names = {code.rsplit("/", 1)[-1]: code for code in codes}
    found = [language for language in LANGUAGES if language.code in names]
    packs = [script for script in SCRIPTS if script in names and script != "Fraktur"]
    return [
        *(Language(names[language.code], language.name, language.script) for language in found),
        *(Language(names[script], script, script) for script in packs if script not in WRITES_LATIN),
    ]


def share_in_script(text: str, script: str) -> float:
    """How many of a text's letters are of this script, between 0 and 1."""
    letters = [letter for letter in text if letter.isalpha()]
    name = _LETTERS.get(script, script.upper())
    own = sum(unicodedata.name(letter, "").startswith(name) for letter in letters)
    return own / len(letters) if letters else 0.0
