"""What was done for documents once they were read, or failed: their outputs, and what rules wanted."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Annotated, Self

from fastapi import APIRouter, Query

from papertray.daemon.api.state import ApiState
from papertray.daemon.api.values import Number
from papertray.daemon.errors import NoSuchDocument
from papertray.daemon.journal import Journal
from papertray.daemon.journal.errands import Errand
from papertray.daemon.wire import Answer, Count


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrandAnswer(Answer):
    """An `action` of a rule, or `outputs` without a rule.

    It is due while `ended` is null; `outcome` says how it went the last time, nothing before the first.
    One that was `given_up` is not told of any more.
    """

    id: int
    document: int
    rule: str
    action: str
    tries: int
    ended: float | None
    worked: bool
    outcome: str
    given_up: bool


@dataclass(frozen=True, slots=True)
class ErrandList(Answer):
    errands: tuple[ErrandAnswer, ...]

    @classmethod
    def of(cls, errands: Iterable[Errand]) -> Self:
        names = [field.name for field in fields(ErrandAnswer)]
        return cls(
            tuple(ErrandAnswer(**{name: getattr(errand, name) for name in names}) for errand in errands)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfinishedErrand(ErrandAnswer):
    """With the name of the file that it is for."""

    name: str


@dataclass(frozen=True, slots=True)
class UnfinishedErrands(Answer):
    errands: tuple[UnfinishedErrand, ...]


def routes(state: ApiState) -> APIRouter:
    api = APIRouter(prefix="/v1", tags=["documents"])
    journal = state.journal

    @api.get("/errands")
    def unfinished(limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> UnfinishedErrands:
        """What failed, or went wrong and is tried again, the newest first; not what was given up."""
        found = journal.errands.unfinished(limit)
        names = {number: _name_of(journal, number) for number in {errand.document for errand in found}}
        told = zip(found, ErrandList.of(found).errands, strict=True)
        return UnfinishedErrands(
            tuple(UnfinishedErrand(**asdict(answer), name=names[one.document]) for one, answer in told)
        )

    @api.post("/errands/{number}/retry")
    def retry_one(number: Number) -> Count:
        """Do it now; `queued` is 0 where it worked, or is not there."""
        return Count(journal.errands.retry_one(number))

    @api.post("/errands/{number}/give-up")
    def give_up(number: Number) -> Count:
        """Neither try nor tell of it any more; `queued` is 0 where it is not unfinished."""
        return Count(journal.errands.give_up(number))

    @api.get("/documents/{number}/errands")
    def errands(number: Number) -> ErrandList:
        """What its rules did, in order, and whether its outputs stand."""
        journal.listing.document(number)
        return ErrandList.of(journal.errands.of(number))

    @api.post("/documents/{number}/errands/retry")
    def retry_errands(number: Number) -> Count:
        """Do now what failed, or waits to be tried again; `queued` says how many."""
        journal.listing.document(number)
        return Count(journal.errands.retry(number))

    return api


def _name_of(journal: Journal, number: int) -> str:
    try:
        return journal.listing.document(number).path.name
    except NoSuchDocument:
        return ""
