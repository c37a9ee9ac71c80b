"""Pages by what was read on them."""

from contextlib import closing
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from papertray.daemon.api.queries import make_query
from papertray.daemon.api.state import ApiState
from papertray.daemon.api.values import Name
from papertray.daemon.journal.lists import DocumentQuery
from papertray.daemon.search.finding import find_pages
from papertray.daemon.search.index import SearchIndex
from papertray.daemon.search.nearest import find_nearest
from papertray.daemon.wire import SearchAnswer, SearchHit


def routes(state: ApiState) -> APIRouter:
    api = APIRouter(prefix="/v1/search", tags=["documents"])

    @api.get("")
    def search(
        words: Annotated[
            Name, Query(description='toner 2026: both; "toner invoice": that phrase; -draft: not that.')
        ],
        query: Annotated[DocumentQuery, Depends(make_query)],
        limit: Annotated[int, Query(ge=1, le=200)] = 20,
    ) -> SearchAnswer:
        """Pages that have these words, best first, of documents that the rest lets through.

        What was read is found a few seconds later.
        """
        with closing(SearchIndex(state.places.search_index)) as index:
            among = state.journal.lists.narrowed(query)
            pages = find_pages(state.journal, index, words, limit, among)
            nearest = "" if pages else find_nearest(index, words)
        return SearchAnswer(tuple(map(SearchHit.of, pages)), nearest)

    return api
