"""How many pages a second a server reads with so many of them there at once.

Takes pages that are packed already, so that the server is measured, the way to it and what an answer costs
here; not what drawing and packing cost.
"""

import asyncio
import time
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass

from papertray.engine.errors import PapertrayError
from papertray.engine.pages import PageImage, ReadOptions, Watch
from papertray.engine.readers.server.fleet import Fleet
from papertray.engine.readers.server.listening import PieceCounter
from papertray.engine.readers.server.own_loop import OwnLoop
from papertray.engine.readers.server.requests import PackedPage
from papertray.engine.readers.server.sending import PageSender
from papertray.engine.server_address import ServerAddress


@dataclass(frozen=True, slots=True)
class Throughput:
    """`core` is the share of one processor core that papertray itself took; `problem` the first there was."""

    in_flight: int
    pages: int
    seconds: float
    core: float
    problem: str = ""

    @property
    def pages_a_second(self) -> float:
        return self.pages / self.seconds if self.seconds else 0.0


def measure_throughput(server: ServerAddress, options: ReadOptions, pages: Iterable[PageImage]) -> Throughput:
    """All of the pages, with `server.in_flight` of them on their way."""
    assert server.in_flight is not None
    sender = PageSender(options, Fleet((server,), time.monotonic))
    packed = [page for page in map(sender.pack, pages) if page is not None]
    with closing(OwnLoop()) as loop:
        began, worked = time.monotonic(), time.process_time()
        try:
            problems = loop.run(_send_all(sender, packed))
        finally:
            seconds, work = time.monotonic() - began, time.process_time() - worked
            loop.run(sender.close())
    first = problems[0] if problems else None
    said = first.sentence if isinstance(first, PapertrayError) else repr(first) if first else ""
    return Throughput(server.in_flight, len(packed) - len(problems), seconds, work / seconds, said)


async def _send_all(sender: PageSender, pages: Sequence[PackedPage]) -> list[BaseException]:
    counter = PieceCounter(Watch())
    work = (sender.send_packed(page, number, counter) for number, page in enumerate(pages, start=1))
    ended = await asyncio.gather(*work, return_exceptions=True)
    return [outcome for outcome in ended if isinstance(outcome, BaseException)]
