"""Checks of devices: which are there, work, and what a model would get; and what would read the next page."""

from collections.abc import Callable, Iterator

from papertray.daemon.cli.doctor.findings import Finding, FindingState
from papertray.daemon.cli.reader_choice import choose_for_settings
from papertray.daemon.places import Places
from papertray.engine.devices.machine import survey_machine
from papertray.engine.devices.rows import DeviceOptions, candidate_rows
from papertray.engine.devices.survey import Device, Survey
from papertray.engine.errors import PapertrayError
from papertray.engine.language import translatable
from papertray.engine.models.catalog import CATALOG, QUICK

FETCH = translatable("`papertray models list` shows larger ones to fetch.")


def check_devices(places: Places, look: Callable[[], Survey] = survey_machine) -> Iterator[Finding]:
    survey = look()
    for device in survey.devices:
        yield _describe_usable(device, survey) if device.usable else _describe_unusable(device)
    yield _check_choice(places)


def _describe_usable(device: Device, survey: Survey) -> Finding:
    name, free, total = _full_name(device), f"{device.free / 1e9:.1f}", f"{device.total / 1e9:.1f}"
    room = translatable(f"{name}: {free} of {total} GB are free.")
    model = CATALOG[0]
    assert model.memory is not None
    try:
        row = candidate_rows(survey, model.memory, DeviceOptions(device=device.name))[0]
    except PapertrayError as problem:
        return Finding("device", "look", f"{room} {problem.sentence}", problem.advice)
    patches, title = ", ".join(row.patches), model.title
    runs = translatable(f"{title} would run on {row}.")
    corrected = " " + translatable(f"Corrected there: {patches}.") if patches else ""
    return Finding("device", "good", f"{room} {runs}{corrected}")


def _describe_unusable(device: Device) -> Finding:
    state: FindingState = "look" if device.present else "good"
    return Finding("device", state, f"{_full_name(device)}: {device.why}", device.advice)


def _full_name(device: Device) -> str:
    return f"{device.name} ({device.title})" if device.title else device.name


def _check_choice(places: Places) -> Finding:
    try:
        choice = choose_for_settings(places)
    except PapertrayError as problem:
        return Finding("reader", "bad", problem.sentence, problem.advice)
    if choice.rows:
        title, reason = choice.entry.title, choice.rows[0].reason
        return Finding("reader", "good", f"{title} reads on {reason}")
    state: FindingState = "look" if choice.passed_over else "good"
    fetch = FETCH if choice.entry.name == QUICK else ""
    return Finding("reader", state, f"{choice.entry.title} serves.", " ".join(choice.passed_over) or fetch)
