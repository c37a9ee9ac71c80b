r"""Markup that models write around and between their Markdown, as Markdown.

Pages wrapped in HTML, headings and lists in tags, `\textbf{…}`, a table inside a cell, pictures that a model
made a name up for, page numbers in tags, the lines about a page that some put before it. Programs, tables and
formulas are left as they are; what is no such markup is left to be shown.
"""

import re

_LEFT_ALONE = re.compile(
    r"(^```.*?(?:^```[ \t]*$|\Z)|<table\b.*?(?:</table\s*>|\Z)|\$\$.*?\$\$|\$[^$\n]+\$|`[^`\n]+`)",
    re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
_ABOUT_PAGE = re.compile(
    r"\A\s*---\n(?:(?:primary_language|is_rotation_valid|rotation_correction|is_table|is_diagram):[^\n]*\n){2,}---\n"
)
_THOUGHTS = re.compile(r"\A\s*<think>.*?</think>\s*", re.DOTALL)
_BLOCKS = (
    "html|body|div|section|article|main|header|footer|p|h[1-6]|ul|ol|li|"
    "center|figure|figcaption|details|summary"
)
_WRAPPED = re.compile(rf"^[ \t]*<(?:!DOCTYPE\b|(?:{_BLOCKS})\b)[^<>]*>", re.MULTILINE | re.IGNORECASE)
_CLOSED = re.compile(rf"</(?:{_BLOCKS})\s*>", re.IGNORECASE)
_HEAD = re.compile(r"<!DOCTYPE[^<>]*>|<head\b.*?</head\s*>|<style\b.*?</style\s*>", re.DOTALL | re.IGNORECASE)
_HEADING = re.compile(r"\s*<h([1-6])\b[^<>]*>\s*(.*?)\s*</h\1\s*>\s*", re.DOTALL | re.IGNORECASE)
_ITEM = re.compile(r"\s*<li\b[^<>]*>\s*", re.IGNORECASE)
_BLOCK_TAG = re.compile(rf"[ \t]*</?(?:{_BLOCKS})\b[^<>]*>[ \t]*", re.IGNORECASE)
_NEXT_ITEM = re.compile(r"^(- [^\n]*)\n{2,}(?=- )", re.MULTILINE)
_PAIRS = (
    (re.compile(r"<(b|strong)>(?=\S)([^<>\n]{1,300}?)(?<=\S)</\1>", re.IGNORECASE), r"**\2**"),
    (re.compile(r"<(i|em)>(?=\S)([^<>\n]{1,300}?)(?<=\S)</\1>", re.IGNORECASE), r"*\2*"),
    (
        re.compile(r"<(u|span|font|mark|small|smiles|watermark|signature)\b[^<>]*>([^<>\n]*)</\1>", re.I),
        r"\2",
    ),
    (re.compile(r"\\textbf\{([^{}\n]{1,300})\}"), r"**\1**"),
    (re.compile(r"\\(?:textit|emph)\{([^{}\n]{1,300})\}"), r"*\1*"),
    (re.compile(r"\\(?:underline|textrm|texttt|textsc)\{([^{}\n]{1,300})\}"), r"\1"),
    (re.compile(r"<page_number>[^<>\n]{0,20}</page_number>\s*"), ""),
    (re.compile(r"<img>[^<>]*</img>\s*|<img\b[^<>]*\bsrc=[\"']img[^<>]*>"), ""),
    (re.compile(r"!\[[\w ]*\]\((?:imgs?/|images?/)?(?:image|img|figure)[\w-]*\.(?:png|jpe?g)\)[\d, ]*"), ""),
)
_TABLE_TAG = re.compile(r"<(?P<end>/?)(?P<name>table|thead|tbody|tr|td|th)\b[^<>]*>", re.IGNORECASE)


def plain_markup(text: str) -> str:
    """The same words, marked up as Markdown alone."""
    text = without_inner_tables(_THOUGHTS.sub("", _ABOUT_PAGE.sub("", text)))
    parts = _LEFT_ALONE.split(text)
    wrapped = any(_WRAPPED.search(part) and _CLOSED.search(part) for part in parts[::2])
    return "".join(part if odd % 2 else _marked(part, wrapped) for odd, part in enumerate(parts))


def _marked(text: str, wrapped: bool) -> str:
    if wrapped:
        text = _HEADING.sub(lambda found: f"\n\n{'#' * int(found[1])} {' '.join(found[2].split())}\n\n", text)
        text = _ITEM.sub("\n- ", _HEAD.sub("", text))
        text = _NEXT_ITEM.sub(r"\1\n", _BLOCK_TAG.sub("\n\n", text))
    for pattern, markdown in _PAIRS:
        text = pattern.sub(markdown, text)
    return text


def without_inner_tables(text: str) -> str:
    """A table that stands in a cell of another is the words of that cell."""
    parts, done, depth, in_cell = list[str](), 0, 0, False
    for tag in _TABLE_TAG.finditer(text):
        name, begins = tag["name"].lower(), not tag["end"]
        inner = depth > 0 or (name == "table" and begins and in_cell)
        if name == "table" and inner:
            depth += 1 if begins else -1
        if inner:
            parts += [text[done : tag.start()], " "]
            done = tag.end()
        elif name in ("td", "th"):
            in_cell = begins
        elif name in ("table", "tr"):
            in_cell = False
    return "".join((*parts, text[done:])) if done else text
