"""All that the API's routes work with, as one value: the journal, the status, and what can be asked for."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from papertray.daemon.api.pictures import Pictures, Thumbnails
from papertray.daemon.api.survey_cache import SurveyCache
from papertray.daemon.api.uploads import Uploads
from papertray.daemon.board import StatusBoard
from papertray.daemon.downloads import Downloads
from papertray.daemon.files import Roots
from papertray.daemon.journal import Journal
from papertray.daemon.notes.placement import places_of
from papertray.daemon.places import Places
from papertray.daemon.settings import ApiSettings, Settings, load_settings
from papertray.engine.devices.machine import survey_machine
from papertray.engine.documents import DocumentLimits
from papertray.engine.models.weights import Weights


@dataclass(frozen=True, slots=True)
class ApiState:
    """`settings` and `roots` are as they are now; `stopping` says that daemon or API is about to end."""

    places: Places
    journal: Journal
    board: StatusBoard
    downloads: Downloads
    weights: Weights
    uploads: Uploads
    pictures: Pictures
    thumbnails: Thumbnails
    devices: SurveyCache
    settings: Callable[[], Settings]
    roots: Callable[[], Roots]
    stopping: Callable[[], bool]
    upload_limit: int


@contextmanager
def open_api_state(
    here: Places,
    board: StatusBoard,
    downloads: Downloads,
    api: ApiSettings,
    stops: tuple[threading.Event, ...],
) -> Iterator[ApiState]:
    """With a connection to the journal of its own: what is asked here, the desk sees as asked by others."""

    def settings() -> Settings:
        return load_settings(here)

    def limits() -> DocumentLimits:
        return DocumentLimits(**settings().documents.model_dump())

    def roots() -> Roots:
        return Roots(places_of(settings()))

    journal = Journal.open(here.journal)
    with (
        closing(journal),
        closing(Pictures(limits, roots)) as pictures,
        closing(Thumbnails(limits, roots)) as thumbnails,
        closing(Uploads(journal, here.uploads)) as uploads,
    ):
        yield ApiState(
            places=here,
            journal=journal,
            board=board,
            downloads=downloads,
            weights=Weights(here.models),
            uploads=uploads,
            pictures=pictures,
            thumbnails=thumbnails,
            devices=SurveyCache(survey_machine),
            settings=settings,
            roots=roots,
            stopping=lambda: any(stop.is_set() for stop in stops),
            upload_limit=api.upload_megabytes * 1_000_000,
        )
