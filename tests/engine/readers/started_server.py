"""A server as papertray starts one, for tests: run as a program, it answers any page with one heading.

Its folder of notes (`--diary`) has a file for each time it was started, named after its process. It says that
it loads its model as long as there is a file `loading`, and ends badly at once while there is one `broken`.
A page that comes while there is a file `slow` is begun and never finished; one that comes while there is a
file `deadly` ends it.
"""

import argparse
import json
import os
import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


class Handler(BaseHTTPRequestHandler):
    diary: Path

    def log_message(self, *_: object) -> None: ...

    def do_GET(self) -> None:
        if self.path == "/health" and (self.diary / "without health").exists():
            self._say(404, {})
        else:
            self._say(503 if (self.diary / "loading").exists() else 200, {"status": "ok"})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        print("the words of a document", flush=True)
        (self.diary / "asked").touch()
        if (self.diary / "deadly").exists():
            os._exit(1)
        while (self.diary / "slow").exists():
            time.sleep(0.02)
        message = {"content": "# A letter"}
        self._say(200, {"choices": [{"message": message, "finish_reason": "stop"}]})

    def _say(self, status: int, value: Any) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(value).encode())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--diary", type=Path, required=True)
    given = parser.parse_args()
    Handler.diary = given.diary
    (given.diary / f"{os.getpid()}.started").touch()
    print("loading the model", flush=True)
    if (given.diary / "broken").exists():
        print("no such file: model.gguf", file=sys.stderr)
        sys.exit(3)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    ThreadingHTTPServer(("127.0.0.1", given.port), Handler).serve_forever(0.05)


if __name__ == "__main__":
    main()
