"""An inference engine on loopback that speaks OpenAI's protocol and does what a test tells it."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Body = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """`pieces` are streamed as OpenAI does; `raw` is sent instead of them, as it is."""

    pieces: tuple[str, ...] = ()
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    finish: str | None = "stop"
    done: bool = True
    endless: bool = False
    hang: threading.Event | None = None


Answer = Callable[[Body], Reply]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    answer: Answer
    bodies: list[Body]
    keys: list[str]
    dropped: threading.Event


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def log_message(self, *_: object) -> None: ...

    def do_GET(self) -> None:
        self._send(Reply(raw=b'{"data": []}'))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.bodies.append(body)
        self.server.keys.append(self.headers.get("Authorization", ""))
        try:
            self._send(self.server.answer(body))
        except OSError:
            self.server.dropped.set()

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        kind = "application/json" if reply.raw is not None else "text/event-stream"
        for name, value in {"Content-Type": kind, "Connection": "close", **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if reply.raw is not None:
            self.wfile.write(reply.raw)
            return
        self._event({"choices": [{"delta": {"role": "assistant"}, "unheard_of": 1}]})
        for piece in reply.pieces:
            self._event({"choices": [{"delta": {"content": piece}}]})
        while reply.hang and not reply.hang.wait(0.05):
            self._event({"choices": [{"delta": {}}]})
        while reply.endless:
            self._event({"choices": [{"delta": {"content": reply.pieces[-1]}}]})
        if reply.finish:
            self._event({"choices": [{"delta": {}, "finish_reason": reply.finish}]})
        if reply.done:
            self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, value: object) -> None:
        self.wfile.write(b"data: " + json.dumps(value).encode() + b"\n\n")
        self.wfile.flush()


@dataclass(frozen=True)
class InferenceServer:
    url: str
    bodies: list[Body]
    keys: list[str]
    dropped: threading.Event


@contextmanager
def inference_server(
    answer: Answer, port: int = 0, tls: ssl.SSLContext | None = None
) -> Iterator[InferenceServer]:
    server = _Server(("127.0.0.1", port), _Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    server.answer, server.bodies, server.keys = answer, [], []
    server.dropped = threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        url = f"http{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}/v1"
        yield InferenceServer(url, server.bodies, server.keys, server.dropped)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
