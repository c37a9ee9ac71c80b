"""Find the pages that have what a person looks for, and where on them it stands.

Takes the journal and its index; gives pages, best first, each with the words around what was found and the
box of the block that has most of it.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import islice
from operator import attrgetter
from pathlib import Path

from papertray.daemon.errors import NoSuchDocument
from papertray.daemon.journal import Journal
from papertray.daemon.records import FoundPage, SnippetPart
from papertray.daemon.search.index import IndexedPage, SearchIndex
from papertray.daemon.search.keeping import HEADS
from papertray.daemon.search.plain import plain_words
from papertray.daemon.search.query import SearchQuery, find_term, parse_query
from papertray.daemon.search.words import TextPiece, find_pieces
from papertray.engine.escape import escape
from papertray.engine.pages import Block, BlockKind, Box

_BEFORE, _LONGEST = 60, 200
"""Letters of a snippet before the first word that was found, and in all."""

_ELLIPSES = ("… ", " …")
"""Before and after what was left out."""

_LOOKED_AT = 500
"""So many of the pages that have the words are looked at for the phrase, at most."""

_COMPARED = 100
"""So many of the pages that have what is wanted are compared with each other, at least."""


def find_pages(
    journal: Journal, index: SearchIndex, text: str, limit: int, among: Collection[int] | None = None
) -> list[FoundPage]:
    """Of these documents alone, if `among` names some. NothingToLookFor when there is no word in `text`."""
    query = parse_query(text)
    hits = index.find(query.expression, _LOOKED_AT + limit, among)
    paths = cache(journal.listing.path)
    looked_at = ((hit, path) for hit in hits if (path := paths(hit.document)))
    having = (page for hit, path in looked_at if (page := _look_at(journal, hit, path, query)))
    compared = islice(having, max(_COMPARED, limit))
    best_first = sorted(compared, key=attrgetter("goodness"), reverse=True)
    return list(islice((found for page in best_first if (found := _as_found(journal, page, query))), limit))


def _look_at(journal: Journal, hit: IndexedPage, path: Path, query: SearchQuery) -> "_PageWithAll | None":
    """None if the page has it not, is gone, or was read again since it was indexed."""
    if (read := journal.listing.blocks(*hit)) is None:
        return None
    name = Block(BlockKind.TITLE, escape(path.stem))
    blocks = [_Candidate.of(block, query) for block in (*read, name)]
    if not all(
        any(block.may_have[n] for block in blocks) for n, term in enumerate(query.terms) if term.wanted
    ):
        return None
    if all(term.wanted == any(block.matches[n] for block in blocks) for n, term in enumerate(query.terms)):
        in_head = any(block.is_head and block.terms for block in blocks)
        terms = max(block.terms for block in blocks)
        return _PageWithAll(hit, blocks, terms + in_head + _exactness(blocks, query) + _density(blocks))
    return None


def _as_found(journal: Journal, page: "_PageWithAll", query: SearchQuery) -> FoundPage | None:
    """None where somebody has just forgotten its document."""
    best = max(page.blocks, key=attrgetter("terms"))
    snippet = _snippet(page.blocks[:-1], best, query)  # without its name, which is told beside it
    with suppress(NoSuchDocument):
        return FoundPage(journal.listing.document(page.hit.document), page.hit.number, snippet, best.box)
    return None


@dataclass(frozen=True, slots=True)
class _PageWithAll:
    """One that has all that is wanted, its document's name as the last of its blocks; how good it is."""

    hit: IndexedPage
    blocks: "list[_Candidate]"
    goodness: float


@dataclass(frozen=True)
class _Candidate:
    """A block; for each term whether its words may have it, and where in them it stands."""

    words: str
    box: Box | None
    is_head: bool
    asked: SearchQuery
    may_have: tuple[bool, ...]

    @classmethod
    def of(cls, block: Block, query: SearchQuery) -> "_Candidate":
        words = plain_words(block.markdown)
        may_have = tuple(query.may_have(words))
        return cls(words, block.box, block.kind in HEADS, query, may_have)

    @cached_property
    def matches(self) -> tuple[tuple[TextPiece, ...], ...]:
        pieces = list(find_pieces(self.words)) if any(self.may_have) else []
        return tuple(tuple(find_term(term, pieces)) for term in self.asked.terms)

    @property
    def terms(self) -> int:
        """How many of the terms it has."""
        return sum(map(bool, self.matches))

    @property
    def marked(self) -> list[TextPiece]:
        return sorted(set().union(*self.matches))


def _snippet(blocks: Sequence[_Candidate], best: _Candidate, query: SearchQuery) -> tuple[SnippetPart, ...]:
    """Of the best block; and, where that has not all that is looked for, of one that has more of the rest."""
    lacking = [n for n, term in enumerate(query.terms) if term.wanted and not best.matches[n]]
    has = {id(block): sum(bool(block.matches[n]) for n in lacking) for block in blocks}
    other = max(blocks, key=lambda block: has[id(block)], default=best)
    first = cut_snippet(best.words, best.marked)
    if not has.get(id(other)):
        return first
    second = cut_snippet(other.words, other.marked)
    ends = any(part.text in _ELLIPSES for part in (first[-1], second[0]))
    return (*first, SnippetPart(" " if ends else " … ", is_match=False), *second)


def _exactness(blocks: Sequence[_Candidate], query: SearchQuery) -> float:
    """Between 0 and 1: how many of the words stand there by themselves, not as part of others."""
    wanted = [n for n, term in enumerate(query.terms) if term.wanted]
    exact = (
        any(query.terms[n].is_exactly(piece) for block in blocks for piece in block.matches[n])
        for n in wanted
    )
    return sum(exact) / len(wanted)


def _density(blocks: Sequence[_Candidate]) -> float:
    """Between 0 and 1: how much of the page is what was looked for."""
    found = sum(piece.end - piece.start for block in blocks for piece in block.marked)
    return found / (_LONGEST + sum(len(block.words) for block in blocks))


def cut_snippet(words: str, matches: Sequence[TextPiece]) -> tuple[SnippetPart, ...]:
    """Around the first match, from blank to blank; an ellipsis where something was left out."""
    first = matches[0].start if matches else 0
    start = 0 if first <= _BEFORE else words.find(" ", first - _BEFORE) + 1
    start = min(start, first)
    end = len(words) if len(words) - start <= _LONGEST else words.rfind(" ", start, start + _LONGEST)
    end = max(end, start + _LONGEST) if end <= first else end
    parts = [SnippetPart(_ELLIPSES[0], is_match=False)] if start else []
    place = start
    for match in matches:
        if match.start < place or match.end > end:
            continue
        if match.start > place:
            parts.append(SnippetPart(words[place : match.start], is_match=False))
        parts.append(SnippetPart(words[match.start : match.end], is_match=True))
        place = match.end
    if place < end:
        parts.append(SnippetPart(words[place:end], is_match=False))
    return (*parts, SnippetPart(_ELLIPSES[1], is_match=False)) if end < len(words) else tuple(parts)
