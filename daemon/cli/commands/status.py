"""`papertray status`: how it goes, once or for as long as one looks."""

import dataclasses
import json
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Annotated, Never

import typer

from papertray.daemon.cli.glance import status_lines
from papertray.daemon.cli.screen import out, out_json
from papertray.daemon.client.client import Client
from papertray.daemon.places import find_places
from papertray.daemon.status import Activity, Status

LOOK_EVERY = 0.5


def status(
    watch: Annotated[bool, typer.Option("--watch", "-w", help="Keep showing it until Ctrl-C.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON; with --watch one line a change.")] = False,
) -> None:
    """Say how it goes: what is being read, what waits, what needs a look."""
    with Client(find_places()) as client, suppress(KeyboardInterrupt):
        look = partial(current_status, client)
        if not watch:
            _show_json(look()) if as_json else _show_once(client)
        elif as_json:
            _each_change(look, lambda status: out(status.to_json()))
        elif sys.stdout.isatty():
            _live(look)
        else:
            _each_change(look, _show)


def current_status(client: Client) -> Status:
    """How it goes; what documents there are is known also while no daemon runs."""
    status = client.status()
    if status.activity is not Activity.STOPPED:
        return status
    return dataclasses.replace(status, counts=client.counts())


def _show(status: Status) -> None:
    for line in status_lines(status):
        out(line)


def _show_once(client: Client) -> None:
    _show(current_status(client))
    if (address := client.address()) is not None:
        out(f"Page: {address} (`papertray open` opens it)")


def _show_json(status: Status) -> None:
    out_json(json.loads(status.to_json()))


def _each_change(look: Callable[[], Status], show: Callable[[Status], None]) -> Never:
    shown = None
    while True:
        seen = look()
        if (timeless := dataclasses.replace(seen, at=0.0)) != shown:
            shown = timeless
            show(seen)
            sys.stdout.flush()
        time.sleep(LOOK_EVERY)


def _live(look: Callable[[], Status]) -> Never:
    from rich.live import Live
    from rich.text import Text

    with Live(auto_refresh=False) as screen:
        while True:
            screen.update(Text("\n".join(status_lines(look()))), refresh=True)
            time.sleep(LOOK_EVERY)
