r"""A whole answer without what a model wrapped around it: a code fence, or the frame of a LaTeX document.

What stands inside is kept: `\title{…}` and `\section{…}` become headings, commands without words go.
"""

import re

_FENCED = re.compile(
    r"\A\s*```[ \t]*(?P<language>[\w+-]*)[ \t]*\n(?P<inside>.*?)(?P<end>(?:\n[ \t]*```[ \t]*)*)\s*\Z",
    re.DOTALL,
)
_ONE_OF_SEVERAL = re.compile(r"^```(?:markdown|md|html)[ \t]*\n(.*?)^```[ \t]*$", re.DOTALL | re.MULTILINE)
_SEVERAL = re.compile(r"\s*(?:```(?:markdown|md|html)[ \t]*\n(?:(?!```)[^\n]*\n)*```\s*){2,}")
_INNER_FENCE = re.compile(r"^[ \t]*```[ \t]*(?P<language>[\w+-]*)[ \t]*$", re.MULTILINE)
_MARKUP = {"markdown", "md", "html"}
_WRAPPERS = {"", "markdown", "md", "html", "latex", "tex", "text", "txt", "plaintext"}
_PREAMBLE = re.compile(
    r"^[ \t]*\\(?:documentclass|usepackage|pagestyle|geometry)\b[^\n{]*(?:\{[^{}\n]*\})*[ \t]*\n?",
    re.MULTILINE,
)
_FRAME = re.compile(
    r"\\(?:begin|end)\{(?:document|center|abstract)\}|\\(?:maketitle|tableofcontents|newpage|noindent)\b"
)
_HEADINGS = {"title": "# ", "chapter": "# ", "section": "## ", "subsection": "### ", "subsubsection": "#### "}
_HEADING = re.compile(r"\\(title|chapter|section|subsection|subsubsection)\*?\{([^{}\n]*)\}")
_WORDS = re.compile(r"\\(?:author|date)\{([^{}\n]*)\}")


def unwrap_answer(raw: str) -> str:
    return _without_frame(_without_fence(raw))


def _without_fence(raw: str) -> str:
    """A fence that names a programming language is a program, and stays."""
    several = _SEVERAL.fullmatch(raw)
    if several:
        return "\n\n".join(found[1].strip("\n") for found in _ONE_OF_SEVERAL.finditer(raw))
    fenced = _FENCED.match(raw)
    if not fenced or fenced["language"].lower() not in _WRAPPERS:
        return raw
    inside = fenced["inside"]
    first = _INNER_FENCE.search(inside)
    if first and not first["language"]:  # it ends there, and more stands behind it
        named = fenced["language"].lower() in _MARKUP
        return f"{inside[: first.start()]}\n{inside[first.end() :]}" if named else raw
    opened = len(re.findall(r"^[ \t]*```", inside, re.MULTILINE)) % 2
    return f"{inside}\n```" if opened and fenced["end"] else inside


def _without_frame(text: str) -> str:
    if "\\documentclass" not in text and "\\begin{document}" not in text:
        return text
    text = _FRAME.sub("", _PREAMBLE.sub("", text))
    text = _HEADING.sub(lambda found: f"\n\n{_HEADINGS[found[1]]}{found[2]}\n\n", text)
    return _WORDS.sub(lambda found: "\n\n" + found[1].replace(r"\today", "") + "\n\n", text).strip()
