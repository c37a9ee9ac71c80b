"""Ask a model hub what a model consists of, and fetch it: the only place where papertray meets the network.

The talking is done by `engine.models.download` in a process of its own: stopping it is certain, its memory is
given back, and this process stays offline and never imports the hub's library.
"""

import dataclasses
import json
import os
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from papertray.engine.children.command import module_command
from papertray.engine.children.process import ChildDied, ChildProcess, ChildSilent, read_line
from papertray.engine.errors import DownloadError, DownloadStopped
from papertray.engine.models.catalog import CatalogEntry
from papertray.engine.models.manifest import Manifest, ModelFile, is_wanted, lies_inside

COMMAND = module_command("papertray.engine.models.download")
PUBLIC, MIRROR = "https://huggingface.co", "HF_ENDPOINT"
_LOOK = 0.2  # seconds between two looks at the cancel flag


@dataclass(frozen=True, slots=True)
class FetchProgress:
    """How far a download is, in bytes: of this file, and of all files."""

    file: str
    done: int
    total: int
    all_done: int
    all_total: int


class DownloadSource(Protocol):
    """A place that models come from."""

    @property
    def endpoint(self) -> str: ...
    def manifest(self, entry: CatalogEntry, cancel: threading.Event) -> Manifest: ...
    def fetch(
        self,
        entry: CatalogEntry,
        manifest: Manifest,
        into: Path,
        have: Path,
        progress: Callable[[FetchProgress], None],
        cancel: threading.Event,
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class Hub:
    """A hub at an address. `HF_ENDPOINT` names another one than the public one, such as a mirror."""

    endpoint: str

    @classmethod
    def of(cls, endpoint: str | None = None) -> "Hub":
        return cls((endpoint or os.environ.get(MIRROR) or PUBLIC).rstrip("/"))

    def manifest(self, entry: CatalogEntry, cancel: threading.Event) -> Manifest:
        """The files a reader of this model needs, as the hub lists them, at a revision that cannot move."""
        with closing(self._ask("list", entry, entry.revision, cancel)) as answers:
            answer = next(answers, None)
        if answer is None:
            raise ended_early(entry.name)
        return _manifest(entry, answer["revision"], answer["files"])

    def fetch(
        self,
        entry: CatalogEntry,
        manifest: Manifest,
        into: Path,
        have: Path,
        progress: Callable[[FetchProgress], None],
        cancel: threading.Event,
    ) -> None:
        """Bring every file of the manifest into a folder, checked; those whole in `have` are taken."""
        files = [dataclasses.asdict(file) for file in manifest.files]
        order = {"files": files, "into": str(into), "have": str(have)}
        follow_fetching(self._ask("fetch", entry, manifest.revision, cancel, **order), entry.name, progress)

    def _ask(
        self, task: str, entry: CatalogEntry, revision: str, cancel: threading.Event, **more: object
    ) -> Generator[dict[str, Any], None, None]:
        order = {"task": task, "name": entry.name, "hub_id": entry.hub_id, "revision": revision}
        order["first"] = (*entry.files, "config.json")[0]
        return ask_child(COMMAND, order | more | {"endpoint": self.endpoint, "mirror": MIRROR}, cancel)


def ask_child(
    command: Sequence[str], order: dict[str, Any], cancel: threading.Event
) -> Generator[dict[str, Any], None, None]:
    """What the process answers to an order, line by line; what is wrong is raised."""
    with closing(_lines(command, order, cancel)) as answers:
        for answer in answers:
            if "problem" in answer:
                raise DownloadError(*answer["problem"])
            yield answer


def follow_fetching(
    answers: Generator[dict[str, Any], None, None], name: str, progress: Callable[[FetchProgress], None]
) -> None:
    """Until the process says that all is there; it is ended in any case."""
    with closing(answers):
        for answer in answers:
            if answer.get("done"):
                return
            progress(FetchProgress(*answer["progress"]))
    raise ended_early(name)


def _lines(
    command: Sequence[str], order: dict[str, Any], cancel: threading.Event
) -> Generator[dict[str, Any], None, None]:
    """It ends with this generator, and with this process."""
    with ChildProcess(command, read_line, {order["mirror"]: order["endpoint"]}) as child:
        try:
            child.send(json.dumps(order).encode() + b"\n")
            while True:
                yield json.loads(_next_line(child, order["name"], cancel))
        except ChildDied:
            return


def _next_line(child: ChildProcess[bytes], name: str, cancel: threading.Event) -> bytes:
    while not cancel.is_set():
        with suppress(ChildSilent):
            return child.receive(_LOOK)
    raise DownloadStopped(name)


def _manifest(entry: CatalogEntry, revision: str, files_there: list[list[Any]]) -> Manifest:
    strange = [path for path, _, _ in files_there if not lies_inside(path)]
    if strange:
        raise DownloadError(
            f"The hub lists a file that would lie outside the model's folder: {strange[0]!r}.",
            "Nothing was fetched. Use another hub, or tell the model's publisher.",
        )
    files = tuple(ModelFile(path, size, digest) for path, size, digest in files_there if _wants(entry, path))
    there = {file.path for file in files}
    missing = [file for file in entry.files if file not in there]
    if not entry.files and not any(path.endswith(".safetensors") for path in there):
        missing = [".safetensors files"]
    if missing:
        raise DownloadError(
            f"{entry.hub_id} at {revision} has no {', '.join(missing)}.",
            "Nothing was fetched; use another hub.",
        )
    return Manifest(entry.name, entry.hub_id, revision, files)


def _wants(entry: CatalogEntry, path: str) -> bool:
    return path in entry.files if entry.files else is_wanted(path)


def ended_early(name: str) -> DownloadError:
    return DownloadError(
        f"The download of {name} ended without a word; perhaps this machine ran out of memory.",
        f"What arrived is kept; `papertray models pull {name}` goes on from there.",
    )
