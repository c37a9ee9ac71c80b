"""Whether the servers of the settings are there, each asked once and all at the same time.

Takes settings; gives a word for each. Nothing but its key is sent to a server, and to the right one alone.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from papertray.daemon.reading.readers import server_address_of
from papertray.daemon.settings.sections import ServerSettings
from papertray.engine.errors import ReaderAway
from papertray.engine.language import translatable
from papertray.engine.readers.server.presence import Presence, look_at_server

NO_KEY = translatable("has no key")

STATE_COLOURS = {
    translatable("started when needed"): "green",
    translatable("answers"): "green",
    translatable("refuses the key"): "red",
    translatable("busy"): "yellow",
    translatable("another certificate"): "red",
    translatable("does not answer"): "red",
    NO_KEY: "red",
}
MOST_AT_ONCE = 16


def look_at_servers(servers: Sequence[ServerSettings]) -> list[str]:
    """In the words of `STATE_COLOURS`, not translated."""
    with ThreadPoolExecutor(MOST_AT_ONCE) as threads:
        return list(threads.map(_look, servers))


def _look(server: ServerSettings) -> str:
    try:
        presence: Presence = look_at_server(server_address_of(server))
    except ReaderAway:  # its key is not where the settings say
        return NO_KEY
    return presence.value
