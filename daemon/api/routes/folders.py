"""The watched folders. Adding and removing one changes the settings file, never a file in it."""

from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter

from papertray.daemon.api.state import ApiState
from papertray.daemon.api.values import FolderValues, NewFolder, OldFolder
from papertray.daemon.settings import FolderSettings
from papertray.daemon.settings.folder_fields import FolderField, read_folder_fields
from papertray.daemon.settings.steering import (
    add_folder,
    create_folder,
    create_watched_folder,
    remove_folder,
    require_folder,
    save_folder_values,
)
from papertray.daemon.status import FolderStatus
from papertray.daemon.wire import Answer, Done


@dataclass(frozen=True, slots=True)
class FolderAnswer(Answer):
    path: str
    watch: str
    recursive: bool
    notes: str
    archive: str | None
    problem: str


@dataclass(frozen=True, slots=True)
class FolderList(Answer):
    folders: tuple[FolderAnswer, ...]


@dataclass(frozen=True, slots=True)
class FieldsOfFolder(Answer):
    path: str
    fields: tuple[FolderField, ...]


@dataclass(frozen=True, slots=True)
class FolderFieldList(Answer):
    folders: tuple[FieldsOfFolder, ...]


def routes(state: ApiState) -> APIRouter:
    api = APIRouter(prefix="/v1/folders", tags=["folders"])

    @api.get("")
    def folders() -> FolderList:
        """The watched folders, and how each is watched now."""
        now = {folder.path: folder for folder in state.board.now[1].folders}
        return FolderList(
            tuple(_answer(folder, now.get(str(folder.path))) for folder in state.settings().folders)
        )

    @api.post("")
    def add(folder: NewFolder) -> Done:
        """Watch one more folder, which must be there; else the answer is 404."""
        values = folder.model_dump(exclude={"path", "create"}, exclude_defaults=True)
        prepare = create_folder if folder.create else require_folder
        add_folder(state.places, Path(folder.path), values, prepare)
        state.journal.requests.reload()
        return Done()

    @api.get("/fields")
    def fields() -> FolderFieldList:
        """What can be chosen for each watched folder, what holds there, and who says it."""
        described = read_folder_fields(state.places)
        return FolderFieldList(tuple(FieldsOfFolder(str(path), found) for path, found in described.items()))

    @api.post("/fields")
    def change(folder: FolderValues) -> Done:
        """Have the settings file say this of a watched folder."""
        save_folder_values(state.places, Path(folder.path), folder.values)
        state.journal.requests.reload()
        return Done()

    @api.post("/create")
    def create(folder: OldFolder) -> Done:
        """Make a watched folder that is not there."""
        create_watched_folder(state.places, Path(folder.path))
        state.journal.requests.reload()
        return Done()

    @api.delete("")
    def remove(folder: OldFolder) -> Done:
        """Watch it no longer. Its files and notes stay."""
        remove_folder(state.places, Path(folder.path))
        state.journal.requests.reload()
        return Done()

    return api


def _answer(folder: FolderSettings, now: FolderStatus | None) -> FolderAnswer:
    return FolderAnswer(
        path=str(folder.path),
        watch=now.watch if now else folder.watch,
        recursive=folder.recursive,
        notes=str(folder.notes),
        archive=None if folder.archive is None else str(folder.archive),
        problem=now.problem if now else "",
    )
