"""How pages are numbered, and what publishers print under each."""

from __future__ import annotations

import re

NUMBER = re.compile(
    r"""[\W_]*(?:(?:page|p\.|seite|s\.|pagina|página|pág\.|стр\.)\s*)?[\[(|–—-]*\s*
    (?:[A-Z]{1,3}\s?[-–.]\s?)?(?:\d{1,5}(?:\s?[-–]\s?\d{1,3})?|[ivxlc]{1,7})
    \s*(?:(?:of|/|von|de|di|из|van)\s*(?:\d{1,5}|[ivxlc]{1,7}))?[\W_]*
    |第?\s*\d{1,4}\s*页?\W*(?:共\s*\d{1,4}\s*页\W*)?""",
    re.IGNORECASE | re.VERBOSE,
)
"""A page's number, alone: 7, – 7 –, vii, A-7, Page 7 of 9."""

NAMED = re.compile(
    r"\b(?:page|seite|página|pagina|стр\.?)\s*[|:]?\s*(?:\d+|[ivxlc]+\b)|第\s*\d+\s*页", re.IGNORECASE
)

STAMP = re.compile(
    r"\bdownloaded (?:from|by|on|at|via)\b|^download date\b|^arxiv:\s?\d{4}\.\d{4,5}"
    r"|^published by\b.*\b(?:19|20)\d\d$",
    re.IGNORECASE,
)
"""What a library prints on every page that it gives out."""

LEGAL = re.compile(r"©|\(c\)\s*\d|copyright|all rights reserved", re.IGNORECASE)
"""What publishers put under every page."""
