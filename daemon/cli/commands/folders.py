"""`papertray folders`: which folders are watched, and how. Files in them are never touched here."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from papertray.daemon.cli.options import AsJson
from papertray.daemon.cli.reload import reload_daemon
from papertray.daemon.cli.screen import print_json, print_line, print_table, printable_name, printable_path
from papertray.daemon.client.client import Client
from papertray.daemon.places import find_places

if TYPE_CHECKING:
    from papertray.daemon.settings import FolderSettings

CELLS = {"True": "yes", "False": "no"}

app = typer.Typer(help="List, add and remove watched folders.", no_args_is_help=True)


@app.command("list")
def list_folders(as_json: AsJson = False) -> None:
    """List the watched folders."""
    from papertray.daemon.settings import load_settings

    places = find_places()
    with Client(places) as client:
        now = {folder.path: folder for folder in client.status().folders}
    rows = [_folder_data(folder, now.get(str(folder.path))) for folder in load_settings(places).folders]
    if as_json:
        print_json(rows)
        return
    head = ("path", "watch", "recursive", "notes", "archive", "problem")
    print_table(head, [[_cell(row[name]) for name in head] for row in rows])
    if not rows:
        print_line("No folder is watched. `papertray folders add PATH` adds one.")


@app.command()
def add(
    path: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder to watch.")],
    poll: Annotated[
        bool, typer.Option("--poll", help="Look every few seconds: for drives that tell no events.")
    ] = False,
    notes: Annotated[Path | None, typer.Option(help="Put the notes into this folder, not beside.")] = None,
    archive: Annotated[Path | None, typer.Option(help="Move sources here once their note stands.")] = None,
    recursive: Annotated[bool, typer.Option(help="Watch the folders in it, too.")] = True,
    create: Annotated[bool, typer.Option("--create", help="Make the folder if it is missing.")] = False,
) -> None:
    """Watch one more folder."""
    from papertray.daemon.settings.steering import add_folder, create_folder, full_path, require_folder

    places, folder = find_places(), full_path(path)
    values: dict[str, Any] = {"watch": "poll"} if poll else {}
    values |= {"notes": str(full_path(notes))} if notes else {}
    values |= {"archive": str(full_path(archive))} if archive else {}
    values |= {} if recursive else {"recursive": False}
    add_folder(places, folder, values, create_folder if create else require_folder)
    print_line(f"{printable_name(folder)} is watched. {reload_daemon(places)}")


@app.command()
def remove(
    path: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder to watch no longer.")],
) -> None:
    """Stop watching a folder. Its files and notes stay as they are."""
    from papertray.daemon.settings.steering import full_path, remove_folder

    places, folder = find_places(), full_path(path)
    remove_folder(places, folder)
    print_line(f"{printable_name(folder)} is no longer watched; its files stay. {reload_daemon(places)}")


def _folder_data(folder: "FolderSettings", now: Any) -> dict[str, Any]:
    """The settings of a folder, and what the running daemon says of it."""
    missing = "" if now or folder.path.is_dir() else "it is not there"
    return folder.model_dump(mode="json") | {
        "watch": now.watch if now else folder.watch,
        "problem": now.problem if now else missing,
    }


def _cell(value: object) -> str:
    return "" if value is None else CELLS.get(str(value)) or printable_path(value)
