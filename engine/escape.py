"""Turn plain text into Markdown that shows exactly that text.

Takes text as it stood on the page; gives Markdown that a CommonMark or GitHub viewer shows unchanged, up to
runs of white space. Only what would be interpreted gets a backslash: notes stay readable in an editor.
"""

import re
from html.entities import html5

_CONTROL = re.compile(r"[^\S\n]|[\x00-\x08\x0e-\x1f\x7f]")

_INLINE = re.compile(
    r"""
      \\(?=[!-/:-@\[-`{-~]|$)                     # a backslash that would escape, or break the line
    | [`|]                                        # code; table cells
    | (?<!\s)\*|\*(?!\s)                          # emphasis, unless it stands alone: 2 * 3
    | (?<![^\W_])_(?!\s|$)|(?<!\s)_(?![^\W_])     # emphasis, unless inside a word: snake_case
    | \](?=[(\[:])|\[(?=\[)                       # links, definitions, [[wiki links]]
    | <(?=[A-Za-z/!?])                            # HTML and <autolinks>
    | &(?=\#[0-9]+;|\#[xX][0-9a-fA-F]+;|(?P<name>[A-Za-z][A-Za-z0-9]*;))
    | ~(?=[^\n]*~)|(?<=~)~|(?<=\S)~(?!\S)         # strike-through and fences
    | (?<=<)%|(?<=%)[%>]                          # a vault's templates <% %> and comments %% %%
    | \$(?=\S)(?=[^$\n]*\S\$(?!\d))               # formulas
    """,
    re.VERBOSE,
)

_LINE_START = re.compile(
    r"""
      (?P<number>\d{1,9})(?=[.)](?:\s|$))         # 1. and 1)
    | (?=\#{1,6}(?:\s|$))                         # headings
    | (?=[-+](?:\s|$))                            # lists
    | (?=\*(?:\s|$))
    | (?=>)                                       # quotations
    | (?=\[)                                      # [ ] tasks and [x]: definitions
    | (?==+$)                                     # an underline that makes the line above a heading
    | (?=[-:\s]*-[-:\s]*$)                        # the same, a rule, or the second line of a table
    | (?=_[_\s]*$)                                # a rule
    """,
    re.VERBOSE,
)


_CLOSING_HASHES = re.compile(r"(?<!\S)(?=#+$)")


def escape(text: str) -> str:
    """Escape a paragraph's text. Lines stay lines."""
    return "\n".join(_escape_line(" ".join(line.split())) for line in _CONTROL.sub(" ", text).split("\n"))


def escape_heading(text: str) -> str:
    """Escape what stands behind a heading's hashes, on one line.

    Nothing begins there: "1. Scope" is no list. But hashes at the end would be taken for closing ones.
    """
    inline = _escape_inline(" ".join(_CONTROL.sub(" ", text).split()))
    return _CLOSING_HASHES.sub(r"\\", inline)


def _escape_line(line: str) -> str:
    start = _LINE_START.match(line)
    cut = start.end() if start else 0
    inline = _escape_inline(line)
    if start is None or inline[cut : cut + 1] == "\\":
        return inline
    return f"{inline[:cut]}\\{inline[cut:]}"


def _escape_inline(line: str) -> str:
    return _INLINE.sub(_with_backslash, line)


def _with_backslash(sign: re.Match[str]) -> str:
    is_no_entity = sign["name"] is not None and sign["name"] not in html5  # R&D; is none
    return sign[0] if is_no_entity else f"\\{sign[0]}"
