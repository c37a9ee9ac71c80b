"""Open a file in the person's own editor ($VISUAL, $EDITOR) and wait until it is closed."""

import os
import shlex
import subprocess
import sys
from pathlib import Path
from shutil import which

from papertray.daemon.errors import SettingsError

EDITORS = {"win32": ("notepad",), "darwin": ("nano", "vim", "vi")}
OTHER_EDITORS = ("sensible-editor", "nano", "vim", "vi")


def open_editor(file: Path, instead: Path) -> None:
    """Raises SettingsError where there is none, or it fails; `instead` is what a person can edit by hand."""
    words = _editor_command()
    if not words:
        raise SettingsError("No editor was found.", f"Set EDITOR, or edit {instead} yourself.")
    try:
        code = subprocess.run([*words, str(file)], check=False).returncode
    except OSError as problem:
        raise SettingsError(
            f"The editor {words[0]} cannot be started: {problem.strerror}.", "Set EDITOR."
        ) from None
    if code:
        raise SettingsError(f"The editor {words[0]} ended with {code}.", "The old settings stay.")


def _editor_command() -> list[str]:
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not command:
        return list(filter(which, EDITORS.get(sys.platform, OTHER_EDITORS)))[:1]
    # On Windows a path in EDITOR holds backslashes, which shlex would take for escapes.
    return [word.strip('"') for word in shlex.split(command, posix=sys.platform != "win32")]
