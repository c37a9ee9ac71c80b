"""Find which text a sentence was made of, and say it in another language. Pure.

A sentence that a document's failure was kept with, or that travels, has its places filled already. The texts
are tried as patterns, those that say most first; what stood in the places is put into the translation.
"""

import re
from collections.abc import Mapping

_PLACE = re.compile(r"\{(\w+)\}")
_END = re.compile(r"(?<=[.!?:]) (?=\S)")
_LEAST = 6  # letters that a text must have besides its places


class SentenceTable:
    def __init__(self, texts: Mapping[str, str]) -> None:
        """`texts` are the translations by their English; only whole sentences are found again."""
        self._whole = texts
        known = [
            (_fixed_letters(text), text) for text in texts if "{" in text and text.endswith((".", ":", "}"))
        ]
        known.sort(key=lambda one: (-one[0], one[1]))
        self._patterns = [(_pattern(text), texts[text]) for letters, text in known if letters >= _LEAST]

    def translate(self, text: str) -> str:
        """As a whole, or sentence by sentence; what is not known stays."""
        said = self._find(text)
        if said is not None:
            return said
        parts = _END.split(text)
        for end in range(len(parts) - 1, 0, -1):
            begins, rest = " ".join(parts[:end]), " ".join(parts[end:])
            said = self._find(begins)
            if said is not None:
                return f"{said} {self.translate(rest)}"
        return f"{parts[0]} {self.translate(' '.join(parts[1:]))}" if len(parts) > 1 else text

    def _find(self, text: str) -> str | None:
        if text in self._whole:
            return self._whole[text]
        for pattern, translation in self._patterns:
            if found := pattern.fullmatch(text):
                said = {name: self._whole.get(value, value) for name, value in found.groupdict().items()}
                return translation.format(**said)
        return None


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
