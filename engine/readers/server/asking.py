"""Ask each server in the fullest way that it takes: what it refuses, and can be done without, is left out.

Takes a packed page and an address; gives what was answered. What a server refused once it is not asked again.
"""

import re
from collections.abc import Collection
from functools import partial

from papertray.engine.pages import ReadOptions
from papertray.engine.readers.server.clients import ServerClients
from papertray.engine.readers.server.exchange import OnPiece, ServerAnswer, ask_server
from papertray.engine.readers.server.families import PAPERTRAY, ServerFamily
from papertray.engine.readers.server.problems import ServerRefused
from papertray.engine.readers.server.requests import Extra, PackedPage, make_body
from papertray.engine.server_address import ServerAddress

_STRICT = frozenset({400, 422})  # of servers that take no field they do not know
_ABOUT_LENGTH = re.compile(r"max_\w*tokens|max_model_len|context.{0,12}(?:length|size|window)", re.IGNORECASE)


class ServerAsker:
    """Used on one event loop."""

    def __init__(self, clients: ServerClients, options: ReadOptions) -> None:
        self._clients = clients
        self._options = options
        self._left_out: dict[str, frozenset[Extra]] = {}

    async def ask(self, server: ServerAddress, page: PackedPage, on_piece: OnPiece) -> ServerAnswer:
        """Raises what `ask_server` raises, and what is wrong with the server's certificate."""
        left_out = set(self._left_out.get(server.url, ()))
        client = await self._clients.client_for(server)
        ask = partial(ask_server, client, server.url, server.key, silence=page.family.silence)
        while True:
            body = make_body(page, server, self._options, left_out)
            try:
                answer = await ask(body, on_piece=on_piece)
            except ServerRefused as refusal:
                if (extra := _refused_extra(refusal, page.family, left_out)) is None:
                    raise
                left_out.add(extra)
                continue
            self._left_out[server.url] = self._left_out.get(server.url, frozenset()) | left_out
            return answer


def _refused_extra(refusal: ServerRefused, family: ServerFamily, left_out: Collection[Extra]) -> Extra | None:
    """A limit may be more than all the room that the server has; it knows its room itself."""
    if refusal.status not in _STRICT or family is PAPERTRAY:
        return None
    if Extra.LIMIT not in left_out and _ABOUT_LENGTH.search(refusal.words):
        return Extra.LIMIT
    return Extra.FIELDS if family.fields and Extra.FIELDS not in left_out else None
