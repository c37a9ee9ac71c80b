"""A renderer's child that does what a broken decoder does, for files that are named after it.

`crash.png`, `hang.png`, `hold.png` (hangs and lets no other thread run), `bloat.png`, `nonsense.png`,
`quit.png`, `once.png` (crashes if another document was opened before it); all others are drawn as they are.
"""

import ctypes
import itertools
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from papertray.engine.documents import DocumentLimits
from papertray.engine.render_child import serve
from papertray.engine.render_child.document import OpenDocument

opened_before = itertools.count()


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def hang() -> None:
    threading.Event().wait()


def hold() -> None:
    ctypes.PyDLL(None).sleep(3600)


def bloat() -> None:
    kept = []
    while True:
        kept.append(bytearray(16 << 20))


def nonsense() -> None:
    os.write(ANSWERS, b"this is no frame at all")
    hang()


def leave() -> None:
    os._exit(0)


def once() -> None:
    if next(opened_before) > 1:
        crash()


FAULTS: dict[str, Callable[[], None]] = {
    "crash": crash,
    "hang": hang,
    "hold": hold,
    "bloat": bloat,
    "nonsense": nonsense,
    "quit": leave,
    "once": once,
}


def open_document(name: str, file: BinaryIO, kind: str, limits: DocumentLimits) -> OpenDocument:
    next(opened_before)
    if fault := FAULTS.get(Path(name).stem):
        fault()
    return serve.open_document(name, file, kind, limits)


if __name__ == "__main__":
    ANSWERS = os.dup(1)
    serve.PATIENCE = 1.0
    serve.serve(sys.argv[1:], open_document)
