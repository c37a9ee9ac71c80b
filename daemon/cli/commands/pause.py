"""`papertray pause` and `papertray resume`."""

import time
from typing import Annotated

import typer

from papertray.daemon.cli.options import AsJson
from papertray.daemon.cli.screen import print_json, print_line
from papertray.daemon.cli.times import format_moment, parse_seconds
from papertray.daemon.client.client import Client
from papertray.daemon.places import find_places
from papertray.daemon.status import Activity

SHOWN_WITHIN = 2.0  # seconds


def pause(
    length: Annotated[
        float | None,
        typer.Option(
            "--for",
            parser=parse_seconds,
            metavar="TIME",
            help="Like 90s, 15m, 1h or 2d; else until `resume`.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Stop reading for a while.

    The page being read is given back; files that arrive are queued.
    """
    with Client(find_places()) as client:
        client.pause(length)
        _wait_until_shown(client, paused=True)
    now = time.time()
    if as_json:
        print_json({"paused": True, "until": None if length is None else now + length})
    elif length is None:
        print_line("Paused. `papertray resume` goes on.")
    else:
        print_line(f"Paused until {format_moment(now + length, now)}. `papertray resume` goes on earlier.")


def resume(as_json: AsJson = False) -> None:
    """Go on reading."""
    with Client(find_places()) as client:
        client.resume()
        _wait_until_shown(client, paused=False)
    print_json({"paused": False}) if as_json else print_line("Going on.")


def _wait_until_shown(client: Client, *, paused: bool) -> None:
    """So that `papertray status`, asked next, says it too. A daemon that is busy is not waited for."""
    give_up = time.monotonic() + SHOWN_WITHIN
    while time.monotonic() < give_up:
        status = client.status()
        if status.activity is Activity.STOPPED or status.paused is paused:
            return
        time.sleep(0.05)
