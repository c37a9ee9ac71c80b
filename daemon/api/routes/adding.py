"""A file that comes through the API to stay: put into a watched folder, and read as any other there."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, File, Form, UploadFile

from papertray.daemon.api.answers import ApiError
from papertray.daemon.api.state import ApiState
from papertray.daemon.errors import FolderMissing
from papertray.daemon.files.adding import add_file, file_name
from papertray.daemon.folders.rules import FolderRules
from papertray.daemon.records import FoundFile
from papertray.daemon.settings import FolderSettings
from papertray.daemon.wire import AddedDocument
from papertray.engine.documents import Fingerprint

PATH = "/v1/documents"


def routes(state: ApiState) -> APIRouter:
    api = APIRouter(tags=["documents"])

    @api.post(PATH, status_code=201)
    def add(
        file: Annotated[UploadFile, File(description="An image or a PDF.")],
        folder: Annotated[
            str, Form(max_length=4096, description="One of the watched folders; else the first.")
        ] = "",
    ) -> AddedDocument:
        """Put it into a watched folder, over nothing that is there; it is read like any file that arrives."""
        watched = _choose_folder(state.settings().folders, folder)
        name = file_name(file.filename or "")
        if not _rules(watched).accepts_file(watched.path / name):
            raise ApiError(422, f"{watched.path} takes no files like {name}.", "Choose another folder.")
        if not watched.path.is_dir():
            raise FolderMissing(watched.path)
        path = add_file(file.file, watched.path, name)
        found = FoundFile(watched.path, path, Fingerprint.of(path.stat()))
        state.journal.arrivals.add([found])
        return AddedDocument(id=state.journal.listing.number_of(path), path=path, folder=watched.path)

    return api


def _choose_folder(watched: tuple[FolderSettings, ...], named: str) -> FolderSettings:
    if not watched:
        raise ApiError(409, "No folder is watched.", "Add one: `papertray folders add FOLDER`.")
    if not named:
        return watched[0]
    for folder in watched:
        if folder.path == Path(named):
            return folder
    raise ApiError(404, f"{named} is not watched.", "Choose one of the watched folders.")


def _rules(folder: FolderSettings) -> FolderRules:
    return FolderRules.of(folder.path, folder.recursive, folder.include, folder.ignore, ())
