"""A block's Markdown as the words that a person sees, on one line."""

import re
from html import unescape

_STEPS = (
    (re.compile(r"<!--.*?-->|</?[A-Za-z][^<>]*>", re.DOTALL), " "),  # comments, tags
    (re.compile(r"(?m)^[|\s:-]*-[|\s:-]*$"), " "),  # what stands under a table's head, rules
    (re.compile(r"(?m)^\s*(?:#{1,6}\s|>\s?|[-+*]\s|```\w*$|\$\$$)"), " "),
    (re.compile(r"!?\[([^\]]*)\]\((?:[^()\\]|\\.)*\)"), r"\1"),  # links and pictures, by their words
    (re.compile(r"(?<!\\)\|"), " "),
    (re.compile(r"(?<![\\\w])[*_]{1,3}(?=\S)|(?<=[^\s\\])[*_]{1,3}(?!\w)"), ""),  # emphasis
    (re.compile(r"\\([!-/:-@\[-`{-~])"), r"\1"),
)


def plain_words(markdown: str) -> str:
    for pattern, instead in _STEPS:
        markdown = pattern.sub(instead, markdown)
    return " ".join(unescape(markdown).split())
