"""The child's life: one request, one answer.

A request comes with the open source and has its words: for each page, lines as `place` and words; and
the pages that were read anew although they may have words of their own. The answer is the PDF and what keeps
it from being PDF/A, or a problem's name. A request that names parts is answered with a PDF for each.
"""

import faulthandler
import io
import json
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from papertray.engine.documents import HEAD, DocumentLimits, kind_of_file
from papertray.engine.errors import NotADocument
from papertray.engine.pdf_child.content import InvisibleLine
from papertray.engine.render_child import frames
from papertray.engine.render_child.confine import confine
from papertray.engine.render_child.decoders import load_decoders
from papertray.engine.render_child.document import Refusal
from papertray.engine.render_child.passing import Receiver
from papertray.engine.render_child.problems import raising_place, refusal_for


def serve_once(arguments: Sequence[str]) -> None:
    """`arguments` are the limits, as JSON, and where the open file comes in."""
    limits, receiver = DocumentLimits(**json.loads(arguments[0])), Receiver(arguments[1])
    pipe = os.fdopen(os.dup(1), "wb")
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        _load_all()
        confine(limits.memory_megabytes)
        frames.write_frame(pipe, {"ready": True, "process": os.getpid()})
        request = frames.read_frame(sys.stdin.buffer, longest_body=0)
        if request is None:
            return
        header = request[0]
        faulthandler.dump_traceback_later(float(header["seconds"]), exit=True, file=nowhere)
        with os.fdopen(receiver.receive(header), "rb") as file:
            _answer(header, file, limits, pipe)


def _load_all() -> None:
    """What opens, packs and writes, before nothing may be opened any more."""
    import pikepdf

    load_decoders()
    for module in ("document", "wrapped", "binding"):
        import_module(f"papertray.engine.pdf_child.{module}")
    Image.preinit()
    with pikepdf.new() as pdf:  # has qpdf open the system's random numbers, for files that are encrypted
        pdf.save(io.BytesIO(), encryption=pikepdf.Encryption(owner="", user=""))


def _answer(header: frames.Header, file: BinaryIO, limits: DocumentLimits, pipe: BinaryIO) -> None:
    try:
        answer, made = _bind(header, file, limits) if "parts" in header else _make(header, file, limits)
    except Exception as problem:
        refusal = refusal_for(problem, limits.memory_megabytes)
        told = {"problem": refusal.error.__name__, "values": refusal.values, "place": raising_place(problem)}
        frames.write_frame(pipe, told)
        return
    frames.write_frame(pipe, answer, made, sum(map(len, made)))


def _bind(header: frames.Header, file: BinaryIO, limits: DocumentLimits) -> tuple[frames.Header, list[bytes]]:
    from papertray.engine.pdf_child.binding import bind_parts

    parts = bind_parts(file, header["lengths"], header["counts"], header["parts"], limits)
    return {"lengths": [*map(len, parts)]}, parts


def _make(header: frames.Header, file: BinaryIO, limits: DocumentLimits) -> tuple[frames.Header, list[bytes]]:
    from papertray.engine.pdf_child.document import add_words
    from papertray.engine.pdf_child.wrapped import wrap_images

    file.seek(0)
    kind = kind_of_file(file.read(HEAD))
    file.seek(0)
    if kind is None:
        raise Refusal(NotADocument)
    pages = {
        int(number): [InvisibleLine.parse(line) for line in lines]
        for number, lines in header["pages"].items()
    }
    out = io.BytesIO()
    if kind == "pdf":
        obstacles = add_words(file, pages, list(map(int, header["anew"])), out)
    else:
        obstacles = wrap_images(file, kind, limits, pages, str(header["title"]), out)
    return {"obstacles": obstacles}, [out.getvalue()]
