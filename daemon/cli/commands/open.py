"""`papertray open`: the page in a browser, logged in by a link that is good once.

The browser is given a file that leads there: what a command is given, every user of the machine can read.
"""

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
    client = ApiClient(find_places())
    if show:
        print_line(client.login_url())
    elif not webbrowser.open(client.login_page().as_uri()):
        print_message("No browser was found. Open this link within a minute; it is good once:")
        print_line(client.login_url())
