"""What the page shows of a document's text: each block as HTML that is safe to put into it."""

from dataclasses import dataclass, fields
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from papertray.daemon.api.answers import ApiError
from papertray.daemon.api.state import ApiState
from papertray.daemon.api.values import Body, Number, PageNumber
from papertray.daemon.records import HourlyCount
from papertray.daemon.wire import Answer, PageAnswer
from papertray.engine.outputs.safe_html import render_html
from papertray.engine.pages import Block

_MOST_BLOCKS = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedBlock(Answer, Block):
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedPage(PageAnswer):
    blocks: tuple[RenderedBlock, ...]


class MarkdownBlocks(Body):
    blocks: list[str] = Field(max_length=_MOST_BLOCKS, description="Markdown.")


@dataclass(frozen=True, slots=True)
class HtmlBlocks(Answer):
    blocks: Annotated[tuple[str, ...], Field(description="HTML, in the same order.")]


@dataclass(frozen=True, slots=True)
class Statistics(Answer):
    since: float
    hours: Annotated[tuple[HourlyCount, ...], Field(description="Those in which a document ended, in order.")]


def routes(state: ApiState) -> APIRouter:
    api = APIRouter(prefix="/v1", tags=["page"])
    listing = state.journal.listing

    @api.get("/documents/{number}/pages/{page}")
    def one_page(number: Number, page: PageNumber) -> RenderedPage:
        """One page with its blocks, their places and their text as HTML."""
        record = listing.page(number, page)
        if record is None:
            raise ApiError(404, f"{listing.document(number).path.name} has no page {page}.")
        blocks = record.text.blocks if record.text else ()
        return RenderedPage.of(record, blocks=tuple(map(_render, blocks)))

    @api.post("/rendered")
    def render(sources: MarkdownBlocks) -> HtmlBlocks:
        """Markdown as HTML that is safe to show."""
        return HtmlBlocks(tuple(map(render_html, sources.blocks)))

    @api.get("/statistics")
    def statistics(
        hours: Annotated[int, Query(ge=1, le=24 * 366, description="So many, up to now.")] = 24,
    ) -> Statistics:
        """How many pages were read, and how long that took, hour by hour."""
        since = state.board.now[1].at - hours * 3600
        return Statistics(since, tuple(listing.hours(since)))

    return api


def _render(block: Block) -> RenderedBlock:
    values = {field.name: getattr(block, field.name) for field in fields(Block)}
    return RenderedBlock(**values, html=render_html(block.markdown))
