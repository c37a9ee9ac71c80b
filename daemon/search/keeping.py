"""Keep the index true to the journal: pages that were read come in, those that are gone go out.

Takes both; changes the index alone. What ended since the last time is looked at on every occasion, all of it
at a daemon's start and once an hour.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from loguru import logger

from papertray.daemon.journal import Journal
from papertray.daemon.search.index import IndexedPage, PageWords, SearchIndex
from papertray.daemon.search.plain import plain_words
from papertray.daemon.search.words import list_words
from papertray.engine.pages import Block, BlockKind

_AT_ONCE = 100
_MANY = 1000
_UP_TO = "up to"
_COMPARED = "compared"
HEADS = frozenset({BlockKind.TITLE, BlockKind.HEADING})
_HOUR = 3600.0
_OVERLAP = 2.0  # seconds that are looked at again: documents end in any order


def never() -> bool:
    return False


def catch_up(journal: Journal, index: SearchIndex, is_stopped: Callable[[], bool] = never) -> int:
    """Index what is not; how many pages that were. Stopped in between, it goes on the next time."""
    if index.is_worn():
        logger.info("the search index holds much that is gone, and is made anew")
        index.empty()
    if abs(time.time() - index.mark(_COMPARED)) > _HOUR:
        return _compare_all(journal, index, is_stopped)
    began, since = time.time(), index.mark(_UP_TO)
    fresh = journal.listing.finished_since(since - _OVERLAP)
    wanted = [page for document in fresh for page in map(_indexed, journal.listing.text_checks(document.id))]
    indexed = _add(journal, index, index.missing(wanted), is_stopped)
    if not is_stopped():
        index.set_mark(_UP_TO, max([began - _OVERLAP, *(document.finished or 0.0 for document in fresh)]))
    return indexed


def _compare_all(journal: Journal, index: SearchIndex, is_stopped: Callable[[], bool]) -> int:
    began = time.time()
    there, here = set(map(_indexed, journal.listing.text_checks())), index.pages()
    index.remove(here - there)
    indexed = _add(journal, index, sorted(there - here), is_stopped)
    if indexed > _MANY:
        index.tidy()
    if not is_stopped():
        index.set_mark(_UP_TO, began)
        index.set_mark(_COMPARED, began)
    return indexed


def _add(
    journal: Journal, index: SearchIndex, pages: Iterable[IndexedPage], is_stopped: Callable[[], bool]
) -> int:
    count, rest = 0, iter(pages)
    while not is_stopped() and (some := list(islice(rest, _AT_ONCE))):
        index.add(_with_words(journal, some))
        count += len(some)
    return count


def _with_words(journal: Journal, pages: Iterable[IndexedPage]) -> Iterator[tuple[IndexedPage, PageWords]]:
    for page in pages:
        if (blocks := journal.listing.blocks(*page)) is not None:
            yield page, words_of(journal.listing.document(page.document).path.stem, blocks)


def words_of(name: str, blocks: Iterable[Block]) -> PageWords:
    heads, rest = [name], list[str]()
    for block in blocks:
        (heads if block.kind in HEADS else rest).append(plain_words(block.markdown))
    return PageWords(*(" ".join(list_words("\n".join(part))) for part in (heads, rest)))


def _indexed(row: tuple[int, int, int]) -> IndexedPage:
    return IndexedPage(*row)
