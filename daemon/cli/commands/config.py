"""`papertray config`: show the settings and where each is from, and change them without breaking them."""

import os
import shlex
import subprocess
import sys
from pathlib import Path
from shutil import which
from typing import Annotated, Any

import typer

from papertray.daemon.cli.options import AsJson
from papertray.daemon.cli.screen import out, out_json, out_table, say
from papertray.daemon.client.client import Client
from papertray.daemon.errors import SettingsError
from papertray.daemon.places import find_places

EDITORS = {"win32": ("notepad",), "darwin": ("nano", "vim", "vi")}
OTHER_EDITORS = ("sensible-editor", "nano", "vim", "vi")

app = typer.Typer(help="Show and change the settings.", no_args_is_help=True)


@app.command()
def show(as_json: AsJson = False) -> None:
    """Show every setting in force, and where it is from."""
    from papertray.daemon.settings.show import settings_in_force

    rows = settings_in_force(find_places())
    if as_json:
        out_json(
            [{"key": row.key, "value": row.value, "source": row.source, "place": row.place} for row in rows]
        )
    else:
        out_table(
            ("setting", "value", "from"),
            [(row.key, _shown(row.value), f"{row.source} {row.place}".strip()) for row in rows],
        )


@app.command()
def path() -> None:
    """Print where the settings file is."""
    out(str(find_places().settings_file))


@app.command()
def edit() -> None:
    """Open the settings file in your editor ($VISUAL, $EDITOR). Mistakes do not replace the old settings."""
    from papertray.daemon.settings.edit import check_content
    from papertray.daemon.settings.file import read_text, save_text, write_default

    here = find_places()
    write_default(here)
    draft = here.config / "papertray.edit.toml"
    if draft.exists():
        say(f"This is your version from last time; delete {draft} to begin with the settings in force.")
    else:
        save_text(draft, read_text(here.settings_file))
    content = _edited(draft)
    try:
        check_content(content, draft)
    except SettingsError as problem:
        raise SettingsError(
            problem.sentence,
            "The old settings stay. Your version is kept: `papertray config edit` opens it again.",
        ) from None
    unchanged = content == read_text(here.settings_file)
    if not unchanged:
        save_text(here.settings_file, content)
    draft.unlink()
    out("Nothing was changed." if unchanged else tell_daemon())


@app.command("set")
def set_value(
    key: Annotated[
        str, typer.Argument(metavar="KEY", help="For example engine.device, or folders.0.settle.")
    ],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="For example cpu, 3, true.")],
) -> None:
    """Change one setting in the file; its comments stay."""
    from papertray.daemon.settings.steering import save_value

    save_value(find_places(), key, value)
    out(tell_daemon())


@app.command()
def unset(
    key: Annotated[str, typer.Argument(metavar="KEY", help="For example engine.longest_side.")],
) -> None:
    """Take one setting out of the file: its default holds again."""
    from papertray.daemon.settings.steering import remove_value

    remove_value(find_places(), key)
    out(tell_daemon())


def tell_daemon() -> str:
    """Have a running daemon take the settings over; the sentence says when they hold."""
    with Client(find_places()) as client:
        if not client.running():
            return "Saved. It holds from the next start of papertray."
        client.reload()
    return "Saved. The running papertray takes it over now."


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _edited(draft: Path) -> str:
    """The text as the editor left it. A draft nobody changed is not kept."""
    from papertray.daemon.settings.file import read_text

    before = read_text(draft)
    try:
        _open_editor(draft)
    except SettingsError:
        if read_text(draft) == before == read_text(find_places().settings_file):
            draft.unlink()
        raise
    return read_text(draft)


def _open_editor(file: Path) -> None:
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    found = next(filter(which, EDITORS.get(sys.platform, OTHER_EDITORS)), None)
    if not command and not found:
        raise SettingsError(
            "No editor was found.", f"Set EDITOR, or edit {find_places().settings_file} yourself."
        )
    # On Windows a path in EDITOR holds backslashes, which shlex would take for escapes.
    words = shlex.split(command, posix=sys.platform != "win32") if command else [str(found)]
    try:
        ended = subprocess.run([*(word.strip('"') for word in words), str(file)], check=False).returncode
    except OSError as problem:
        raise SettingsError(
            f"The editor {words[0]} cannot be started: {problem.strerror}.", "Set EDITOR."
        ) from None
    if ended:
        raise SettingsError(f"The editor {words[0]} ended with {ended}.", "The old settings stay.")
