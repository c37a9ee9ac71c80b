"""The watched folders. Adding and removing one changes the settings file, never a file in the folder."""

from pathlib import Path

from fastapi import APIRouter

from papertray.daemon.api.answers import JsonAnswer
from papertray.daemon.api.state import ApiState
from papertray.daemon.api.values import Done, Folders, NewFolder, OldFolder
from papertray.daemon.settings.steering import add_folder, remove_folder
from papertray.daemon.status import FolderStatus


def routes(office: ApiState) -> APIRouter:
    api = APIRouter(prefix="/v1/folders", tags=["folders"])

    @api.get("", response_model=Folders)
    def folders() -> JsonAnswer:
        now = {folder.path: folder for folder in office.board.now[1].folders}
        rows = [
            {
                "path": str(folder.path),
                "recursive": folder.recursive,
                "notes": str(folder.notes),
                "archive": None if folder.archive is None else str(folder.archive),
                **_watch(now.get(str(folder.path)), folder.watch),
            }
            for folder in office.settings().folders
        ]
        return JsonAnswer({"folders": rows})

    @api.post("", response_model=Done)
    def add(folder: NewFolder) -> JsonAnswer:
        """Watch one more folder, which must be there."""
        values = folder.model_dump(exclude={"path"}, exclude_defaults=True)
        add_folder(office.places, Path(folder.path), values)
        office.journal.requests.reload()
        return JsonAnswer({"ok": True})

    @api.delete("", response_model=Done)
    def remove(folder: OldFolder) -> JsonAnswer:
        """Watch it no longer. Its files and notes stay."""
        remove_folder(office.places, Path(folder.path))
        office.journal.requests.reload()
        return JsonAnswer({"ok": True})

    return api


def _watch(now: FolderStatus | None, wanted: str) -> dict[str, str]:
    return {"watch": now.watch if now else wanted, "problem": now.problem if now else ""}
