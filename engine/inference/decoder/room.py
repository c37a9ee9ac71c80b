"""How many pages can be read together: as many as the free memory holds what is kept of them."""

import psutil
import torch

from papertray.engine.inference.decode import Decoder
from papertray.engine.inference.decoder.attention import ROOM
from papertray.engine.inference.decoder.graphs import SlotDecoder
from papertray.engine.inference.decoder.layers import LayerDecoder
from papertray.engine.inference.decoder.running.decoder import RunningDecoder

MOST_PAGES = 8
"""Twice as many pages take half as long again for a step; more are hardly faster where experts are chosen."""
MOST_ON_CARD = 16
"""A card takes hardly longer for so many than for four."""
PROMPT = 2048
"""Tokens that a large page takes before anything is said."""


def pages_together(decoder: Decoder, max_tokens: int) -> int:
    """Half of what is free is left to others. The library's way reads pages one by one."""
    if isinstance(decoder, SlotDecoder) and decoder.on_card:
        free, _ = torch.cuda.mem_get_info()
        return _pages_in(free // 4, MOST_ON_CARD, decoder.bytes_a_token, max_tokens)  # it moves when it grows
    if isinstance(decoder, RunningDecoder):
        return _running_pages(decoder, max_tokens)
    if isinstance(decoder, LayerDecoder | SlotDecoder):
        return _pages_in(
            psutil.virtual_memory().available // 2, MOST_PAGES, decoder.bytes_a_token, max_tokens
        )
    return 1


def _running_pages(decoder: RunningDecoder, max_tokens: int) -> int:
    """On other devices than these two nobody has tried it."""
    kept = decoder.bytes_a_token, max_tokens, decoder.bytes_a_page
    if decoder.device.type == "cuda":
        free, _ = torch.cuda.mem_get_info()
        return _pages_in(free // 4, MOST_ON_CARD, *kept)
    if decoder.device.type == "cpu":
        return _pages_in(psutil.virtual_memory().available // 2, MOST_PAGES, *kept)
    return 1


def _pages_in(memory: int, most: int, bytes_a_token: int, max_tokens: int, bytes_a_page: int = 0) -> int:
    page = bytes_a_token * (PROMPT + max_tokens + ROOM) + bytes_a_page
    return max(1, min(most, memory // page))
