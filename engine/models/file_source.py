"""Where recognisers come from: single files at known addresses, whose digests papertray knows.

The talking is done by `engine.models.file_download` in a process of its own, as with a hub.
"""

import dataclasses
import os
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from papertray.engine.children.command import module_command
from papertray.engine.models.catalog import CatalogEntry
from papertray.engine.models.hub import FetchProgress, ask_child, ended_early, follow_fetching
from papertray.engine.models.manifest import Manifest, ModelFile
from papertray.engine.models.recognisers import find_recogniser

COMMAND = module_command("papertray.engine.models.file_download")
PUBLIC, MIRROR = "https://www.modelscope.cn", "MODELSCOPE_ENDPOINT"


@dataclass(frozen=True, slots=True)
class FileSource:
    """A place of files at an address. `MODELSCOPE_ENDPOINT` names another one than the public one."""

    endpoint: str

    @classmethod
    def of(cls, endpoint: str | None = None) -> "FileSource":
        return cls((endpoint or os.environ.get(MIRROR) or PUBLIC).rstrip("/"))

    def manifest(self, entry: CatalogEntry, cancel: threading.Event) -> Manifest:
        row = find_recogniser(entry.name)
        with closing(ask_child(COMMAND, self._order("measure", entry), cancel)) as answers:
            answer = next(answers, None)
        if answer is None:
            raise ended_early(entry.name)
        file = ModelFile(row.file, answer["sizes"][0], f"sha256:{row.digest}")
        return Manifest(entry.name, entry.hub_id, entry.revision, (file,))

    def fetch(
        self,
        entry: CatalogEntry,
        manifest: Manifest,
        into: Path,
        have: Path,
        progress: Callable[[FetchProgress], None],
        cancel: threading.Event,
    ) -> None:
        """Bring the file into a folder, checked; one that is whole in `have` is taken."""
        files = [dataclasses.asdict(file) for file in manifest.files]
        order = self._order("fetch", entry) | {"files": files, "into": str(into), "have": str(have)}
        follow_fetching(ask_child(COMMAND, order, cancel), entry.name, progress)

    def _order(self, task: str, entry: CatalogEntry) -> dict[str, Any]:
        path = find_recogniser(entry.name).path
        address = f"{self.endpoint}/models/{entry.hub_id}/resolve/{entry.revision}/{path}"
        place = {"endpoint": self.endpoint, "addresses": [address], "mirror": MIRROR}
        return {"task": task, "name": entry.name, **place}
