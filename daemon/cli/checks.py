"""What `papertray doctor` looks at. Each check is one function: the installation in, findings out.

Nothing is changed and nothing is sent anywhere. A check that cannot look says so as a finding.
"""

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from papertray.daemon.cli.screen import printable_name
from papertray.daemon.places import Places
from papertray.engine.errors import PapertrayError

PACKAGES = (
    "papertray",
    "rapidocr",
    "onnxruntime",
    "pypdfium2",
    "pillow",
    "watchdog",
    "torch",
    "transformers",
)
LOW_SPACE = 500_000_000
INOTIFY = Path("/proc/sys/fs/inotify/max_user_watches")


@dataclass(frozen=True, slots=True)
class Finding:
    """`look` is for what works but may surprise; only `bad` makes the doctor end with an error."""

    about: str
    state: Literal["good", "look", "bad"]
    sentence: str
    advice: str = ""


Check = Callable[[Places], Iterator[Finding]]


def check_python(_here: Places) -> Iterator[Finding]:
    yield Finding("python", "good", f"Python {sys.version.split()[0]} at {sys.executable}")


def check_packages(_here: Places) -> Iterator[Finding]:
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} -")
    yield Finding("packages", "good", ", ".join(found))


def check_settings(here: Places) -> Iterator[Finding]:
    from papertray.daemon.settings import load_settings

    load_settings(here)
    told = printable_name(here.settings_file) if here.settings_file.exists() else "none, the defaults hold"
    yield Finding("settings", "good", told)


def check_folders(here: Places) -> Iterator[Finding]:
    from papertray.daemon.settings import load_settings

    for folder in load_settings(here).folders:
        notes = folder.path if folder.notes == "beside" else folder.notes
        yield _usable("folder", folder.path, os.R_OK | os.X_OK, "read")
        yield _usable("notes", notes, os.W_OK | os.X_OK, "written to")


def check_own_folders(here: Places) -> Iterator[Finding]:
    for path in (here.config, here.state, here.logs, here.cache):
        if path.exists():
            yield _usable("own folder", path, os.W_OK | os.X_OK, "written to")


def check_journal(here: Places) -> Iterator[Finding]:
    """Looked at without opening it for writing, so a daemon at work is not disturbed."""
    if not here.journal.exists():
        yield Finding("journal", "good", "none yet")
        return
    try:
        connection = sqlite3.connect(f"{here.journal.absolute().as_uri()}?mode=ro", uri=True, timeout=5)
        try:
            answer = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        finally:
            connection.close()
    except sqlite3.Error as problem:
        answer = str(problem)
    if answer == "ok":
        yield Finding("journal", "good", f"{printable_name(here.journal)} is whole")
    else:
        yield Finding(
            "journal",
            "bad",
            f"{printable_name(here.journal)} is damaged: {answer}.",
            "Start papertray again; it sets the file aside and looks through the folders anew.",
        )


def check_quick_reader(_here: Places) -> Iterator[Finding]:
    from papertray.engine.readers.quick.reader import load

    reader = load()
    try:
        yield Finding("quick reader", "good", f"{reader.identity.name} {reader.identity.revision} loads")
    finally:
        reader.close()


def check_watches(here: Places) -> Iterator[Finding]:
    """Linux counts watched directories for each user; beyond its limit new files are seen late."""
    from papertray.daemon.settings import load_settings

    if not INOTIFY.exists():
        return
    limit = int(INOTIFY.read_text())
    needed = sum(_directories(folder.path) for folder in load_settings(here).folders if folder.recursive)
    if needed < limit / 2:
        yield Finding("watches", "good", f"{needed} of {limit} directories")
        return
    yield Finding(
        "watches",
        "look",
        f"The folders hold {needed} directories and this system watches at most {limit}.",
        f"Raise it: `sudo sysctl fs.inotify.max_user_watches={max(524288, 2 * needed)}`.",
    )


def check_space(here: Places) -> Iterator[Finding]:
    from papertray.daemon.settings import load_settings

    wanted = [here.state, *(folder.path for folder in load_settings(here).folders)]
    for path in {_standing(path) for path in wanted}:
        free = shutil.disk_usage(path).free
        told = f"{free / 1e9:.1f} GB free at {printable_name(path)}"
        yield (
            Finding("space", "good", told)
            if free > LOW_SPACE
            else Finding("space", "bad", told, "Make room.")
        )


CHECKS: tuple[Check, ...] = (
    check_python,
    check_packages,
    check_settings,
    check_own_folders,
    check_folders,
    check_watches,
    check_space,
    check_journal,
    check_quick_reader,
)


def run_checks(here: Places, checks: tuple[Check, ...] = CHECKS) -> Iterator[Finding]:
    for check in checks:
        about = check.__name__.replace("_", " ")
        try:
            yield from check(here)
        except PapertrayError as problem:
            yield Finding(about, "bad", problem.sentence, problem.advice)
        except (ImportError, OSError) as problem:
            yield Finding(about, "bad", f"Could not be looked at: {problem}", "Install papertray again.")


def _usable(about: str, path: Path, wanted: int, verb: str) -> Finding:
    if not path.is_dir():
        return Finding(
            about, "bad", f"{printable_name(path)} is not there.", "Make it; `papertray` makes the inbox."
        )
    if not os.access(path, wanted):
        return Finding(about, "bad", f"{printable_name(path)} cannot be {verb}.", "Change its permissions.")
    return Finding(about, "good", f"{printable_name(path)} can be {verb}")


def _directories(root: Path) -> int:
    return sum(1 for _ in os.walk(root))


def _standing(path: Path) -> Path:
    """The path, or the nearest folder above it that is there."""
    return path if path.exists() else _standing(path.parent)
