"""The texts of one language, out of its compiled catalogue; in a checkout, out of the one that people edit.

English has none: there a text is its own translation.
"""

import gettext
import io
import time
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path

from papertray.engine.language.languages import ENGLISH, LANGUAGES, SpokenLanguage
from papertray.engine.language.sentences import SentenceTable

FOLDER = Path(__file__).parent / "catalogues"


class Catalogue(gettext.GNUTranslations):
    """Takes a text as the code has it, with places in braces, and what stands in these."""

    _catalog: dict[str | tuple[str, int], str]  # of gettext's, which gives no other way to all texts
    plural: Callable[[int], int]  # likewise

    def __init__(self, code: str, compiled: bytes = b"") -> None:
        self._catalog = {}
        self.plural = _english_plural
        super().__init__(io.BytesIO(compiled) if compiled else None)
        self.code = code
        self._sentences: SentenceTable | None = None

    @property
    def language(self) -> SpokenLanguage:
        return LANGUAGES[self.code]

    @property
    def texts(self) -> dict[str, str | list[str]]:
        """All of them by their English; what has plural forms, by the English one for many."""
        texts: dict[str, str | list[str]] = {}
        for name, text in self._catalog.items():
            if isinstance(name, tuple):
                texts[name[0]] = [self._catalog[name[0], form] for form in range(len(self.language.plurals))]
            elif name:
                texts[name] = text
        return texts

    def translate(self, text: str, **values: object) -> str:
        said = self.gettext(text) if text else ""  # gettext's answer to nothing is about the catalogue
        return said.format(**values) if values else said

    def translate_many(self, one: str, more: str, count: int, **values: object) -> str:
        """`{count}` of one text or the other, as the language counts."""
        return self.ngettext(one, more, count).format(count=self.number(count), **values)

    def translate_sentence(self, sentence: str) -> str:
        """What was said in English, places filled, as a daemon tells it; as it is where nobody knows it."""
        if not self._catalog:
            return sentence
        if self._sentences is None:
            self._sentences = SentenceTable(
                {name: text for name, text in self._catalog.items() if isinstance(name, str) and name}
            )
        return self._sentences.translate(sentence)

    def number(self, value: float, digits: int = 0) -> str:
        if self.code == ENGLISH:
            return f"{value:,.{digits}f}"
        from babel.numbers import format_decimal

        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return format_decimal(value, pattern, locale=self.language.locale)

    def moment(self, moment: float, english: str, fields: str) -> str:
        """`english` is a pattern of strftime; `fields` are what is in it, for Babel to arrange."""
        if self.code == ENGLISH:
            return time.strftime(english, time.localtime(moment))
        from babel.dates import format_skeleton

        then = datetime.fromtimestamp(moment)
        return format_skeleton(fields, then, locale=self.language.locale)


def _english_plural(count: int) -> int:
    return int(count != 1)


@cache
def load_catalogue(code: str) -> Catalogue:
    """English for a language that papertray does not have."""
    if code == ENGLISH or code not in LANGUAGES:
        return Catalogue(ENGLISH)
    return Catalogue(code, _read(FOLDER / f"{code}.po"))


def _read(written: Path) -> bytes:
    """The compiled catalogue: beside where only that was installed, made anew where people edit the texts."""
    if not written.exists():
        return written.with_suffix(".mo").read_bytes()
    return compile_catalogue(written)


def compile_catalogue(written: Path) -> bytes:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with written.open("rb") as file:
        texts = read_po(file)
    compiled = io.BytesIO()
    write_mo(compiled, texts)
    return compiled.getvalue()
