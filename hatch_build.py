"""Let an editable installation find the three folders of the repository as parts of one package.

Into a wheel go the catalogues of texts as programs read them, compiled; an editable installation reads the
files that people edit.

`daemon/`, `engine/` and `tray/` lie at the top of the repository, and are imported as `papertray.daemon` and
so on. A wheel puts them there; an editable installation gets a link for each, in `src/papertray/`.
"""

import io
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CATALOGUES = Path("engine", "language", "catalogues")
NO_TIME = datetime(2026, 1, 1, tzinfo=UTC)  # or each minute would give another wheel
PARTS = ("daemon", "engine", "tray")


class LinkParts(BuildHookInterface):  # type: ignore[type-arg]  # hatchling leaves its parameter open
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        if version == "editable":
            for part in PARTS:
                link(root / "src" / "papertray" / part, root / part)
            return
        self.compiled = tempfile.TemporaryDirectory()
        for catalogue in sorted((root / CATALOGUES).glob("*.po")):
            file = Path(self.compiled.name) / f"{catalogue.stem}.mo"
            file.write_bytes(compile_catalogue(catalogue))
            build_data["force_include"][str(file)] = (Path("papertray") / CATALOGUES / file.name).as_posix()

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        if version != "editable":
            self.compiled.cleanup()


def compile_catalogue(catalogue: Path) -> bytes:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with catalogue.open("rb") as file:
        texts = read_po(file)
    texts.creation_date = texts.revision_date = NO_TIME
    write_mo(compiled, texts)
    return compiled.getvalue()


def link(place: Path, folder: Path) -> None:
    if place.exists():
        return
    place.unlink(missing_ok=True)  # a link that leads nowhere
    if sys.platform == "win32":
        import _winapi  # a junction needs no rights, a symbolic link does

        _winapi.CreateJunction(str(folder), str(place))
    else:
        place.symlink_to(os.path.relpath(folder, place.parent), target_is_directory=True)
