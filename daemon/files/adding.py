"""Put a file that somebody hands over into a folder of theirs: whole, under its own name, over nothing.

Takes bytes as they come; gives where they lie then.
"""

import re
from functools import partial
from pathlib import Path
from typing import IO

from papertray.daemon.files.drafts import make_public, new_draft, place_new, write_all
from papertray.daemon.files.durable import flush_folder
from papertray.daemon.files.leavings import numbered_names
from papertray.daemon.files.names import PrivateNames
from papertray.daemon.files.problems import translate_disk_errors
from papertray.engine.beneath import open_folder

LONGEST_NAME = 200  # bytes: file systems take 255, and a number may come to it
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\ud800-\udfff]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)  # Windows takes them for itself
_PIECE = 1 << 20
_NOTHING = "file"


def add_file(content: IO[bytes], folder: Path, name: str) -> Path:
    """Where it lies then: under this name, or with a number where another has that."""
    fill = partial(_copy, content)
    wanted = folder / name
    with (
        translate_disk_errors(wanted),
        open_folder(folder, folder) as opened,
        new_draft(opened, PrivateNames(), fill) as draft,
    ):
        for place in numbered_names(wanted):
            try:
                place_new(opened, draft, opened, place.name)
            except FileExistsError:
                continue
            flush_folder(opened)
            return place
    raise AssertionError


def file_name(name: str) -> str:
    """The last part of what was sent, without what some system takes for more than a letter."""
    plain = _UNSAFE.sub("_", re.split(r"[/\\]", name)[-1]).strip(" ").lstrip(".").rstrip(".")
    stem, dot, suffix = plain.rpartition(".")
    if len(plain.encode()) > LONGEST_NAME:
        room = LONGEST_NAME - len(f"{dot}{suffix[:8]}".encode())
        plain = (stem or plain).encode()[:room].decode("utf-8", "ignore") + (dot + suffix[:8] if stem else "")
    if not plain or _DEVICES.match(plain):
        return f"{_NOTHING} {plain}".strip()
    return plain


def _copy(content: IO[bytes], descriptor: int) -> None:
    while piece := content.read(_PIECE):
        write_all(descriptor, piece)
    make_public(descriptor)
