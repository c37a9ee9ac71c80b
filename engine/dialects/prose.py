"""What a model wrote as Markdown, made safe to stand in a note.

Its Markdown and LaTeX stay. What a program could run or fetch does not: tags are shown as text, pictures
from elsewhere and links with strange schemes are written out, the model's own tokens are taken away.
"""

import re

from papertray.engine.dialects.alive import make_code_harmless, make_harmless
from papertray.engine.dialects.formulas import with_dollars
from papertray.engine.dialects.tokens import strip_tokens

_CODE_OR_MATH = re.compile(
    r"(^```.*?(?:^```[ \t]*$|\Z)|`[^`\n]+`|\$\$[^$]+\$\$|\$[^$\n]+\$)", re.DOTALL | re.MULTILINE
)
_CENTER = re.compile(r"</?center>", re.IGNORECASE)
_KEPT_TAG = re.compile(r"(</?su[bp]>|<br\s*/?>)", re.IGNORECASE)
_BULLET = re.compile(r"^([ \t]*)[•▪◦‣●]\s+", re.MULTILINE)


def tidy_prose(text: str) -> str:
    """The same Markdown without anything that a note must not carry."""
    parts = _CODE_OR_MATH.split(with_dollars(strip_tokens(text)))
    return "".join(
        make_code_harmless(part) if odd % 2 else _plain(part) for odd, part in enumerate(parts)
    ).strip()


def _plain(text: str) -> str:
    """Bare tags of known sorts stay; between them nothing may come alive."""
    parts = _KEPT_TAG.split(_CENTER.sub("", text))
    shown = [part.lower() if odd % 2 else make_harmless(part) for odd, part in enumerate(parts)]
    return _BULLET.sub(r"\1- ", "".join(shown))
