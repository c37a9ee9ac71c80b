"""A server that answers each page after so many seconds, and takes so many at once: a GPU, seen from here.

    python -m tests.bench.slow_server PORT [SECONDS] [AT_ONCE] [PIECES]

It does next to nothing itself, so that whoever asks it can be measured on the same machine. With PIECES the
answer streams in as many events, spread over the seconds.
"""

import asyncio
import random
import sys

_HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: keep-alive\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)
_PIECE = b'data: {"choices":[{"index":0,"delta":{"content":"%b "}}]}\n\n'
_END = b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
_MANY = 1 << 20
_CHANCE = random.Random(7)
_WORDS = [bytes(_CHANCE.choices(b"abcdefghiklmnoprstuw", k=_CHANCE.randint(2, 9))) for _ in range(5000)]


class SlowServer:
    def __init__(self, seconds: float, at_once: int, pieces: int) -> None:
        self._seconds = seconds
        self._pieces = pieces
        self._places = asyncio.Semaphore(at_once)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await _take_request(reader):
                async with self._places:
                    await self._answer(writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, writer: asyncio.StreamWriter) -> None:
        writer.write(_HEAD)
        for number in range(self._pieces):
            await asyncio.sleep(self._seconds / self._pieces)
            if writer.is_closing():
                return
            writer.write(_chunk(_PIECE % _WORDS[number % len(_WORDS)]))
        writer.write(_chunk(_END) + b"0\r\n\r\n")
        await writer.drain()


async def _take_request(reader: asyncio.StreamReader) -> bool:
    """Its head is looked at for its length alone."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = (line.partition(b":") for line in head.lower().split(b"\r\n"))
    length = next(int(value) for name, _, value in lines if name == b"content-length")
    while length:
        length -= len(await reader.read(min(length, _MANY)))
    return True


def _chunk(content: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(content), content)


async def serve(port: int, seconds: float = 2.0, at_once: int = 64, pieces: int = 1) -> None:
    server = SlowServer(seconds, at_once, pieces)
    async with await asyncio.start_server(
        server.talk, "127.0.0.1", port, limit=_MANY, backlog=1024
    ) as listening:
        await listening.serve_forever()


if __name__ == "__main__":
    port, *more = sys.argv[1:]
    numbers = [float(number) for number in more] + [2.0, 64, 1][len(more) :]
    asyncio.run(serve(int(port), numbers[0], int(numbers[1]), int(numbers[2])))
