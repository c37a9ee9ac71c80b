"""What the page shows of a document's text: each block as HTML that is safe to put into it."""

import dataclasses
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from papertray.daemon.api.answers import ApiError, JsonAnswer
from papertray.daemon.api.rendering import render_html
from papertray.daemon.api.state import ApiState
from papertray.daemon.api.values import Asked, Block, Number, Page, PageNumber
from papertray.daemon.wire import plain_page

_MOST_BLOCKS = 5000


class RenderedBlock(Block):
    html: str


class RenderedPage(Page):
    blocks: list[RenderedBlock]


class Sources(Asked):
    blocks: list[str] = Field(max_length=_MOST_BLOCKS, description="Markdown.")


class Rendered(BaseModel):
    blocks: list[str] = Field(description="HTML, in the same order.")


class Hour(BaseModel):
    """The pages of the documents that ended in this hour. `start` is seconds since 1970."""

    start: float
    pages: int
    seconds: float = Field(description="All the time that reading these pages took.")


class Statistics(BaseModel):
    since: float
    hours: list[Hour] = Field(description="Those in which a document ended, in order.")


def routes(office: ApiState) -> APIRouter:
    api = APIRouter(prefix="/v1", tags=["page"])
    listing = office.journal.listing

    @api.get("/documents/{number}/pages/{page}", response_model=RenderedPage)
    def one_page(number: Number, page: PageNumber) -> JsonAnswer:
        """One page with its blocks, their places and their text as HTML."""
        found = listing.page(number, page)
        if found is None:
            raise ApiError(404, f"{listing.document(number).path.name} has no page {page}.")
        plain = plain_page(found)
        blocks = plain["text"]["blocks"] if plain["text"] else []
        return JsonAnswer(plain | {"blocks": [_with_html(block) for block in blocks]})

    @api.post("/rendered", response_model=Rendered)
    def render(sources: Sources) -> JsonAnswer:
        """Markdown as HTML that is safe to show."""
        return JsonAnswer({"blocks": [render_html(markdown) for markdown in sources.blocks]})

    @api.get("/statistics", response_model=Statistics)
    def statistics(
        hours: Annotated[int, Query(ge=1, le=24 * 366, description="So many, up to now.")] = 24,
    ) -> JsonAnswer:
        """How many pages were read, and how long that took, hour by hour."""
        since = office.board.now[1].at - hours * 3600
        found = listing.hours(since)
        return JsonAnswer({"since": since, "hours": [dataclasses.asdict(hour) for hour in found]})

    return api


def _with_html(block: dict[str, Any]) -> dict[str, Any]:
    return block | {"html": render_html(block["markdown"])}
