"""What a decoder that a document has taken over would try: `python -m …prisoner PORT FILE`.

Prints as JSON what came of each attempt, in a process that is confined as the renderer's child is.
"""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from papertray.engine.render_child.confine import confine


def attempts(port: int, file: Path) -> dict[str, Callable[[], object]]:
    return {
        "read a file": Path("/etc/passwd").read_bytes,
        "read a document": file.read_bytes,
        "list a folder": lambda: list(file.parent.iterdir()),
        "make a file": lambda: (file.parent / "new").write_text("mine"),
        "write into a file": lambda: file.write_text("mine"),
        "remove a file": file.unlink,
        "rename a file": lambda: file.rename(file.with_name("other")),
        "make a folder": (file.parent / "folder").mkdir,
        "cut a file": lambda: os.truncate(file, 0),
        "start a program": lambda: subprocess.run(["/bin/true"], check=True),
        "connect": lambda: socket.create_connection(("127.0.0.1", port)).close(),
        "listen": lambda: socket.create_server(("127.0.0.1", 0)).close(),
        "signal its parent": lambda: os.kill(os.getppid(), signal.SIGCONT),
    }


def main() -> None:
    port, file = int(sys.argv[1]), Path(sys.argv[2])
    held = os.open(file, os.O_WRONLY | os.O_APPEND)
    confine(2048)
    outcome = {}
    for name, attempt in attempts(port, file).items():
        try:
            attempt()
            outcome[name] = "done"
        except OSError as problem:
            outcome[name] = type(problem).__name__
    try:
        os.write(held, b"more")
        outcome["write into an open file"] = "done"
    except OSError as problem:
        outcome["write into an open file"] = str(problem.errno)
    print(json.dumps(outcome))


if __name__ == "__main__":
    main()
