"""Tell letters and memoranda from other pages: whom they are to, from whom, and how they begin.

Takes the rows of a page from its top. What stands over these is the letterhead of whoever writes, not a line
that is repeated on every page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from papertray.engine.layout.lines import Line

LOOKED_AT = 14
"""So many rows from the top may come before it."""

_NAMED = re.compile(
    r"(?:to|from|subject|re|memorandum|an|von|betreff|betr|à|objet|para|asunto|oggetto)\s*[.:]\s*\S|"
    r"(?:dear|sehr geehrte|liebe|madame|monsieur|cher|chère|estimad[oa]|gentile|egregio)[a-zß]*[\s,]",
    re.IGNORECASE,
)


def is_letter(rows: Sequence[Sequence[Line]]) -> bool:
    return any(_NAMED.match(row[0].text.strip()) for row in rows[:LOOKED_AT])
