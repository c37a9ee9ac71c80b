"""Checks of what is installed, and of the settings."""

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
    number = sys.version.split()[0]
    yield Finding("python", "good", f"Python {number} at {sys.executable}.")


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
    yield Finding("settings", "good", printable_name(file) if file.exists() else "None, the defaults hold.")


def check_tesseract(_places: Places) -> Iterator[Finding]:
    """Which scripts and languages the quick reader has besides its own."""
    from papertray.engine.tesseract.languages import known_languages
    from papertray.engine.tesseract.packages import explain_scripts
    from papertray.engine.tesseract.program import find_program

    program = find_program()
    languages = {language.name for language in known_languages(program.languages())} if program else set()
    if program and languages:
        known, version = ", ".join(sorted(languages)), program.version()
        yield Finding("tesseract", "good", f"Version {version} knows {known}.")
        return
    yield Finding(
        "tesseract",
        "look",
        "It has no language of another script." if program else "It is not installed.",
        explain_scripts(has_program=program is not None),
    )


def check_recognisers(places: Places) -> Iterator[Finding]:
    """Those that were fetched for other scripts, compared with their digests, and which others there are."""
    from papertray.engine.models.recognisers import RECOGNISERS, inspect_recogniser
    from papertray.engine.models.weights import Weights

    here = Weights(places.models).recognisers()
    for row, file in here.items():
        if not all(result.right for result in inspect_recogniser(file.parent, row.name)):
            yield Finding(
                "recognisers",
                "bad",
                f"The file of {row.name} is damaged.",
                f"`papertray models pull {row.name}` fetches it again.",
            )
    names = ", ".join(row.name for row in here)
    more = ", ".join(row.name for row in RECOGNISERS if row not in here)
    yield Finding(
        "recognisers",
        "good",
        f"For other scripts are here: {names}." if names else "None for other scripts was fetched.",
        f"`papertray models pull NAME` fetches: {more}." if more else "",
    )


def check_confinement(_places: Places) -> Iterator[Finding]:
    """Of the process that decodes documents."""
    from papertray.engine.render_child.landlock import landlock_version

    if sys.platform != "linux":
        yield Finding(
            "confinement",
            "good",
            "Documents are decoded in a process with limits; this system confines it no further.",
        )
    elif version := landlock_version():
        yield Finding(
            "confinement", "good", f"Documents are decoded in a confined process (Landlock {version})."
        )
    else:
        yield Finding(
            "confinement",
            "look",
            "Documents are decoded in a process that may open files: Landlock cannot be used here.",
            "Linux has it since 5.13, where kernel and container let it be; docs/security.md says what for.",
        )


def check_quick_reader(_places: Places) -> Iterator[Finding]:
    from papertray.engine.readers.quick.reader import load

    reader = load()
    try:
        revision = reader.identity.revision
        yield Finding("quick reader", "good", f"It can be loaded: {revision}.")
    finally:
        reader.close()
