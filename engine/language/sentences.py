"""Find which text a sentence was made of, and say it in another language. Pure.

A sentence that a document's failure was kept with, or that travels, has its places filled already. The texts
are tried as patterns, those that say most first; what stood in the places is put into the translation.
"""

import re
from collections.abc import Mapping

_PLACE = re.compile(r"\{(\w+)\}")
_SENTENCE = re.compile(r"[.:?]$|: \{\w+\}$")
_END = re.compile(r"(?<=[.!?:]) (?=\S)")
_NO_END = re.compile(r"(?:(?![.!?] \S).)+", re.DOTALL)
_ANYTHING = re.compile(r".+", re.DOTALL)
_LEAST = 6  # letters that a text must have besides its places


class SentenceTable:
    def __init__(self, texts: Mapping[str, str]) -> None:
        """`texts` are the translations by their English; only whole sentences are found again."""
        self._whole = texts
        known = [(_fixed_letters(text), text) for text in texts if "{" in text and _SENTENCE.search(text)]
        known.sort(key=lambda one: (-one[0], one[1]))
        self._patterns = [(_pattern(text), texts[text]) for letters, text in known if letters >= _LEAST]

    def translate(self, text: str) -> str:
        """As a whole, or sentence by sentence; what is not known stays."""
        said = self._find(text, _NO_END)
        if said is None:
            said = self._translate_parts(text)
        if said is None:
            said = self._find(text)  # what stands in a place may look like the end of a sentence
        return text if said is None else said

    def _translate_parts(self, text: str) -> str | None:
        parts = _END.split(text)
        for end in range(len(parts) - 1, 0, -1):
            said = self._find(" ".join(parts[:end]), _NO_END)
            if said is not None:
                return f"{said} {self.translate(' '.join(parts[end:]))}"
        rest = " ".join(parts[1:])
        said = self.translate(rest) if rest else rest
        return f"{parts[0]} {said}" if said != rest else None

    def _find(self, text: str, held: re.Pattern[str] = _ANYTHING) -> str | None:
        """`held` is what may stand in a place."""
        if text in self._whole:
            return self._whole[text]
        for pattern, translation in self._patterns:
            found = pattern.fullmatch(text)
            if found and all(held.fullmatch(value) for value in found.groupdict().values()):
                said = {name: self._inner(value) for name, value in found.groupdict().items()}
                return translation.format(**said)
        return None

    def _inner(self, value: str) -> str:
        """What stood in a place: a sentence, a clause of several words, or the name of something."""
        if " " in value and value in self._whole:
            return self._whole[value]
        return self.translate(value) if value.endswith(".") else value


def _fixed_letters(text: str) -> int:
    return sum(map(str.isalpha, _PLACE.sub("", text)))


def _pattern(text: str) -> re.Pattern[str]:
    """A name that stands twice is the same both times."""
    parts, named = _PLACE.split(text), set[str]()
    for place in range(1, len(parts), 2):
        name = parts[place]
        parts[place] = f"(?P={name})" if name in named else f"(?P<{name}>.+?)"
        named.add(name)
    parts[::2] = map(re.escape, parts[::2])
    return re.compile("".join(parts), re.DOTALL)
