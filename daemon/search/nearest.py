"""What was probably meant: words that no page has, each with the nearest one that some page has.

Takes what a person looked for and the index; gives the same words with others in place of those, or "".
Only asked when nothing was found: it looks at every word that begins with the same letter.
"""

from collections.abc import Iterator

from papertray.daemon.errors import NothingToLookFor
from papertray.daemon.search.index import SearchIndex
from papertray.daemon.search.query import parse_query
from papertray.daemon.search.words import is_paired

_SHORTEST = 4
"""Letters of a word that may be another one misspelt; shorter ones are near to too many."""

_LONG = 8
"""From so many letters on a word may have two mistakes."""


def find_nearest(index: SearchIndex, text: str) -> str:
    """ "" where every word is known, or one has none that is near."""
    try:
        terms = parse_query(text).terms
    except NothingToLookFor:
        return ""
    meant = []
    for term in terms:
        words = term.runs[0].words
        if not term.wanted or len(words) != 1 or index.has(term.expression):
            meant.append(_as_asked(words, wanted=term.wanted))
        elif near := _nearest(index, words[0]):
            meant.append(near)
        else:
            return ""
    asked = [_as_asked(term.runs[0].words, wanted=term.wanted) for term in terms]
    return " ".join(meant) if meant != asked else ""


def _as_asked(words: tuple[str, ...], *, wanted: bool) -> str:
    phrase = words[0] if len(words) == 1 else f'"{" ".join(words)}"'
    return phrase if wanted else f"-{phrase}"


def _nearest(index: SearchIndex, word: str) -> str:
    """Fewest mistakes first, then the one that most pages have."""
    return min(_candidates(index, word), default=(0, 0, ""))[2]


def _candidates(index: SearchIndex, word: str) -> Iterator[tuple[int, int, str]]:
    if len(word) < _SHORTEST or is_paired(word):
        return
    most = 2 if len(word) >= _LONG else 1
    for other, pages in index.words(word[0], len(word) - most, len(word) + most):
        distance = count_mistakes(word, other, most)
        if 0 < distance <= most:
            yield distance, -pages, other


def count_mistakes(one: str, other: str, most: int) -> int:
    """Letters that are wrong, missing, too many, or two that changed places; `most` + 1 stands for more."""
    above: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        above, before, row = row, above, [i]
        for j, against in enumerate(other, start=1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
