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

from papertray.daemon.cli.screen import print_json, print_line
from papertray.daemon.cli.status_text import TROUBLE, describe_status
from papertray.daemon.client.client import Client
from papertray.daemon.places import find_places
from papertray.daemon.status import Activity, Status
from papertray.engine.language import translate

LOOK_EVERY = 0.5


def status(
    watch: Annotated[bool, typer.Option("--watch", "-w", help="Keep showing it until Ctrl-C.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON; with --watch one line a change.")] = False,
) -> None:
    """Say how it goes: what is being read, what waits, what needs a look."""
    with Client(find_places()) as client, suppress(KeyboardInterrupt):
        look = partial(current_status, client)
        if not watch:
            _print_json(look()) if as_json else _print_once(client)
        elif as_json:
            _follow_changes(look, lambda status: print_line(status.to_json()))
        elif sys.stdout.isatty():
            _follow_live(look)
        else:
            _follow_changes(look, _print_status)


def current_status(client: Client) -> Status:
    """How it goes; what documents there are is known also while no daemon runs."""
    status = client.status()
    if status.activity is not Activity.STOPPED:
        return status
    return dataclasses.replace(status, counts=client.counts())


def _print_status(status: Status) -> None:
    for line in describe_status(status):
        print_line(line, "yellow" if line.startswith(TROUBLE) else "")


def _print_once(client: Client) -> None:
    _print_status(current_status(client))
    if (address := client.address()) is not None:
        print_line(translate("Page: {address} (`papertray open` opens it)", address=address))


def _print_json(status: Status) -> None:
    print_json(json.loads(status.to_json()))


def _follow_changes(look: Callable[[], Status], show: Callable[[Status], None]) -> Never:
    last = None
    while True:
        status = look()
        if (timeless := dataclasses.replace(status, at=0.0)) != last:
            last = timeless
            show(status)
            sys.stdout.flush()
        time.sleep(LOOK_EVERY)


def _follow_live(look: Callable[[], Status]) -> Never:
    from rich.live import Live
    from rich.text import Text

    with Live(auto_refresh=False) as screen:
        while True:
            screen.update(Text("\n".join(describe_status(look()))), refresh=True)
            time.sleep(LOOK_EVERY)
