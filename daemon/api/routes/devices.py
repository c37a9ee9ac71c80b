"""The devices: what each is good for, and how the chosen model would run on it."""

import dataclasses
from typing import Any

from fastapi import APIRouter

from papertray.daemon.api.answers import JsonAnswer
from papertray.daemon.api.state import ApiState
from papertray.daemon.api.values import Devices
from papertray.daemon.settings import EngineSettings
from papertray.engine.choice import AUTO
from papertray.engine.devices.rows import DeviceOptions, choose_row
from papertray.engine.devices.survey import Device, Survey
from papertray.engine.errors import ReaderError
from papertray.engine.models.catalog import CATALOG, QUICK, CatalogEntry, find_entry

_SHOWN = ("name", "title", "present", "usable", "why", "advice", "total", "free")


def routes(office: ApiState) -> APIRouter:
    api = APIRouter(tags=["devices"])

    @api.get("/v1/devices", response_model=Devices)
    def devices() -> JsonAnswer:
        """A first look takes some seconds; later ones within five minutes are free."""
        engine, survey = office.settings().engine, office.devices.now()
        model = _model(engine.model, office.weights.installed())
        rows = [_about(device, survey, engine, model) for device in survey.devices]
        return JsonAnswer({"chosen": engine.device, "in_use": office.board.now[1].device, "devices": rows})

    return api


def _model(chosen: str, installed: tuple[CatalogEntry, ...]) -> CatalogEntry:
    """The large model that would run on a device: the quick reader needs none."""
    if chosen not in (AUTO, QUICK):
        return find_entry(chosen)
    return installed[0] if installed else CATALOG[0]


def _about(device: Device, survey: Survey, engine: EngineSettings, model: CatalogEntry) -> dict[str, Any]:
    told = dataclasses.asdict(device)
    return {name: told[name] for name in _SHOWN} | _row(device, survey, engine, model)


def _row(device: Device, survey: Survey, engine: EngineSettings, model: CatalogEntry) -> dict[str, Any]:
    if not device.usable or model.memory is None:
        return {"row": ""}
    try:
        wishes = DeviceOptions(device.name, engine.dtype, engine.four_bit, engine.longest_side)
        return {"row": str(choose_row(survey, model.memory, wishes))}
    except ReaderError as problem:
        return {"row": "", "usable": False, "why": problem.sentence, "advice": problem.advice}
