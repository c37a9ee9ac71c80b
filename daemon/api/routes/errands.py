"""What was done for a document once it was read, or failed: its outputs, and what rules wanted."""

from dataclasses import dataclass, fields

from fastapi import APIRouter

from papertray.daemon.api.state import ApiState
from papertray.daemon.api.values import Number
from papertray.daemon.wire import Answer, Count


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrandAnswer(Answer):
    """An `action` of a rule, or `outputs` without a rule.

    It is due while `ended` is null; `outcome` says how it went the last time, nothing before the first.
    """

    rule: str
    action: str
    tries: int
    ended: float | None
    worked: bool
    outcome: str


@dataclass(frozen=True, slots=True)
class ErrandList(Answer):
    errands: tuple[ErrandAnswer, ...]


def routes(state: ApiState) -> APIRouter:
    api = APIRouter(prefix="/v1/documents", tags=["documents"])
    journal = state.journal

    @api.get("/{number}/errands")
    def errands(number: Number) -> ErrandList:
        """What its rules did, in order, and whether its outputs stand."""
        journal.listing.document(number)
        names = [field.name for field in fields(ErrandAnswer)]
        return ErrandList(
            tuple(
                ErrandAnswer(**{name: getattr(errand, name) for name in names})
                for errand in journal.errands.of(number)
            )
        )

    @api.post("/{number}/errands/retry")
    def retry_errands(number: Number) -> Count:
        """Do now what failed, or waits to be tried again; `queued` says how many."""
        journal.listing.document(number)
        return Count(journal.errands.retry(number))

    return api
