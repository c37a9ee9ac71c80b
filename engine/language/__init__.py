"""The words that people see, in their language: one catalogue for each, English where it has no text.

The English sentence in the code is a text's name. What is kept or travels (journal, status, API, logs) stays
English; it is translated where it is shown. Which language that is, is chosen above.
"""

from papertray.engine.language.catalogue import Catalogue, load_catalogue
from papertray.engine.language.languages import LANGUAGES, find_language, system_languages
from papertray.engine.language.speaking import (
    speak,
    spoken,
    translatable,
    translate,
    translate_many,
    translate_sentence,
)

__all__ = [
    "LANGUAGES",
    "Catalogue",
    "find_language",
    "load_catalogue",
    "speak",
    "spoken",
    "system_languages",
    "translatable",
    "translate",
    "translate_many",
    "translate_sentence",
]
