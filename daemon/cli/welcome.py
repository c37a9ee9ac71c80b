"""`papertray` alone: the first time it makes a place to drop files into, later it says how it goes."""

from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

from papertray.daemon.cli.commands.status import current_status
from papertray.daemon.cli.glance import status_lines
from papertray.daemon.cli.screen import out, printable_name
from papertray.daemon.client.client import Client
from papertray.daemon.places import Places, find_places

if TYPE_CHECKING:
    from papertray.daemon.settings import Settings


def welcome() -> None:
    here = find_places()
    if here.settings_file.exists():
        with Client(find_places()) as client:
            for line in status_lines(current_status(client)):
                out(line)
        return
    for line in greet(here):
        out(line)
    out("Start with `papertray run`, or read one file with `papertray read FILE`.")
    out("`papertray --help` lists everything.")


def greet(here: Places) -> list[str]:
    """The first run: write a settings file to begin with, make the inbox, and say where they are."""
    from papertray.daemon.settings import DEFAULT_INBOX, load_settings
    from papertray.daemon.settings.file import write_default

    write_default(here)
    settings = load_settings(here)
    inbox = DEFAULT_INBOX.expanduser()
    if any(folder.path == inbox for folder in settings.folders):
        inbox.mkdir(parents=True, exist_ok=True)
    return [where_to_drop(settings), f"Settings: {printable_name(here.settings_file)}"]


def where_to_drop(settings: "Settings") -> str:
    where = " or ".join(printable_name(folder.path) for folder in settings.folders)
    return f"Drop scans and PDFs into {where}; a note appears beside each."


def where_to_look(started_as: str) -> str:
    """How to see more; with the command as a person can type it, which is not always on the PATH."""
    command = "papertray" if which("papertray") or Path(started_as).stem != "papertray" else started_as
    return f"In another terminal, `{command} open` shows the page and `{command} tray` the icon."
