"""The first run: a settings file to begin with, a folder to drop files into, and sentences that say where."""

from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

from papertray.daemon.cli.screen import printable_path
from papertray.daemon.places import Places
from papertray.engine.language import translate

if TYPE_CHECKING:
    from papertray.daemon.settings import Settings


def prepare_first_run(places: Places) -> list[str]:
    """Write the settings file, make the inbox, and say where they are."""
    from papertray.daemon.settings import DEFAULT_INBOX, load_settings
    from papertray.daemon.settings.file import write_default

    write_default(places)
    settings = load_settings(places)
    inbox = DEFAULT_INBOX.expanduser()
    if any(folder.path == inbox for folder in settings.folders):
        inbox.mkdir(parents=True, exist_ok=True)
    written = translate("Settings: {file}", file=printable_path(places.settings_file))
    return [describe_folders(settings), written]


def describe_folders(settings: "Settings") -> str:
    """One sentence for the folders whose notes lie beside their files, one for each of the others."""
    beside = [folder.path for folder in settings.folders if folder.notes == "beside"]
    inboxes = translate(" or ").join(map(printable_path, beside))
    sentences = [
        translate("Drop scans and PDFs into {folder}; a note appears in {notes}.", folder=folder, notes=notes)
        for folder, notes in (
            (printable_path(folder.path), printable_path(folder.notes))
            for folder in settings.folders
            if isinstance(folder.notes, Path)
        )
    ]
    if beside:
        first = translate("Drop scans and PDFs into {folder}; a note appears beside each.", folder=inboxes)
        sentences.insert(0, first)
    return "\n".join(sentences)


def describe_page_and_icon(started_as: str) -> str:
    """How to see more; with the command as a person can type it, which is not always on the PATH."""
    command = "papertray" if which("papertray") or Path(started_as).stem != "papertray" else started_as
    return translate(
        "In another terminal, `{command} open` shows the page and `{command} tray` the icon.", command=command
    )
