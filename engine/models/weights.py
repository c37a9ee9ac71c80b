"""The models folder: which large models are here, fetching them, checking them, removing them.

    models/deepseek-ocr/           a whole model: its files, and papertray.json to check them by
    models/deepseek-ocr.partial/   one on its way; it becomes the above in one step

Takes the folder from the caller and touches nothing outside it. A folder without papertray.json is no model.
"""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from papertray.engine.errors import WeightsError
from papertray.engine.models.catalog import CATALOG, CatalogEntry, find_entry
from papertray.engine.models.hub import FetchProgress, Hub
from papertray.engine.models.inspection import InspectionResult, inspect_checkpoint
from papertray.engine.models.manifest import (
    MANIFEST,
    Manifest,
    ModelFile,
    file_digest,
    file_matches,
    is_wanted,
)
from papertray.engine.models.offer import DownloadOffer, bytes_missing, free_bytes


class Weights:
    """The large models in one folder. `free` tells how many bytes its disk has left."""

    def __init__(self, folder: Path, free: Callable[[Path], int] = free_bytes) -> None:
        self.folder = folder
        self._free = free

    def installed(self) -> tuple[str, ...]:
        """The names of the models that are here, best first. Cheap: looks for one file each."""
        return tuple(row.name for row in CATALOG if (self.folder / row.name / MANIFEST).is_file())

    def begun(self) -> tuple[str, ...]:
        """The names of the models whose download has begun and not ended."""
        return tuple(row.name for row in CATALOG if self._partial(row.name).is_dir())

    def here(self, row: CatalogEntry) -> Literal["yes", "partly", "no"]:
        """Whether a model is here; partly, once its download has begun."""
        if not row.has_weights or row.name in self.installed():
            return "yes"
        return "partly" if row.name in self.begun() else "no"

    def path(self, name: str) -> Path | None:
        row = find_entry(name)
        return self.folder / row.name if row.name in self.installed() else None

    def manifest(self, name: str) -> Manifest | None:
        return Manifest.read(self.folder / find_entry(name).name)

    def pull(
        self,
        name: str,
        progress: Callable[[FetchProgress], None] = lambda _progress: None,
        cancel: threading.Event | None = None,
        endpoint: str | None = None,
        agree: Callable[[DownloadOffer], bool] = lambda _offer: True,
    ) -> bool:
        """Fetch a model, going on where an earlier try ended. False only where `agree` says no."""
        row, hub, cancel = _large(name), Hub.of(endpoint), cancel or threading.Event()
        with self._alone(row.name):
            manifest = hub.manifest(row, cancel)
            partial, home = self._partial(row.name), self.folder / row.name
            missing = bytes_missing(manifest, partial, home)
            offer = DownloadOffer(row, manifest, hub.endpoint, home, missing, self._free(self.folder))
            offer.check_room()
            if not agree(offer):
                return False
            partial.mkdir(exist_ok=True)
            hub.fetch(row, manifest, partial, home, progress, cancel)
            self._install(row, manifest)
        return True

    def add(self, name: str, directory: Path, link: bool = False) -> Manifest:
        """Take in files that a person copied by hand: as a copy, or as links to where they lie."""
        row, directory = _large(name), directory.expanduser().absolute()
        if not directory.is_dir():
            raise WeightsError(f"{directory} is no folder.", "Give the folder with the model's files.")
        _judge(row, inspect_checkpoint(directory, row))
        found = sorted(path for path in directory.iterdir() if is_wanted(path.name) and path.is_file())
        with self._alone(row.name):
            files = tuple(
                ModelFile(path.name, path.stat().st_size, file_digest(path, "sha256")) for path in found
            )
            manifest = Manifest(row.name, row.hub_id, "", files)
            if directory.resolve() == (self.folder / row.name).resolve():  # they were copied to their place
                manifest.write(directory)
                return manifest
            partial = self._partial(row.name)
            if partial.exists():
                shutil.rmtree(partial)
            partial.mkdir()
            for path in found:
                _take(path, partial / path.name, link)
            self._install(row, manifest)
        return manifest

    def verify(self, name: str) -> list[InspectionResult]:
        """Every file against its digest, then what the files say about themselves."""
        row = _large(name)
        home, manifest = self.folder / row.name, self.manifest(row.name)
        if manifest is None:
            raise WeightsError(
                f"{row.title} is not here.",
                f"Fetch it with `papertray models pull {row.name}`, or copy its files from another machine"
                f" and run `papertray models add {row.name} FOLDER`.",
            )
        return [_compared(home / file.path, file) for file in manifest.files] + inspect_checkpoint(home, row)

    def remove(self, name: str) -> int:
        """Delete everything there is of a model, half-fetched files too. Gives the bytes freed."""
        row = _large(name)
        with self._alone(row.name):
            folders = [
                folder for folder in (self.folder / row.name, self._partial(row.name)) if folder.exists()
            ]
            freed = sum(_own_bytes(path) for folder in folders for path in folder.rglob("*"))
            for folder in folders:
                shutil.rmtree(folder)
        return freed

    def _partial(self, name: str) -> Path:
        return self.folder / f"{name}.partial"

    def _install(self, row: CatalogEntry, manifest: Manifest) -> None:
        """Put a whole model in its place; the one it replaces goes last."""
        partial, home = self._partial(row.name), self.folder / row.name
        _judge(row, inspect_checkpoint(partial, row))
        named = {file.path for file in manifest.files}
        for left_over in [path for path in partial.iterdir() if path.name not in named]:
            left_over.unlink()
        manifest.write(partial)
        if home.exists():
            shutil.rmtree(home)
        partial.replace(home)

    @contextmanager
    def _alone(self, name: str) -> Iterator[None]:
        """Nobody else fetches or removes this model meanwhile, in this process or another."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self.folder / f".{name}.lock", timeout=0):
                yield
        except Timeout:
            raise WeightsError(
                f"Another papertray is just fetching or removing {name}.", "Wait for it, or stop it."
            ) from None
        except OSError as fault:
            raise WeightsError(
                f"{fault.filename or self.folder}: {fault.strerror}.",
                "Check the disk and the folder's permissions; stop what reads with this model.",
            ) from fault


def _large(name: str) -> CatalogEntry:
    row = find_entry(name)
    if not row.has_weights:
        raise WeightsError(
            f"{row.title} is part of papertray.", "There is nothing to fetch, check or remove."
        )
    return row


def _judge(row: CatalogEntry, lines: list[InspectionResult]) -> None:
    wrong = [line for line in lines if not line.right]
    if wrong:
        raise WeightsError(
            f"These files are not {row.title}: {wrong[0].what}: {wrong[0].detail}.",
            f"A whole copy comes from {row.hub_id}: `papertray models pull {row.name}`.",
        )


def _compared(path: Path, file: ModelFile) -> InspectionResult:
    if not path.is_file():
        return InspectionResult(file.path, False, "missing")
    right = file_matches(path, file)
    return InspectionResult(
        file.path, right, f"{file.digest.partition(':')[0]} right" if right else "other bytes than fetched"
    )


def _take(path: Path, to: Path, link: bool) -> None:
    if not link:
        shutil.copyfile(path, to)
        return
    try:
        to.symlink_to(path)
    except OSError as fault:
        raise WeightsError(
            f"This system makes no links ({fault.strerror}).", "Add it without --link."
        ) from fault


def _own_bytes(path: Path) -> int:
    return path.lstat().st_size if path.is_symlink() or path.is_file() else 0
