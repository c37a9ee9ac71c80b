"""What this desktop has to choose files, to take a picture off the clipboard, or to cut one from the screen.

Other programs do it: the first of a table that is installed. Gives paths and pictures; changes nothing.
"""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from shutil import which

from papertray.daemon.errors import PapertrayError
from papertray.engine.language import translate

Command = tuple[str, ...]
TITLE = "--title="
PICTURE = "{picture}"
"""Where a command is to put the picture; without it, the picture comes from its output."""

_SCRIPT = (
    "Add-Type -AssemblyName System.Windows.Forms; $d = New-Object System.Windows.Forms.OpenFileDialog;"
    " $d.Multiselect = $true; if ($d.ShowDialog() -eq 'OK') { $d.FileNames }"
)
_PASTE = (
    "Add-Type -AssemblyName System.Windows.Forms; $i = [System.Windows.Forms.Clipboard]::GetImage();"
    f" if ($i) {{ $i.Save('{PICTURE}') }}"
)
_MAC_CHOOSE = """
set text item delimiters to linefeed
set paths to {}
repeat with one in (choose file with multiple selections allowed)
    set end of paths to POSIX path of one
end repeat
paths as text
"""
CHOOSE: Mapping[str, Sequence[Command]] = {
    "linux": (
        ("zenity", "--file-selection", "--multiple", "--separator=\n", TITLE),
        ("kdialog", "--getopenfilename", "--multiple", "--separate-output", "."),
    ),
    "darwin": (("osascript", "-e", _MAC_CHOOSE),),
    "win32": (("powershell", "-NoProfile", "-STA", "-Command", _SCRIPT),),
}
PASTE: Mapping[str, Sequence[Command]] = {
    "linux": (
        ("wl-paste", "--type", "image/png"),
        ("xclip", "-selection", "clipboard", "-target", "image/png", "-out"),
    ),
    "darwin": (("pngpaste", PICTURE),),
    "win32": (("powershell", "-NoProfile", "-STA", "-Command", _PASTE),),
}
CUT: Mapping[str, Sequence[Command]] = {
    "linux": (
        ("gnome-screenshot", "--area", f"--file={PICTURE}"),
        ("spectacle", "--region", "--background", "--nonotify", "--output", PICTURE),
        ("xfce4-screenshooter", "--region", "--save", PICTURE),
        ("maim", "--select", PICTURE),
    ),
    "darwin": (("screencapture", "-i", PICTURE),),
    "win32": (),
}


class NoPicture(PapertrayError):
    """Nothing came of it: no picture on the clipboard, or nobody chose a part of the screen."""

    def __init__(self) -> None:
        super().__init__("There was no picture to add.", "Copy one first, or choose a part of the screen.")


def find_tool(tools: Mapping[str, Sequence[Command]], platform: str = sys.platform) -> Command | None:
    """The first that is installed here."""
    return next((command for command in tools.get(platform, ()) if which(command[0])), None)


def choose_files(command: Command) -> list[Path]:
    """Those that a person chooses; none when they think better of it."""
    titled = [f"{TITLE}{translate('Add to papertray')}" if part == TITLE else part for part in command]
    done = subprocess.run(titled, capture_output=True, text=True, check=False)
    return [Path(line) for line in done.stdout.splitlines() if line.strip()] if done.returncode == 0 else []


def take_picture(command: Command, picture: Path) -> None:
    """Into this file."""
    filled = [part.replace(PICTURE, str(picture)) for part in command]
    done = subprocess.run(filled, capture_output=True, check=False)
    if PICTURE not in "".join(command) and done.returncode == 0 and done.stdout:
        picture.write_bytes(done.stdout)
    if not picture.exists() or not picture.stat().st_size:
        raise NoPicture
