"""The ways into the API, each with its own number of connections and its own rule for who comes in.

At the port everybody on this machine may knock, and each request must say who asks. At the owner's socket the
system has told who it is, so that requests which come through it are marked as the owner's.
"""

import os
import socket
from functools import partial

from papertray.daemon.api.connections import AcceptLoop
from papertray.daemon.api.descriptors import MOST_OF_THE_OWNER, most_connections, raise_descriptor_limit
from papertray.daemon.api.gate import FROM_OWNER
from papertray.daemon.api.listening import comes_from
from papertray.daemon.api.rare_warning import RareWarning


def open_entrances(
    port: socket.socket, owner: socket.socket | None, crowded: RareWarning
) -> tuple[AcceptLoop, ...]:
    """`owner` is None where the system has no such sockets."""
    most = most_connections(raise_descriptor_limit())
    entrances = [AcceptLoop(port, most, lambda _connection: True, {}, crowded)]
    if owner is not None:
        users = frozenset({0, os.geteuid()})  # root may read the token as well
        lets_in = partial(comes_from, users=users)
        most = min(most, MOST_OF_THE_OWNER)
        entrances.append(AcceptLoop(owner, most, lets_in, {FROM_OWNER: True}, crowded))
    return tuple(entrances)
