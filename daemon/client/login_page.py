"""A file that only its owner can read, and that leads a browser to papertray's page with a login's code.

So the code is on no command line, where every user of the machine could read it. The client writes the file,
and the daemon, which knows when a code was used, takes it away. Both make its name from the code; nobody can
tell the code from the name.
"""

import hashlib
import html
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from papertray.daemon.places import Places
from papertray.engine.errors import PapertrayError

_NAME = "papertray-open-{}.html"
_BROWSER_SECONDS = 5.0
_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url={url}">
<link rel="icon" href="data:,"><title>papertray</title>
<p><a rel="noreferrer" href="{url}">To papertray</a></p>
</html>
"""


class LoginPageError(PapertrayError):
    """The file cannot be written."""

    def __init__(self, folder: Path, problem: OSError) -> None:
        super().__init__(
            f"The way into the page cannot be written to {folder}: {problem.strerror or problem}.",
            "Open the link that `papertray open --print` prints.",
        )


def write_login_page(places: Places, url: str, code: str) -> Path:
    """The new file, which leads to `url`."""
    file = _folder(places) / _name(code)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    try:
        with os.fdopen(os.open(file, flags, 0o600), "w", encoding="utf-8") as page:
            page.write(_PAGE.format(url=html.escape(url)))
    except OSError as problem:
        raise LoginPageError(file.parent, problem) from problem
    return file


def remove_login_page(places: Places, code: str) -> None:
    """The one of this code, if there is one."""
    for folder in _folders(places):
        with suppress(OSError):
            (folder / _name(code)).unlink()


def remove_old_login_pages(places: Places, before: float) -> None:
    """Those that were written earlier; `before` is in seconds since 1970."""
    for folder in _folders(places):
        for file in folder.glob(_NAME.format("*")):
            with suppress(OSError):
                if file.stat().st_mtime < before:
                    file.unlink()


def _name(code: str) -> str:
    return _NAME.format(hashlib.sha256(code.encode()).hexdigest()[:32])


def _folder(places: Places) -> Path:
    """Where the browser may read it: one that is a snap sees nothing hidden, but a folder of its own."""
    if sys.platform == "linux" and any(_snap_folders()):
        own = Path.home() / "snap" / _default_browser().partition("_")[0] / "common"
        if own in _snap_folders():
            return own
    return places.state


def _folders(places: Places) -> tuple[Path, ...]:
    return (places.state, *_snap_folders())


def _snap_folders() -> Iterator[Path]:
    with suppress(RuntimeError):  # no home
        yield from (Path.home() / "snap").glob("*/common")


def _default_browser() -> str:
    """The name of its desktop entry, which is `SNAP_PROGRAM.desktop` for a snap."""
    with suppress(OSError, subprocess.SubprocessError):
        return subprocess.run(
            ["xdg-settings", "get", "default-web-browser"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_BROWSER_SECONDS,
        ).stdout.strip()
    return ""
