"""Web and mail addresses and names of files in one piece: "packages. debian. org" has no blanks.

Recognition prefers a blank behind a dot, and a line may end in the middle of an address. Takes running text
and gives it back; what might be the end of one sentence and the beginning of the next is left alone.
"""

from __future__ import annotations

import re

DOMAINS = "com|org|net|edu|gov|info"
FILES = "txt|pdf|html|json|xml|yaml|conf|png|jpg|tex|docx|xlsx|csv|zip|tar|deb"
NAME, LONG_NAME = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?", "[a-z0-9][a-z0-9-]*[a-z0-9]"

_ADDRESSES = re.compile(
    rf"(?<![\w.@/#-])(?:"
    rf"(?:https?: ?/ ?/ ?|www ?\. ?){NAME}(?: ?\. ?{NAME})*? ?\. ?(?:{DOMAINS}|[a-z]{{2}})"
    rf"|{LONG_NAME}(?: ?\. ?{LONG_NAME}){{1,3}} ?\. ?(?:{DOMAINS})"
    rf"|[\w.+-]+ ?@ ?{NAME}(?: ?\. ?{NAME})*? ?\. ?(?:{DOMAINS}|[a-z]{{2}})"
    rf"|[\w-]{{2,}}\. (?:{FILES})"
    rf")(?![\w-]|\.\w)"
)
_HINT = re.compile(r"\.\s[a-z]|\s[.@]|@\s|: ?/ | /")
"""Without any of these there is nothing to close."""


def close_addresses(text: str) -> str:
    if not _HINT.search(text):
        return text
    return _ADDRESSES.sub(lambda address: address[0].replace(" ", ""), text)
