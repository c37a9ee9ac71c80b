"""The language that this process speaks, English until it is told another, and the texts said in it."""

from papertray.engine.language.catalogue import Catalogue, load_catalogue
from papertray.engine.language.languages import ENGLISH

_spoken = Catalogue(ENGLISH)


def speak(code: str) -> None:
    """From now on in this language: for a program as it begins, before it says anything."""
    global _spoken
    _spoken = load_catalogue(code)


def spoken() -> Catalogue:
    return _spoken


def translatable(text: str) -> str:
    """As it is: for a text in a table, which is translated where it is shown."""
    return text


def translate(text: str, **values: object) -> str:
    return _spoken.translate(text, **values)


def translate_many(one: str, more: str, count: int, **values: object) -> str:
    return _spoken.translate_many(one, more, count, **values)


def translate_sentence(sentence: str) -> str:
    return _spoken.translate_sentence(sentence)
