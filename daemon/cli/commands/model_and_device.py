"""`papertray model` and `papertray device`: show what reads, or choose it. A running daemon changes over."""

from typing import Annotated

import typer

from papertray.daemon.cli.options import AsJson
from papertray.daemon.cli.screen import print_json, print_line
from papertray.daemon.client.client import Client
from papertray.daemon.places import Places, find_places
from papertray.daemon.settings import load_settings
from papertray.daemon.settings.choosing import choose
from papertray.daemon.settings.steering import CHOICES
from papertray.engine.errors import PapertrayError
from papertray.engine.language import translate
from papertray.engine.models.catalog import QUICK

DEVICE_OF_QUICK = "cpu"


def model(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="A name of `papertray models list`, quick or auto.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the model that reads, or choose it. `auto` takes the best that is here."""
    _show_or_choose("model", name, as_json)


def device(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Like cuda, mps, npu, cpu or auto.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the device that models run on, or choose it. `auto` takes the best that works."""
    _show_or_choose("device", name, as_json)


def _show_or_choose(what: str, name: str | None, as_json: bool) -> None:
    places, names = find_places(), CHOICES[what]
    if name is not None:
        _choose(places, what, name)
    chosen = getattr(load_settings(places).engine, what)
    in_use, why = _find_in_use(what, places) if name is None else ("", "")
    if as_json:
        print_json({"chosen": chosen, "in_use": in_use or None, "why": why, "choices": names})
        return
    now = translate("{chosen} (now: {in_use})", chosen=chosen, in_use=in_use)
    print_line(now if in_use and in_use != chosen else chosen)
    if why:
        print_line(f"Why: {why}")
    print_line(f"Others: {', '.join(other for other in names if other != chosen)}")


def _choose(places: Places, what: str, name: str) -> None:
    choose(places, what, name)
    with Client(places) as client:
        client.reload()


def _find_in_use(what: str, places: Places) -> tuple[str, str]:
    """What reads now or, when nothing is loaded, what would read the next page; and why."""
    with Client(places) as client:
        status = client.status()
    now = {"model": status.reader, "device": status.device}[what] if status.loaded else ""
    if now and status.reader != QUICK:
        return now, status.why
    from papertray.daemon.cli.reader_choice import choose_for_settings

    try:
        choice = choose_for_settings(places)
    except PapertrayError as problem:
        return now, str(problem)
    if choice.rows:
        row = choice.rows[0]
        return (now, "") if now else ({"model": choice.entry.name, "device": str(row)}[what], row.reason)
    return now or {"model": choice.entry.name, "device": DEVICE_OF_QUICK}[what], " ".join(choice.passed_over)
