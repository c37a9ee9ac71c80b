r"""LaTeX as the models write it, with the delimiters that Markdown programs know.

`\(…\)` becomes `$…$`, `\[…\]` becomes `$$…$$`.
"""

import re

from papertray.engine.dialects.alive import make_code_harmless
from papertray.engine.dialects.tokens import strip_tokens

_LONGEST = 2000  # characters; keeps an answer full of opening delimiters from costing quadratic time
_INLINE = re.compile(rf"(?<!\\)\\\((.{{1,{_LONGEST}}}?)\\\)", re.DOTALL)
_DISPLAY = re.compile(rf"(?<!\\)\\\[(.{{1,{_LONGEST}}}?)\\\]|\$\$(.{{1,{_LONGEST}}}?)\$\$", re.DOTALL)
_DELIMITERS = re.compile(r"\A\s*(?:\\\[|\\\(|\$\$?)?(.*?)(?:\\\]|\\\)|\$\$?)?\s*\Z", re.DOTALL)
_DELIMITER = re.compile(r"(?<!\\)(?:\$|\\[(\[])")  # not the end of a row, which may be `\\[2pt]`

_NUMBER_BEHIND = re.compile(
    rf"\\\[(?P<formula>(?:(?!\\[\[\]]).){{1,{_LONGEST}}}?)\\\][ \t]*"
    r"(?P<number>(?:\\q?quad\b|\\hfill\b|\\hspace\{[^{}\n]*\}|\\tag\{[^{}\n]*\})"
    r"(?:[ \t]*(?:\\q?quad\b|\([\w. ]{1,9}\)))*)",
    re.DOTALL,
)

# JSON reads `\frac` as a form feed and "rac". These are the commands that its escapes can hide.
_HIDDEN = {
    "\n": "abla|atural|earrow|eg|eq|exists|less|mid|ot|otin|onumber|u|warrow|leq|geq|parallel",
    "\t": "an|anh|au|ext|extbf|extit|extrm|extsf|exttt|extstyle|frac|herefore|heta|ilde|imes|o|op|riangle",
}
_ENVIRONMENT = re.compile(
    r"^[ \t]*\\begin\{(?P<name>(?:equation|align|gather|multline|eqnarray)\*?)\}"
    rf"(?P<body>.{{1,{_LONGEST}}}?)"
    r"\\end\{(?P=name)\}[ \t]*$",
    re.DOTALL | re.MULTILINE,
)
_OPENED = ("$$", "\\[")
_ROOMY = re.compile(r"\$[ \t]+(?P<body>[^$\n]*?\S)[ \t]+\$")
_IS_MATH = re.compile(r"[\\^_{}=<>]|\A[A-Za-zα-ωΑ-Ω]['′]?\Z")
_ONLY_WORDS = re.compile(r"(?:\\underline\{)?\\(?:text|mathrm|textrm)\{(?P<words>[^{}$\\]+)\}\}?")
_SIGN = re.compile(
    r"(?:\\textcircled\{(?P<number>\d{1,2})\}|(?P<box>\\boxed\{\\checkmark\})|(?P<square>\\(?:square|Box)\b)"
    r"|(?P<tick>\\checkmark)|(?P<percent>\\%))"
)
_SIGNS = {"box": "☑", "square": "☐", "tick": "✓", "percent": "%"}

_MATH = re.compile(
    rf"\$\$.{{1,{_LONGEST}}}?\$\$|\$[^$]{{1,{_LONGEST}}}\$|\\\(.{{1,{_LONGEST}}}?\\\)", re.DOTALL
)


def with_dollars(text: str) -> str:
    """The same text, its formulas between dollars and free of blank lines, which would end them."""
    text = _ROOMY.sub(_inline, _ENVIRONMENT.sub(_environment, number_inside(text)))
    text = _INLINE.sub(lambda found: f"${_one_line(found[1])}$" if found[1].strip() else found[0], text)
    return _DISPLAY.sub(_display, text)


def display_formula(latex: str) -> str | None:
    """A formula of its own, whatever delimiters it came with; None if this is prose with formulas in it."""
    found = _DELIMITERS.match(number_inside(strip_tokens(latex)))
    body = make_code_harmless(_without_blank_lines(found[1])) if found else ""
    if not body or _DELIMITER.search(body):
        return None
    return f"$$\n{body}\n$$"


def number_inside(text: str) -> str:
    r"""A formula's number behind it, as in `\[ z \] \quad (4)`, put inside, where its commands work."""
    return _NUMBER_BEHIND.sub(lambda found: f"\\[{found['formula'].rstrip()} {found['number']}\\]", text)


def restore_backslashes(text: str, whole: bool = False) -> str:
    r"""Undo JSON's reading of `\frac`, `\beta`, `\rho`, `\times` and `\nu` that were not escaped.

    Form feed, backspace and a lone carriage return never stand in text; a tab or newline is a command only
    inside a formula (`whole`: all of the text is one) and only before the rest of a command's name.
    """
    text = text.replace("\f", "\\f").replace("\b", "\\b").replace("\r\n", "\n").replace("\r", "\\r")
    if whole:
        return _restore_commands(text)
    return _MATH.sub(lambda found: _restore_commands(found[0]), text)


def _environment(found: re.Match[str]) -> str:
    """A formula that only its environment told from prose."""
    if found.string[: found.start()].rstrip().endswith(_OPENED):
        return found[0]
    body = found["body"] if found["name"].startswith("equation") else found[0].strip()
    return f"$$\n{body.strip()}\n$$"


def _inline(found: re.Match[str]) -> str:
    """Blanks inside its dollars keep programs from seeing a formula; some are no formulas at all."""
    body = found["body"]
    if words := _ONLY_WORDS.fullmatch(body):
        return words["words"]
    if sign := _SIGN.fullmatch(body):
        number = int(sign["number"] or 0)
        circled = chr(0x245F + number) if 0 < number <= 20 else f"({number})"
        return circled if sign["number"] else _SIGNS[sign.lastgroup or ""]
    return f"${body}$" if _IS_MATH.search(body) else found[0]


def _restore_commands(formula: str) -> str:
    for escape, rests in _HIDDEN.items():
        letter = "n" if escape == "\n" else "t"
        formula = re.sub(rf"{escape}(?=(?:{rests})(?![A-Za-z]))", rf"\\{letter}", formula)
    return formula


def _display(found: re.Match[str]) -> str:
    body = _without_blank_lines(found[1] or found[2])
    return f"$${body}$$" if body else found[0]


def _one_line(latex: str) -> str:
    return " ".join(latex.split())


def _without_blank_lines(latex: str) -> str:
    return "\n".join(line.strip() for line in latex.splitlines() if line.strip())
