"""A request on its way out: the picture in it becomes letters while it is sent, a piece at a time.

A body with all of it in base64, beside the picture itself, would be held for as long as a server reads.
"""

import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass

_PIECE = 3 << 16  # bytes of a picture, in threes: so each piece is base64 without an end of its own


@dataclass(frozen=True, slots=True)
class RequestBody:
    """JSON: what stands `before` the picture and `after` it. It may be sent more than once."""

    before: bytes
    picture: bytes
    after: bytes

    @property
    def size(self) -> int:
        return len(self.before) + 4 * -(-len(self.picture) // 3) + len(self.after)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self.before
        content = memoryview(self.picture)
        for start in range(0, len(content), _PIECE):
            yield base64.b64encode(content[start : start + _PIECE])
        yield self.after
