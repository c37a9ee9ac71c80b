"""Which documents somebody asks for, out of an address."""

from typing import Annotated

from fastapi import Query

from papertray.daemon.api.values import Name
from papertray.daemon.journal.lists import DocumentOrder, DocumentQuery
from papertray.daemon.status import DocumentState

_Moment = Annotated[float | None, Query(ge=0, le=1e11, allow_inf_nan=False)]


def make_query(
    state: Annotated[list[DocumentState] | None, Query(description="May be repeated.")] = None,
    search: Annotated[Name, Query(description="Part of the file's path.")] = "",
    doubtful: Annotated[bool, Query(description="Only those with doubtful pages.")] = False,
    folder: Annotated[
        str,
        Query(max_length=4096, pattern=r"^[^\x00]*$", description="Only those of this folder and below it."),
    ] = "",
    reader: Annotated[Name, Query(description="Only those that this reader read.")] = "",
    since: Annotated[_Moment, Query(description="Only those that arrived then or later, in seconds.")] = None,
    until: Annotated[_Moment, Query(description="Only those that arrived before then.")] = None,
    sort: Annotated[
        DocumentOrder, Query(description="`confidence`: the least sure first.")
    ] = DocumentOrder.NEWEST,
) -> DocumentQuery:
    return DocumentQuery(
        states=tuple(state or ()),
        search=search,
        doubtful=doubtful,
        folder=folder,
        reader=reader,
        since=since,
        until=until,
        order=sort,
    )
