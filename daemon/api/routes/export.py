"""Documents in another form: one as a file, or as a ZIP where it is several; several always as a ZIP."""

import io
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query
from fastapi.responses import Response, StreamingResponse

from papertray.daemon.api.answers import ApiError
from papertray.daemon.api.state import ApiState
from papertray.daemon.api.values import ExportSeveral, Name, Number
from papertray.daemon.outputs.exporting import output_names
from papertray.daemon.outputs.gathering import gather_reading
from papertray.daemon.wire import FormatAnswer, FormatList
from papertray.engine.documents import DocumentLimits
from papertray.engine.errors import PapertrayError
from papertray.engine.outputs.formats import FORMATS, OutputFormat, parse_formats, write_output
from papertray.engine.outputs.reading import OutputFile

_ZIP = "application/zip"
_IN_MEMORY = 32_000_000
"""Bytes of a ZIP; one that is larger goes through a file that nobody else sees."""
_KINDS: dict[str, object] = {
    kind.partition(";")[0]: {} for kind in (*(row.media_type for row in FORMATS), _ZIP)
}


def routes(state: ApiState) -> APIRouter:
    api = APIRouter(prefix="/v1", tags=["documents"])
    journal = state.journal

    @api.get("/formats")
    def formats() -> FormatList:
        """The forms in which a document can be had."""
        return FormatList(tuple(FormatAnswer(row.name, row.title) for row in FORMATS))

    @api.get("/documents/{number}/export", responses={200: {"content": _KINDS}})
    def export(
        number: Number,
        forms: Annotated[
            Name, Query(alias="as", description="One of `/v1/formats`, or several between commas.")
        ],
    ) -> Response:
        """What was read of it in another form; several files come as a ZIP. Nothing is read again."""
        stem, files = written(number, parse_formats([forms]))
        if not files:
            raise ApiError(404, f"{journal.listing.document(number).path.name} has no tables.")
        return _answer(stem, files)

    @api.post("/documents/export", responses={200: {"content": {_ZIP: {}}}})
    def export_several(which: ExportSeveral) -> StreamingResponse:
        """Several in another form, as one ZIP. What cannot be written of them is told in a header."""
        wanted = parse_formats([which.forms])
        with ExitStack() as unsent:
            file = unsent.enter_context(tempfile.SpooledTemporaryFile(_IN_MEMORY))
            left_out = zip_documents(file, which.documents, wanted)
            unsent.pop_all()
        headers = {"Content-Disposition": "attachment; filename*=UTF-8''papertray.zip"}
        headers |= {"Papertray-Left-Out": str(left_out)} if left_out else {}
        return StreamingResponse(_sent(file), media_type=_ZIP, headers=headers)

    def zip_documents(file: IO[bytes], numbers: Sequence[int], wanted: Sequence[OutputFormat]) -> int:
        """How many of them have nothing in these forms."""
        left_out = 0
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in dict.fromkeys(numbers):
                try:
                    stem, files = written(number, wanted)
                except PapertrayError:
                    files = []
                for _, one in files:
                    _put_new(archive, stem, one)
                left_out += not files
            if not archive.NameToInfo:
                raise ApiError(404, "Of these documents there is nothing to save in this form.")
        return left_out

    def written(
        number: int, wanted: Sequence[OutputFormat]
    ) -> tuple[str, list[tuple[OutputFormat, OutputFile]]]:
        document = journal.listing.document(number)
        limits = DocumentLimits(**state.settings().documents.model_dump())
        reading = gather_reading(journal, document, state.roots(), limits, state.pictures.inspect)
        return document.path.stem, [(form, file) for form in wanted for file in write_output(reading, form)]

    return api


def _put_new(archive: zipfile.ZipFile, stem: str, file: OutputFile) -> None:
    """Under its name, or one with a number behind it where another document has that already."""
    taken = archive.NameToInfo
    names = (_plain(place.name) for place in output_names(stem, file.ending, Path()))
    archive.writestr(next(name for name in names if name not in taken), file.content)


def _plain(name: str) -> str:
    return name.encode("utf-8", "replace").decode()


def _sent(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while part := file.read(1 << 16):
            yield part


def _answer(stem: str, files: Sequence[tuple[OutputFormat, OutputFile]]) -> Response:
    remarks = " ".join(file.remark for _, file in files if file.remark)
    if len(files) == 1:
        ((form, file),) = files
        content, kind, name = file.content, form.media_type, f"{stem}{file.ending}"
    else:
        content, kind, name = _zip(stem, [file for _, file in files]), _ZIP, f"{stem}.zip"
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, errors='replace')}"}
    if remarks:
        headers["Papertray-Remark"] = quote(remarks, safe=" ;:,.'()/")
    return Response(content, media_type=kind, headers=headers)


def _zip(stem: str, files: Sequence[OutputFile]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(_plain(f"{stem}{file.ending}"), file.content)
    return out.getvalue()
