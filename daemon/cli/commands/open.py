"""`papertray open`: the page in a browser, logged in by a link that is good once."""

import webbrowser
from typing import Annotated

import typer

from papertray.daemon.cli.screen import out, say
from papertray.daemon.client.api_client import ApiClient
from papertray.daemon.places import find_places


def open_page(
    show: Annotated[bool, typer.Option("--print", help="Print the link; open nothing.")] = False,
) -> None:
    """Open papertray's page in your browser."""
    url = ApiClient(find_places()).login_url()
    if show:
        out(url)
    elif not webbrowser.open(url):
        say("No browser was found. Open this link within a minute; it is good once:")
        out(url)
