"""`papertray open`: the page in a browser, logged in by a link that is good once."""

import webbrowser
from typing import Annotated

import typer

from papertray.daemon.cli.screen import print_line, print_message
from papertray.daemon.client.api_client import ApiClient
from papertray.daemon.places import find_places


def open_page(
    show: Annotated[bool, typer.Option("--print", help="Print the link; open nothing.")] = False,
) -> None:
    """Open papertray's page in your browser."""
    url = ApiClient(find_places()).login_url()
    if show:
        print_line(url)
    elif not webbrowser.open(url):
        print_message("No browser was found. Open this link within a minute; it is good once:")
        print_line(url)
