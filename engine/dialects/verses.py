"""Lines that have to stay lines: an address, a poem, a table of contents.

Markdown runs the lines of a paragraph together; two blanks at the end of a line keep it one.
"""

import re

LONGEST_LINE, FEWEST_LINES, MOST_LINES = 48, 3, 60
_LEADS_TO_PAGE = re.compile(r"\S.*?(?:\.{3,}|(?:\s?[.·]\s){3,}|…|\t| {3,})\s*[\divxlc]{1,5}$", re.IGNORECASE)
_BEGINS_ANEW = re.compile(r"[\"'“«(*_+]{0,3}[^\W_a-zß-öø-ÿ]")
_TELLS_WHERE = re.compile(r"\d|@|www\.")
_STARTS_SOMETHING = re.compile(r"\s*(?:[#>|]|```|\$\$|[-*+]\s|\d{1,9}[.)]\s)")


def keep_lines(paragraph: str) -> str:
    """The same words, with a break behind each line where they are such lines."""
    lines = paragraph.split("\n")
    if len(lines) < 2 or any(_STARTS_SOMETHING.match(line) or not line.strip() for line in lines):
        return paragraph
    return "  \n".join(line.rstrip() for line in lines) if _are_lines(lines) else paragraph


def _are_lines(lines: list[str]) -> bool:
    if sum(bool(_LEADS_TO_PAGE.search(line.strip())) for line in lines) * 2 > len(lines):
        return True
    short = all(len(line.strip()) <= LONGEST_LINE and _BEGINS_ANEW.match(line.strip()) for line in lines)
    where = any(_TELLS_WHERE.search(line) for line in lines)
    return short and (where or len(lines) > FEWEST_LINES) and FEWEST_LINES <= len(lines) <= MOST_LINES
