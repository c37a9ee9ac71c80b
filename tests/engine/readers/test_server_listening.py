"""A loop is heard as surely as by who looks at the page at once, though looking takes its time elsewhere."""

import asyncio
import threading
from contextlib import closing

import pytest

from papertray.engine.inference.loops import LoopGuard
from papertray.engine.layout.recurrence import PageLooks
from papertray.engine.pages import Watch
from papertray.engine.readers.server.listening import Listener, PieceCounter
from papertray.engine.readers.server.own_loop import OwnLoop

WORDS = [f"word{number} " for number in range(40)]
TURN = ["The ", "same ", "line ", "again.\n"]
PLAIN = PageLooks(words=60, numbers=0, alike=(), ruled=0, repeated=(), lines=10)


def kept_at_once(pieces: list[str], looks: PageLooks) -> int | None:
    sorts = list(dict.fromkeys(pieces))
    guard = LoopGuard(sorts.__getitem__, lambda: looks)
    kept = (guard.add(sorts.index(piece)) for piece in pieces)
    return next((one for one in kept if one is not None), None)


@pytest.mark.parametrize("pause", [0.0, 0.001], ids=["all at once", "bit by bit"])
def test_the_page_is_looked_at_beside_the_loop_that_hears_and_the_cut_is_the_same(pause: float) -> None:
    pieces, lookers = WORDS + TURN * 300, []

    def look() -> PageLooks:
        lookers.append(threading.get_ident())
        return PLAIN

    async def hear() -> tuple[int | None, int, int]:
        ear = Listener(PieceCounter(Watch()), look)
        for piece in pieces:
            if ear.hear(piece):
                break
            if pause:
                await asyncio.sleep(0)
        await ear.finish()
        return ear.kept, len(ear.pieces), threading.get_ident()

    with closing(OwnLoop()) as loop:
        kept, heard, thread = loop.run(hear())
    assert kept == kept_at_once(pieces, PLAIN) is not None
    assert lookers
    assert thread not in lookers
    assert heard == len(pieces) or pause


def test_who_is_suspected_wrongly_is_heard_to_the_end() -> None:
    pieces = WORDS + TURN * 9 + WORDS
    assert kept_at_once(pieces, PLAIN) is None

    async def hear() -> int | None:
        ear = Listener(PieceCounter(Watch()), lambda: PLAIN)
        for piece in pieces:
            ear.hear(piece)
        await ear.finish()
        return ear.kept

    with closing(OwnLoop()) as loop:
        assert loop.run(hear()) is None
