"""What in a text could come alive in a note: run as HTML, fetch a picture, lead to a strange address.

Written out, it is still there to be read.
"""

import re

_LIVE = re.compile(
    r"(?<!\\)(?P<slashes>\\*)(?:"
    r"<(?=[A-Za-z/!?|｜])"  # a tag, or a model's token
    r"|!(?=\[)"  # a picture
    r"|\](?=\((?!\s*(?:https?:|mailto:|#)))"  # a link
    r"|(?<=\]):"  # where a link leads that stands somewhere else
    r")",
    re.IGNORECASE,
)


_OUR_TAG = re.compile(r'</?(?:table|thead|tbody|tr|td|th|su[bp]|br)(?: (?:col|row)span="\d{1,3}")*\s*/?>')
_FENCE = re.compile(r"```[\w+-]*\n(?:(?!```).)*\n```", re.DOTALL)


def is_harmless(markdown: str) -> bool:
    """Whether nothing comes alive in what is one block already, as our own readers write it."""
    if _FENCE.fullmatch(markdown):
        return True
    return not any(map(_is_awake, _LIVE.finditer(_OUR_TAG.sub(" ", markdown))))


def _is_awake(live: re.Match[str]) -> bool:
    """A backslash before it, or before the bracket before it, has it stay what it is."""
    is_escaped_bracket = live[0] == ":" and live.string[: live.start()].endswith("\\]")
    return len(live["slashes"]) % 2 == 0 and not is_escaped_bracket


def make_harmless(text: str) -> str:
    """Markdown in which nothing comes alive, and which looks the same."""
    return _LIVE.sub(_escaped, text)


def make_code_harmless(code: str) -> str:
    """The same for formulas and programs, where nothing can be escaped: a space does it, also for a reader
    that thinks the code ends somewhere else."""
    return _LIVE.sub(_spaced, code)


def _escaped(live: re.Match[str]) -> str:
    """A backslash that is there already counts, and one that would escape ours does not."""
    slashes, sign = live["slashes"], live[0][-1]
    pairs = slashes[: len(slashes) // 2 * 2]
    return pairs + ("&lt;" if sign == "<" else f"\\{sign}")


def _spaced(live: re.Match[str]) -> str:
    return f"{live['slashes']} :" if live[0][-1] == ":" else f"{live[0]} "
