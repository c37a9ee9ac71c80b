"""The devices: what each is good for, and how the chosen model would run on it."""

from dataclasses import replace

from fastapi import APIRouter

from papertray.daemon.api.state import ApiState
from papertray.daemon.choices import DeviceChoice, DeviceChoices
from papertray.daemon.settings import EngineSettings
from papertray.engine.choice import AUTO
from papertray.engine.devices.rows import DeviceOptions, choose_row
from papertray.engine.devices.survey import Device, Survey
from papertray.engine.errors import ReaderError
from papertray.engine.models.catalog import CATALOG, QUICK, CatalogEntry, find_entry


def routes(state: ApiState) -> APIRouter:
    api = APIRouter(tags=["devices"])

    @api.get("/v1/devices")
    def devices() -> DeviceChoices:
        """A first look takes some seconds; later ones within five minutes are free."""
        engine, survey = state.settings().engine, state.devices.now()
        model = _model(engine.model, state.weights.installed())
        choices = tuple(_choice(device, survey, engine, model) for device in survey.devices)
        return DeviceChoices(engine.device, state.board.now[1].device, choices)

    return api


def _model(chosen: str, installed: tuple[CatalogEntry, ...]) -> CatalogEntry:
    """The large model that would run on a device: the quick reader needs none."""
    if chosen not in (AUTO, QUICK):
        return find_entry(chosen)
    return installed[0] if installed else CATALOG[0]


def _choice(device: Device, survey: Survey, engine: EngineSettings, model: CatalogEntry) -> DeviceChoice:
    choice = DeviceChoice(
        name=device.name,
        title=device.title,
        present=device.present,
        usable=device.usable,
        why=device.why,
        advice=device.advice,
        total=device.total,
        free=device.free,
        row="",
    )
    if not device.usable or model.memory is None:
        return choice
    try:
        options = DeviceOptions(device.name, engine.dtype, engine.four_bit, engine.longest_side)
        return replace(choice, row=str(choose_row(survey, model.memory, options)))
    except ReaderError as problem:
        return replace(choice, usable=False, why=problem.sentence, advice=problem.advice)
