"""Make new PDFs of pages of others. What is drawn on them stays as it is, and nothing else comes along.

Takes the open file, in which several documents may lie one behind the other, and which pages each PDF has.
"""

import io
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import BinaryIO

import pikepdf

from papertray.engine.documents import HEAD, DocumentLimits, kind_of_file
from papertray.engine.errors import NotADocument, PdfLocked, Unreadable
from papertray.engine.pdf_child.document import save
from papertray.engine.pdf_child.wrapped import wrap_images
from papertray.engine.render_child.document import Refusal


def bind_parts(
    file: BinaryIO,
    lengths: Sequence[int],
    counts: Sequence[int],
    parts: Sequence[Sequence[Sequence[int]]],
    limits: DocumentLimits,
) -> list[bytes]:
    """`lengths` are those of the documents in the file; it is one by itself where there are none.

    One that has not as many pages as it was seen to have is damaged: what is made of it would lack some.
    """
    with ExitStack() as stack:
        documents = [stack.enter_context(_open(piece, limits)) for piece in _pieces(file, lengths)]
        if [len(document.pages) for document in documents] != [*counts]:
            raise Refusal(Unreadable)
        return [_bind(documents, pages) for pages in parts]


def _pieces(file: BinaryIO, lengths: Sequence[int]) -> Iterator[BinaryIO]:
    file.seek(0)
    if not lengths:
        yield file
    for length in lengths:
        yield io.BytesIO(file.read(length))


def _open(file: BinaryIO, limits: DocumentLimits) -> pikepdf.Pdf:
    kind = kind_of_file(file.read(HEAD))
    file.seek(0)
    if kind is None:
        raise Refusal(NotADocument)
    if kind != "pdf":
        wrapped = io.BytesIO()
        wrap_images(file, kind, limits, {}, "", wrapped)
        wrapped.seek(0)
        file = wrapped
    try:
        return pikepdf.open(file)
    except pikepdf.PasswordError:
        raise Refusal(PdfLocked) from None


def _bind(documents: Sequence[pikepdf.Pdf], pages: Sequence[Sequence[int]]) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        for document, number in pages:
            made.pages.append(documents[document].pages[number - 1])
        save(made, out)
    return out.getvalue()
