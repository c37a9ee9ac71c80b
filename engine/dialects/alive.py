"""What in a text could come alive in a note: run as HTML, fetch a picture, lead to a strange address.

Written out, it is still there to be read.
"""

import re

_LIVE = re.compile(
    r"<(?=[A-Za-z/!?|｜])"  # a tag, or a model's token
    r"|!(?=\[)"  # a picture
    r"|\](?=\((?!\s*(?:https?:|mailto:|#)))",  # a link
    re.IGNORECASE,
)
_DEFINITION = re.compile(r"^([ \t]*\[[^\]\n]*)\](?=:)", re.MULTILINE)


def harmless(text: str) -> str:
    """Markdown in which nothing comes alive, and which looks the same."""
    return _DEFINITION.sub(r"\1\\]", _LIVE.sub(_escaped, text))


def harmless_code(code: str) -> str:
    """The same for formulas and programs, where nothing can be escaped: a space does it, also for a reader
    that thinks the code ends somewhere else."""
    return _DEFINITION.sub(r"\1] ", _LIVE.sub(r"\g<0> ", code))


def _escaped(live: re.Match[str]) -> str:
    return "&lt;" if live[0] == "<" else f"\\{live[0]}"
