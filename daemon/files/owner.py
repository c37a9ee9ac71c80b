"""The mark by which an installation knows the private names it gave, in this process or an earlier one."""

import re
import secrets
from pathlib import Path

from papertray.daemon.files.drafts import replace_quietly
from papertray.daemon.files.names import PrivateNames

_OWNER = re.compile(r"[0-9a-f]{32}")


def own_names(file: Path) -> PrivateNames:
    """With the mark that `file` keeps; a new one where there is none, or none that is whole."""
    if _OWNER.fullmatch(owner := _read(file)):
        return PrivateNames(owner)
    replace_quietly(file, secrets.token_hex(16))
    return PrivateNames(_read(file))


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii")
    except (OSError, UnicodeError):
        return ""
