"""Which language the programs of this home speak: of a setting, else the system's.

Read before all else, and so without what checks the settings: a mistake in them is somebody else's to tell.
"""

import os
import re
from collections.abc import Mapping
from contextlib import suppress

from papertray.daemon.places import Places
from papertray.engine.language import LANGUAGES, find_language, speak, system_languages

VARIABLE = "PAPERTRAY_LANGUAGE"
_NAMED = re.compile(rb"^[ \t\xef\xbb\xbf]*\"?language\"?[ \t]*=", re.MULTILINE)


def choose_language(places: Places, environment: Mapping[str, str] = os.environ) -> str:
    """The code of one that papertray has."""
    return named_language(places, environment) or find_language(system_languages(environment))


def named_language(places: Places, environment: Mapping[str, str] = os.environ) -> str:
    """That of the environment or the settings file; "" where they leave it to the system."""
    wanted = environment.get(VARIABLE) or _of_file(places)
    return wanted if wanted in LANGUAGES else ""


def speak_language_of(places: Places) -> None:
    speak(choose_language(places))


def _of_file(places: Places) -> str:
    with suppress(OSError, ValueError):
        content = places.settings_file.read_bytes()
        if _NAMED.search(content):  # most files need not be understood for this
            import tomllib

            return str(tomllib.loads(content.decode("utf-8-sig")).get("language", ""))
    return ""
