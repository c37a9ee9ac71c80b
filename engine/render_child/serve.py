"""The child's life: answer one request after the other until the other side has gone.

A request comes with an open file and names, for pixels, a page; "look" asks for what is written on it first,
"dots_per_inch" for other ones than the limits say. An answer is an outline, a page, or a problem's name.
"""

import faulthandler
import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import BinaryIO

from papertray.engine.documents import DocumentLimits, PageSize
from papertray.engine.render_child import frames
from papertray.engine.render_child.confine import OUT_OF_MEMORY, confine
from papertray.engine.render_child.decoders import load_decoders
from papertray.engine.render_child.document import OpenDocument, PageDrawing, refuse_too_many_pixels
from papertray.engine.render_child.document_cache import DocumentCache, Opener, OpenFile
from papertray.engine.render_child.passing import FileReceiver, Receiver
from papertray.engine.render_child.problems import raising_place, refusal_for

KEPT_OPEN = 1.0  # seconds without a request before the last document is closed
PATIENCE = (
    5.0  # seconds beyond the limit before a hung decoder ends the child, should nobody be left to do it
)


@dataclass(frozen=True, slots=True)
class Request:
    """`descriptor` is the file that it is about."""

    header: frames.Header
    descriptor: int


def open_document(_name: str, file: BinaryIO, kind: str, limits: DocumentLimits) -> OpenDocument:
    if kind == "pdf":
        from papertray.engine.render_child.pdf import PdfDocument

        return PdfDocument(file, limits)
    from papertray.engine.render_child.images import ImageDocument

    return ImageDocument(file, kind, limits)


def serve(arguments: Sequence[str], opener: Opener = open_document) -> None:
    """Take over standard input and output, and answer until the input ends.

    `arguments` are the limits, as JSON, and where open files come in.
    """
    limits, receiver = DocumentLimits(**json.loads(arguments[0])), Receiver(arguments[1])
    pipe = _own_output()
    _ignore_what_the_parent_handles()
    load_decoders()
    shelf = DocumentCache(limits, opener)
    with Path(os.devnull).open("wb") as nowhere:
        confine(limits.memory_megabytes)
        frames.write_frame(pipe, {"ready": True, "process": os.getpid()})
        for request in _requests(shelf, receiver):
            faulthandler.dump_traceback_later(limits.seconds_a_page + PATIENCE, exit=True, file=nowhere)
            _answer(request, shelf, limits, pipe)
            faulthandler.cancel_dump_traceback_later()


def _own_output() -> BinaryIO:
    """Keep the answers' pipe for ourselves: what a decoder prints must not end up between them."""
    pipe = os.fdopen(os.dup(1), "wb")
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    return pipe


def _ignore_what_the_parent_handles() -> None:
    """Ctrl-C and a service's stop reach every process; the parent decides, and closes our input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def _requests(shelf: DocumentCache, receiver: FileReceiver) -> Iterator[Request]:
    """Read in a thread of its own, which notices the end of the input while a decoder is at work."""
    waiting: SimpleQueue[Request] = SimpleQueue()
    Thread(target=_listen, args=(waiting, receiver), name="requests", daemon=True).start()
    while True:
        try:
            yield waiting.get(timeout=KEPT_OPEN)
        except Empty:
            shelf.clear()


def _listen(waiting: SimpleQueue[Request], receiver: FileReceiver) -> None:
    try:
        while frame := frames.read_frame(sys.stdin.buffer, longest_body=0):
            waiting.put(Request(frame[0], receiver.receive(frame[0])))
    finally:
        os._exit(0)  # nobody is left to draw for


def _answer(request: Request, shelf: DocumentCache, limits: DocumentLimits, pipe: BinaryIO) -> None:
    number = request.header["page"]
    try:
        asked = request.header
        opened = shelf.take(request.descriptor, asked["name"], asked.get("dots_per_inch"))
        drawing = None if number is None else _drawn(opened.document, number, request.header)
        header = _outline(opened, limits) if drawing is None else _page(opened, drawing)
    except Exception as problem:
        shelf.clear()
        refusal = refusal_for(problem, limits.memory_megabytes)
        values = {
            "problem": refusal.error.__name__,
            "values": refusal.values,
            "place": raising_place(problem),
        }
        frames.write_frame(pipe, values)
        return
    if drawing is None:
        frames.write_frame(pipe, header)
        return
    is_last = number == len(opened.document.pages)
    if is_last:
        opened.file.close()  # before its reader may want to move it
    _send(header, drawing, pipe)
    if is_last:
        shelf.clear()


def _drawn(document: OpenDocument, number: int, request: frames.Header) -> PageDrawing:
    return document.look(number) if request.get("look") else document.draw(number)


def _send(header: frames.Header, drawing: PageDrawing, pipe: BinaryIO) -> None:
    try:
        written = drawing.written
        parts = chain(drawing.parts, written.parts if written else ())
        length = drawing.stride * drawing.size.height + (written.length if written else 0)
        frames.write_frame(pipe, header, parts, length)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # half a page has been sent already


def _outline(opened: OpenFile, limits: DocumentLimits) -> frames.Header:
    pages = opened.document.pages
    if len(pages) == 1 and opened.kind != "pdf":
        refuse_too_many_pixels(pages[0], limits)
    return {"kind": opened.kind, "pages": [_size(page) for page in pages], "file": _file(opened)}


def _page(opened: OpenFile, drawing: PageDrawing) -> frames.Header:
    header = {"size": _size(drawing.size), "stride": drawing.stride, "file": _file(opened)}
    return {**header, "written": drawing.written.told} if drawing.written else header


def _size(page: PageSize) -> list[float | None]:
    return [page.width, page.height, page.dots_per_inch]


def _file(opened: OpenFile) -> list[int | None]:
    seen = opened.fingerprint
    return [seen.size, seen.mtime_ns, seen.inode]
