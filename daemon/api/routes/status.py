"""How it goes: the status once, as a stream, and as numbers for Prometheus."""

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse

from papertray.daemon.api.events import EventStream, stream_statuses
from papertray.daemon.api.metrics import metrics
from papertray.daemon.api.state import ApiState
from papertray.daemon.status import Status
from papertray.daemon.wire import FinishedAnswer


def routes(state: ApiState) -> APIRouter:
    api = APIRouter(tags=["status"])

    @api.get("/v1/status")
    def status() -> Status:
        """How it goes now."""
        return state.board.now[1]

    @api.get("/v1/events", response_class=EventStream)
    async def events() -> EventStream:
        """How it goes, for as long as one listens: `status` events, the present one first.

        And a `document` event for each document that ends meanwhile: state, note, outputs, what went wrong.
        """

        def finished_since(moment: float) -> list[FinishedAnswer]:
            ended = state.journal.listing.finished_since(moment)
            return [FinishedAnswer.of(one, outputs=_outputs(state, one.id)) for one in ended]

        return EventStream(stream_statuses(state.board, state.stopping, finished_since=finished_since))

    @api.get("/v1/metrics", response_class=PlainTextResponse)
    def metrics_text() -> PlainTextResponse:
        """For Prometheus."""
        return PlainTextResponse(metrics(state.board.now[1]), media_type="text/plain; version=0.0.4")

    @api.get("/healthz", response_class=PlainTextResponse)
    def health() -> PlainTextResponse:
        """Whether papertray answers; needs no token."""
        return PlainTextResponse("ok\n")

    return api


def _outputs(state: ApiState, document: int) -> tuple[Path, ...]:
    return tuple(output.path for output in state.journal.outputs.of(document) if output.sha256)
