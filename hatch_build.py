"""Let an editable installation find the three folders of the repository as parts of one package.

`daemon/`, `engine/` and `tray/` lie at the top of the repository, and are imported as `papertray.daemon` and
so on. A wheel puts them there; an editable installation gets a link for each, in `src/papertray/`.
"""

import os
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PARTS = ("daemon", "engine", "tray")


class LinkParts(BuildHookInterface):  # type: ignore[type-arg]  # hatchling leaves its parameter open
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        if version != "editable":
            return
        root = Path(self.root)
        for part in PARTS:
            link(root / "src" / "papertray" / part, root / part)


def link(place: Path, folder: Path) -> None:
    if place.exists():
        return
    place.unlink(missing_ok=True)  # a link that leads nowhere
    if sys.platform == "win32":
        import _winapi  # a junction needs no rights, a symbolic link does

        _winapi.CreateJunction(str(folder), str(place))
    else:
        place.symlink_to(os.path.relpath(folder, place.parent), target_is_directory=True)
