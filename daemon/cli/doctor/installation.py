"""Checks of what is installed and of papertray's own files."""

import sqlite3
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from papertray.daemon.cli.doctor.findings import Finding
from papertray.daemon.cli.screen import printable_name
from papertray.daemon.places import Places

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


def check_python(_places: Places) -> Iterator[Finding]:
    yield Finding("python", "good", f"Python {sys.version.split()[0]} at {sys.executable}")


def check_packages(_places: Places) -> Iterator[Finding]:
    versions = []
    for name in PACKAGES:
        try:
            versions.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            versions.append(f"{name} -")
    yield Finding("packages", "good", ", ".join(versions))


def check_settings(places: Places) -> Iterator[Finding]:
    from papertray.daemon.settings import load_settings

    load_settings(places)
    file = places.settings_file
    yield Finding("settings", "good", printable_name(file) if file.exists() else "none, the defaults hold")


def check_journal(places: Places) -> Iterator[Finding]:
    """Looked at without opening it for writing, so a daemon at work is not disturbed."""
    if not places.journal.exists():
        yield Finding("journal", "good", "none yet")
        return
    try:
        connection = sqlite3.connect(f"{places.journal.absolute().as_uri()}?mode=ro", uri=True, timeout=5)
        try:
            answer = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        finally:
            connection.close()
    except sqlite3.Error as problem:
        answer = str(problem)
    if answer == "ok":
        yield Finding("journal", "good", f"{printable_name(places.journal)} is whole")
    else:
        yield Finding(
            "journal",
            "bad",
            f"{printable_name(places.journal)} is damaged: {answer}.",
            "Start papertray again; it sets the file aside and looks through the folders anew.",
        )


def check_quick_reader(_places: Places) -> Iterator[Finding]:
    from papertray.engine.readers.quick.reader import load

    reader = load()
    try:
        yield Finding("quick reader", "good", f"{reader.identity.name} {reader.identity.revision} loads")
    finally:
        reader.close()
