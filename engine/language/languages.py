"""Which languages papertray has, and which of them this system is set to.

Asks the environment and the system; reads no catalogue.
"""

import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType

ENGLISH = "en"
_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class SpokenLanguage:
    """`locale` is what Babel calls it, `tag` what a browser does.

    `plurals` are Unicode's sorts of numbers, in the order of a catalogue's plural forms.
    """

    name: str
    locale: str
    tag: str
    plurals: tuple[str, ...]


LANGUAGES: Mapping[str, SpokenLanguage] = MappingProxyType(
    {
        ENGLISH: SpokenLanguage("English", "en", "en", ("one", "other")),
        "zh": SpokenLanguage("简体中文", "zh_Hans_CN", "zh-Hans", ("other",)),
        "lt": SpokenLanguage("Lietuvių", "lt", "lt", ("one", "few", "other")),
        "de": SpokenLanguage("Deutsch", "de", "de", ("one", "other")),
    }
)


def find_language(wanted: Iterable[str]) -> str:
    """The first of these that papertray has, "de_AT.UTF-8" being German; English if none."""
    codes = (re.split(r"[-_.@]", name.strip().lower())[0] for name in wanted)
    return next((code for code in codes if code in LANGUAGES), ENGLISH)


def system_languages(
    environment: Mapping[str, str] = os.environ, platform: str = sys.platform
) -> tuple[str, ...]:
    """What a person wants to read, the dearest first: of the environment, else of the system's settings."""
    if locale := next(filter(None, map(environment.get, _VARIABLES)), ""):
        if locale.partition(".")[0] in ("C", "POSIX"):
            return (ENGLISH,)
        return (*filter(None, environment.get("LANGUAGE", "").split(":")), locale)
    return _ASK.get(platform, tuple)()


def _ask_windows() -> tuple[str, ...]:
    import ctypes
    import locale

    number = vars(ctypes)["windll"].kernel32.GetUserDefaultUILanguage()
    return (locale.windows_locale.get(number, ENGLISH),)


def _ask_mac() -> tuple[str, ...]:
    import subprocess

    with suppress(OSError, subprocess.SubprocessError):
        command = ("defaults", "read", "-g", "AppleLanguages")
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
        return tuple(re.findall(r"[A-Za-z]{2,3}(?:-\w+)*", done.stdout))
    return ()


_ASK: Mapping[str, Callable[[], tuple[str, ...]]] = {"win32": _ask_windows, "darwin": _ask_mac}
