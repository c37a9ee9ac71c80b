"""A model hub on this machine, over real HTTP: the part of the public hub's REST layout that a download uses.

Serves folders as model repositories, their files under the paths of two kinds of hub. Can be told to
misbehave the way hubs and networks do.
"""

import hashlib
import json
import re
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

_API = re.compile(r"/api/models/(?P<id>[^/]+/[^/]+)/(?P<what>revision|tree)/(?P<revision>[^/]+)/?")
_FILE = re.compile(r"(?:/models)?/(?P<id>[^/]+/[^/]+)/resolve/(?P<revision>[^/]+)/(?P<path>.+)")
HEAD_COMMIT = "f" * 40


@dataclass
class Misbehaviour:
    """`cuts` of a file's connection after so many bytes; `busy` answers that ask to try again at once."""

    cut_after: int = 0
    cuts: int = 0
    busy: int = 0
    busy_status: int = 503
    status: int = 0  # answer every request so
    flipped: str = ""  # the file whose bytes are wrong
    hang: bool = False  # take requests, answer none until the hub closes
    extra_files: tuple[str, ...] = ()
    pause_after: int = 0  # send so many bytes of a file, then wait for `released`
    released: threading.Event = field(default_factory=threading.Event)
    paused: threading.Event = field(default_factory=threading.Event)


@dataclass
class LocalHub:
    """`sent` counts the bytes of each file that went out; `requests` are the paths that were asked for."""

    folders: dict[str, Path]
    wrong: Misbehaviour = field(default_factory=Misbehaviour)
    address: str = ""
    sent: Counter[str] = field(default_factory=Counter)
    requests: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)


@contextmanager
def local_hub(folders: dict[str, Path], wrong: Misbehaviour | None = None) -> Iterator[LocalHub]:
    hub = LocalHub(folders, wrong or Misbehaviour())
    handler = type("Bound", (_Handler,), {"hub": hub})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        hub.address = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield hub
        finally:
            hub.closing.set()
            hub.wrong.released.set()
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    hub: LocalHub
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: Any) -> None: ...

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def _answer(self, with_body: bool) -> None:
        path, wrong = unquote(urlsplit(self.path).path), self.hub.wrong
        self.hub.requests.append(path)
        self.hub.headers.append(dict(self.headers))
        if wrong.hang:
            self.hub.closing.wait()
        elif wrong.status:
            self._plain(wrong.status, b"{}")
        elif wrong.busy:
            wrong.busy -= 1
            self._plain(wrong.busy_status, b"{}", {"Retry-After": "0"})
        elif (api := _API.fullmatch(path)) and api["id"] in self.hub.folders:
            self._plain(200, json.dumps(self._about(api["id"], api["what"], api["revision"])).encode())
        elif (file := _FILE.fullmatch(path)) and (found := self._file(file["id"], file["path"])):
            self._file_answer(found, file["revision"], with_body)
        else:
            self._plain(404, b"{}", {"X-Error-Code": "RepoNotFound"})

    def _about(self, repository: str, what: str, revision: str) -> Any:
        commit = HEAD_COMMIT if revision == "main" else revision
        if what == "revision":
            return {"id": repository, "sha": commit}
        real = sorted(path for path in self.hub.folders[repository].iterdir() if path.is_file())
        extra = [
            {"type": "file", "path": path, "size": 1, "oid": "0" * 40} for path in self.hub.wrong.extra_files
        ]
        return [_listed(path) for path in real] + extra

    def _file(self, repository: str, name: str) -> Path | None:
        folder = self.hub.folders.get(repository)
        return folder / name if folder and (folder / name).is_file() else None

    def _file_answer(self, path: Path, revision: str, with_body: bool) -> None:
        data = path.read_bytes()
        first, _, last = (self.headers.get("Range") or "bytes=0-")[len("bytes=") :].partition("-")
        start, end = int(first), int(last or len(data) - 1) + 1
        commit = HEAD_COMMIT if revision == "main" else revision
        about = {
            "X-Repo-Commit": commit,
            "ETag": f'"{hashlib.sha256(data).hexdigest()}"',
            "X-Linked-Size": str(len(data)),
            "X-Linked-Etag": f'"{hashlib.sha256(data).hexdigest()}"',
            "Accept-Ranges": "bytes",
        }
        if start or last:
            about["Content-Range"] = f"bytes {start}-{end - 1}/{len(data)}"
        self._start(206 if start or last else 200, end - start, about)
        if with_body:
            if self.hub.wrong.flipped == path.name:
                data = bytes([data[0] ^ 0xFF]) + data[1:]
            self._send(path.name, data[start:end])

    def _send(self, name: str, body: bytes) -> None:
        wrong = self.hub.wrong
        if wrong.cuts and len(body) > wrong.cut_after:
            wrong.cuts -= 1
            self._write(name, body[: wrong.cut_after])
            self.close_connection = True
        elif wrong.pause_after and len(body) > wrong.pause_after:
            self._write(name, body[: wrong.pause_after])
            wrong.paused.set()
            wrong.released.wait()
            self._write(name, body[wrong.pause_after :])
        else:
            self._write(name, body)

    def _write(self, name: str, body: bytes) -> None:
        try:
            self.wfile.write(body)
            self.wfile.flush()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        else:
            self.hub.sent[name] += len(body)

    def _plain(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self._start(status, len(body), {"Content-Type": "application/json"} | (headers or {}))
        if self.command != "HEAD":
            self.wfile.write(body)

    def _start(self, status: int, length: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in (headers | {"Content-Length": str(length)}).items():
            self.send_header(name, value)
        self.end_headers()


def _listed(path: Path) -> dict[str, Any]:
    """A file as the hub lists it: large ones by sha256, small ones by git's own name for their content."""
    data = path.read_bytes()
    git = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
    row: dict[str, Any] = {"type": "file", "path": path.name, "size": len(data), "oid": git}
    if path.suffix == ".safetensors":
        row["lfs"] = {"oid": hashlib.sha256(data).hexdigest(), "size": len(data), "pointerSize": 130}
    return row
