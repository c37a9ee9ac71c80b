"""All that the API's routes work with, as one value: the journal, the status, and what can be asked for."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from papertray.daemon.api.look import Look
from papertray.daemon.api.pictures import Pictures
from papertray.daemon.api.uploads import Uploads
from papertray.daemon.board import Board
from papertray.daemon.downloads import Downloads
from papertray.daemon.journal import Journal
from papertray.daemon.places import Places
from papertray.daemon.settings import Api as Wanted
from papertray.daemon.settings import Settings, load
from papertray.engine.devices.machine import survey
from papertray.engine.documents import Limits
from papertray.engine.models.weights import Weights


@dataclass(frozen=True, slots=True)
class Office:
    """`settings` reads them as they are now; `stopping` says that the daemon, or the API, is about to end."""

    places: Places
    journal: Journal
    board: Board
    downloads: Downloads
    weights: Weights
    uploads: Uploads
    pictures: Pictures
    devices: Look
    settings: Callable[[], Settings]
    stopping: Callable[[], bool]
    upload_limit: int


@contextmanager
def opened(
    here: Places, board: Board, downloads: Downloads, wanted: Wanted, stops: tuple[threading.Event, ...]
) -> Iterator[Office]:
    """With a connection to the journal of its own: what is asked here, the desk sees as asked by others."""

    def settings() -> Settings:
        return load(here)

    def limits() -> Limits:
        return Limits(**settings().documents.model_dump())

    journal = Journal.open(here.journal)
    with (
        closing(journal),
        closing(Pictures(limits)) as pictures,
        closing(Uploads(journal, here.uploads)) as uploads,
    ):
        yield Office(
            places=here,
            journal=journal,
            board=board,
            downloads=downloads,
            weights=Weights(here.models),
            uploads=uploads,
            pictures=pictures,
            devices=Look(survey),
            settings=settings,
            stopping=lambda: any(stop.is_set() for stop in stops),
            upload_limit=wanted.upload_megabytes * 1_000_000,
        )
