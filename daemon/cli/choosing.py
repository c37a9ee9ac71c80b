"""`papertray model` and `papertray device`: show what reads, or choose it. A running daemon changes over."""

from typing import Annotated

import typer

from daemon.cli.screen import out, out_json
from daemon.client import Client
from daemon.places import Places, places
from daemon.settings import load
from daemon.steering import CHOICES, choose

AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]


def model(
    name: Annotated[
        str | None, typer.Argument(help="A name of `papertray models list`, quick or auto.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the model that reads, or choose it. `auto` takes the best that is here."""
    _show_or_choose("model", name, as_json)


def device(
    name: Annotated[str | None, typer.Argument(help="Like cuda, mps, npu, cpu or auto.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show the device that models run on, or choose it. `auto` takes the best that works."""
    _show_or_choose("device", name, as_json)


def _show_or_choose(what: str, name: str | None, as_json: bool) -> None:
    here, names = places(), CHOICES[what]
    if name is not None:
        if name not in names:
            raise typer.BadParameter(f"There is no {what} {name!r}; there are {', '.join(names)}.")
        _choose(here, what, name)
    chosen = getattr(load(here).engine, what)
    with Client(here) as client:
        status = client.status()
    in_use = {"model": status.reader, "device": status.device}[what]
    if as_json:
        out_json({"chosen": chosen, "in_use": in_use or None, "choices": names})
    else:
        out(f"{chosen} (now: {in_use})" if in_use and in_use != chosen else chosen)
        out(f"Others: {', '.join(other for other in names if other != chosen)}")


def _choose(here: Places, what: str, name: str) -> None:
    choose(here, what, name)
    with Client(here) as client:
        client.reload()
