"""The ways into the API, each with its own number of connections and its own rule for who comes in.

At the port everybody on this machine may knock, and each request must say who asks. At the owner's socket the
system has told who it is, so that requests which come through it are marked as the owner's. Other machines
come in at a port of their own, over TLS alone, and their requests are marked as theirs.
"""

import os
import socket
from functools import partial

from papertray.daemon.api.admission.access import FROM_OWNER
from papertray.daemon.api.doors.connections import AcceptLoop
from papertray.daemon.api.doors.descriptors import (
    FEWEST_CONNECTIONS,
    MOST_OF_GUESTS,
    MOST_OF_THE_OWNER,
    most_connections,
    raise_descriptor_limit,
)
from papertray.daemon.api.doors.guest_door import GuestDoor
from papertray.daemon.api.doors.listening import comes_from
from papertray.daemon.api.doors.rare_warning import RareWarning
from papertray.daemon.api.guest_app import FROM_GUESTS


def open_entrances(
    port: socket.socket, owner: socket.socket | None, guests: GuestDoor | None, crowded: RareWarning
) -> tuple[AcceptLoop, ...]:
    """`owner` is None where the system has no such sockets, `guests` where no other machine is let in."""
    most = most_connections(raise_descriptor_limit())
    if guests is not None:
        most = max(FEWEST_CONNECTIONS, most // 2)
    entrances = [AcceptLoop(port, most, lambda _connection: True, {}, crowded)]
    if owner is not None:
        users = frozenset({0, os.geteuid()})  # root may read the token as well
        lets_in = partial(comes_from, users=users)
        most = min(most, MOST_OF_THE_OWNER)
        entrances.append(AcceptLoop(owner, most, lets_in, {FROM_OWNER: True}, crowded))
    if guests is not None:
        most = min(most, MOST_OF_GUESTS)
        state = {FROM_GUESTS: True}
        entrances.append(
            AcceptLoop(guests.listening, most, lambda _connection: True, state, crowded, guests.tls)
        )
    return tuple(entrances)
