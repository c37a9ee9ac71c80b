"""Take the marks of the models' own trade out of a text: special tokens, control characters."""

import re

_WHOLE = re.compile(r"<[|｜][^\s|｜<>]{1,60}[|｜]>")  # <|ref|>, <｜end▁of▁sentence｜>
_BROKEN = re.compile(
    r"<[|｜]/?(?:ref|det|grounding|image|imgpad|img|endofimg|user|assistant)\b[|｜]?>?"
    r"|(?<!\w)/?(?:ref|det)[|｜]>"
    r"|<[|｜][^\s|｜<>]{0,60}\Z"  # where the answer was cut
)
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def strip_tokens(text: str) -> str:
    """The text without special tokens, even where taking one out makes another."""
    text = _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    while (shorter := _WHOLE.sub("", text)) != text:
        text = shorter
    return _BROKEN.sub("", text)
