"""How many pages can be read together: as many as the free memory holds what is kept of them."""

import psutil

from papertray.engine.inference.decode import Decoder
from papertray.engine.inference.decoder.attention import ROOM
from papertray.engine.inference.decoder.layers import LayerDecoder

MOST_PAGES = 8
"""Twice as many pages take half as long again for a step; more are hardly faster where experts are chosen."""
PROMPT = 2048
"""Tokens that a large page takes before anything is said."""


def pages_together(decoder: Decoder, max_tokens: int) -> int:
    """Half of what is free is left to others. The library's way reads pages one by one."""
    if not isinstance(decoder, LayerDecoder):
        return 1
    page = decoder.bytes_a_token * (PROMPT + max_tokens + ROOM)
    return max(1, min(MOST_PAGES, psutil.virtual_memory().available // 2 // page))
