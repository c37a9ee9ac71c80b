"""The documents, listed: a part of all of them, narrowed and in order."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from papertray.daemon.api.queries import make_query
from papertray.daemon.api.state import ApiState
from papertray.daemon.journal.lists import DocumentOrder, DocumentQuery
from papertray.daemon.wire import DocumentAnswer, DocumentList, DocumentNumbers, GroupsAnswer


def routes(state: ApiState) -> APIRouter:
    api = APIRouter(prefix="/v1/documents", tags=["documents"])
    journal = state.journal

    @api.get("")
    def documents(
        query: Annotated[DocumentQuery, Depends(make_query)],
        limit: Annotated[int, Query(ge=1, le=1000)] = 50,
        offset: Annotated[int, Query(ge=0, le=2**53, description="How many to leave out before.")] = 0,
        before: Annotated[
            int | None, Query(ge=1, le=2**53, description="A document's number; the newest come first.")
        ] = None,
    ) -> DocumentList:
        """A part of the list that these words and the order make."""
        lists, part = journal.lists, replace(query, before=before) if before else query
        listed = lists.documents(part, limit + 1, offset)
        page = tuple(map(DocumentAnswer.of, listed[:limit]))
        goes_on = len(listed) > limit and query.order is DocumentOrder.NEWEST
        return DocumentList(page, before=page[-1].id if goes_on else None, total=lists.count(query))

    @api.get("/numbers")
    def numbers(query: Annotated[DocumentQuery, Depends(make_query)]) -> DocumentNumbers:
        """The whole of a list, by the documents' numbers alone: for what is asked of all of them."""
        return DocumentNumbers(tuple(journal.lists.numbers(query)))

    @api.get("/groups")
    def groups() -> GroupsAnswer:
        """What a list can be narrowed by: folders and readers, each with how many documents it has."""
        return GroupsAnswer.of(journal.lists.groups())

    return api
