"""How each model would run on this machine, what Automatic takes and why, and how fast each has read here."""

from fastapi import APIRouter

from papertray.daemon.api.state import ApiState
from papertray.daemon.choices import ModelFit, ModelFits
from papertray.engine.choice import AUTO, choose_reader
from papertray.engine.devices.rows import DeviceOptions, DeviceRow, candidate_rows, memory_needed
from papertray.engine.devices.survey import Survey
from papertray.engine.errors import ReaderError
from papertray.engine.language import translatable
from papertray.engine.models.catalog import CATALOG, CatalogEntry

_NEEDS_NONE = translatable(
    "It is the one that is always here; a large model is taken as soon as one is here and fits."
)


def routes(state: ApiState) -> APIRouter:
    api = APIRouter(prefix="/v1/model-fits", tags=["models"])

    @api.get("")
    def fits() -> ModelFits:
        """A first look at the devices takes some seconds; later ones within five minutes are free."""
        survey, options = state.devices.now(), _options(state)
        speeds = state.journal.lists.seconds_a_page()
        choice = choose_reader(AUTO, state.weights, lambda entry: _rows(survey, options, entry))
        reasons = [choice.rows[0].reason if choice.rows else _NEEDS_NONE, *choice.passed_over]
        return ModelFits(
            automatic=choice.entry.name,
            why=" ".join(reasons),
            models=tuple(_fit(entry, survey, options, speeds.get(entry.name)) for entry in CATALOG),
        )

    return api


def _options(state: ApiState) -> DeviceOptions:
    engine = state.settings().engine
    return DeviceOptions(engine.device, engine.dtype, engine.four_bit, engine.longest_side)


def _rows(survey: Survey, options: DeviceOptions, entry: CatalogEntry) -> tuple[DeviceRow, ...]:
    assert entry.memory is not None
    return candidate_rows(survey, entry.memory, options)


def _fit(entry: CatalogEntry, survey: Survey, options: DeviceOptions, speed: float | None) -> ModelFit:
    if entry.memory is None:
        return ModelFit(id=entry.name, row="", why="", memory=0, seconds_a_page=speed)
    try:
        row = candidate_rows(survey, entry.memory, options)[0]
    except ReaderError as problem:
        return ModelFit(id=entry.name, row="", why=problem.sentence, memory=0, seconds_a_page=speed)
    needed = memory_needed(row, entry.memory)
    return ModelFit(id=entry.name, row=str(row), why=row.reason, memory=needed, seconds_a_page=speed)
