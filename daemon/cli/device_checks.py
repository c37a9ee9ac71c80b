"""What `papertray doctor` finds out about devices: which are there, work, and what a model would get."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Literal

from papertray.daemon.cli.checks import Finding
from papertray.daemon.places import Places
from papertray.daemon.reading.readers import rows_for_model
from papertray.daemon.settings import load_settings
from papertray.engine.choice import ReaderChoice, choose_reader
from papertray.engine.devices.machine import survey_machine
from papertray.engine.devices.rows import DeviceOptions, candidate_rows
from papertray.engine.devices.survey import Device, Survey
from papertray.engine.errors import PapertrayError
from papertray.engine.models.catalog import CATALOG
from papertray.engine.models.weights import Weights

FETCH = "`papertray models list` shows larger ones to fetch."


def check_devices(here: Places, look: Callable[[], Survey] = survey_machine) -> Iterator[Finding]:
    seen = look()
    for device in seen.devices:
        yield _usable(device, seen) if device.usable else _unusable(device)
    yield _in_use(here)


def _usable(device: Device, seen: Survey) -> Finding:
    free = f"{device.free / 1e9:.1f} of {device.total / 1e9:.1f} GB free"
    model = CATALOG[0]
    assert model.memory is not None
    try:
        row = candidate_rows(seen, model.memory, DeviceOptions(device=device.name))[0]
    except PapertrayError as problem:
        return Finding("device", "look", f"{_name(device)}, {free}. {problem.sentence}", problem.advice)
    return Finding("device", "good", f"{_name(device)}, {free}; {model.title} would run on {row}")


def _unusable(device: Device) -> Finding:
    return Finding(
        "device", "look" if device.present else "good", f"{_name(device)}: {device.why}", device.advice
    )


def _name(device: Device) -> str:
    return f"{device.name} ({device.title})" if device.title else device.name


def _in_use(here: Places) -> Finding:
    try:
        choice = choose_for_settings(here)
    except PapertrayError as problem:
        return Finding("reader", "bad", problem.sentence, problem.advice)
    if choice.rows:
        return Finding("reader", "good", f"{choice.entry.title} on {choice.rows[0].reason}")
    state: Literal["good", "look"] = "look" if choice.passed_over else "good"
    return Finding("reader", state, f"{choice.entry.title} serves.", " ".join(choice.passed_over) or FETCH)


def choose_for_settings(here: Places) -> ReaderChoice:
    """What the settings and the machine give just now. Looks at the machine only for a large model."""
    engine, weights = load_settings(here).engine, Weights(here.models)
    return choose_reader(engine.model, weights, partial(rows_for_model, engine, weights))
