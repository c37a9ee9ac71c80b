"""A document in another form: as one file, or as a ZIP where it is several."""

import io
import zipfile
from collections.abc import Sequence
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query
from fastapi.responses import Response

from papertray.daemon.api.answers import ApiError
from papertray.daemon.api.state import ApiState
from papertray.daemon.api.values import Name, Number
from papertray.daemon.outputs.gathering import gather_reading
from papertray.daemon.wire import FormatAnswer, FormatList
from papertray.engine.documents import DocumentLimits
from papertray.engine.outputs.formats import FORMATS, OutputFormat, parse_formats, write_output
from papertray.engine.outputs.reading import OutputFile

_ZIP = "application/zip"
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
        wanted = parse_formats([forms])
        document = journal.listing.document(number)
        limits = DocumentLimits(**state.settings().documents.model_dump())
        inspect = state.pictures.inspect
        reading = gather_reading(journal, document, state.roots(), limits, inspect)
        files = [(form, file) for form in wanted for file in write_output(reading, form)]
        if not files:
            raise ApiError(404, f"{document.path.name} has no tables.")
        return _answer(document.path.stem, files)

    return api


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
            archive.writestr(f"{stem}{file.ending}".encode("utf-8", "replace").decode(), file.content)
    return out.getvalue()
