"""A webhook's server on this machine, and programs for rules to run: real ones, which keep what they get."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass
class Hook:
    """It answers with `statuses`, one after the other, then with 200."""

    statuses: list[int] = field(default_factory=list)
    calls: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    address: str = ""


@contextmanager
def running_hook(*statuses: int) -> Iterator[Hook]:
    hook = Hook(list(statuses))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            hook.calls.append((dict(self.headers), body))
            hook.paths.append(self.path)
            self.send_response(status := hook.statuses.pop(0) if hook.statuses else 200)
            if status in (302, 307):
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hook.address = f"http://127.0.0.1:{server.server_port}/hook?token=secret"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield hook
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def program(tmp_path: Path, script: str, *arguments: str) -> list[str]:
    """The command of a rule that runs this Python script."""
    path = tmp_path / f"program {len(list(tmp_path.glob('program *.py')))}.py"
    path.write_text(script)
    return [sys.executable, "-I", str(path), *arguments]
