"""Have a running daemon take over settings that were saved."""

from papertray.daemon.client.client import Client
from papertray.daemon.places import Places


def reload_daemon(places: Places) -> str:
    """The sentence says when the settings hold."""
    with Client(places) as client:
        if not client.running():
            return "Saved. It holds from the next start of papertray."
        client.reload()
    return "Saved. The running papertray takes it over now."
