"""What a model wrote as Markdown, made safe to stand in a note.

Its Markdown and LaTeX stay. What a program could run or fetch does not: tags are shown as text, pictures
from elsewhere and links with strange schemes are written out, the model's own tokens are taken away.
"""

import re

from engine.dialects.formulas import harmless, with_dollars
from engine.dialects.tokens import without_tokens

_CODE_OR_MATH = re.compile(
    r"(^```.*?(?:^```[ \t]*$|\Z)|`[^`\n]+`|\$\$[^$]+\$\$|\$[^$\n]+\$)", re.DOTALL | re.MULTILINE
)
_TAG = re.compile(r"</?center>|(?P<kept></?su[bp]>|<br\s*/?>)|<(?=[A-Za-z/!?|｜])", re.IGNORECASE)
_STRANGE_LINK = re.compile(r"\](?=\((?!\s*(?:https?:|mailto:|#))|:(?!\s*https?:)\s*\S)", re.IGNORECASE)
_BULLET = re.compile(r"^([ \t]*)[•▪◦‣●]\s+", re.MULTILINE)


def tidy(text: str) -> str:
    """The same Markdown without anything that a note must not carry."""
    parts = _CODE_OR_MATH.split(with_dollars(without_tokens(text)))
    return "".join(harmless(part) if odd % 2 else _plain(part) for odd, part in enumerate(parts)).strip()


def _plain(text: str) -> str:
    text = _TAG.sub(_shown, text).replace("![", r"\![")
    return _BULLET.sub(r"\1- ", _STRANGE_LINK.sub(r"\\]", text))


def _shown(tag: re.Match[str]) -> str:
    if tag["kept"]:
        return tag["kept"].lower()
    return "" if len(tag[0]) > 1 else "&lt;"
