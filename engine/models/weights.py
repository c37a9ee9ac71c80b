"""The models folder: which large models are here, fetching them, checking them, removing them.

    models/deepseek-ocr/           a whole model: its files, and papertray.json to check them by
    models/deepseek-ocr.partial/   one on its way; it becomes the above in one step

Takes the folder from the caller and touches nothing outside it. A folder without papertray.json is no model.
"""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from papertray.engine.errors import WeightsError
from papertray.engine.models.catalog import CATALOG, CatalogEntry, find_part
from papertray.engine.models.file_source import FileSource
from papertray.engine.models.gguf import find_download, inspect_gguf
from papertray.engine.models.hub import DownloadSource, FetchProgress, Hub
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
from papertray.engine.models.recognisers import (
    RECOGNISERS,
    Recogniser,
    inspect_recogniser,
    is_recogniser,
)


class Weights:
    """The large models in one folder. `free` tells how many bytes its disk has left.

    What a person asks for comes in under the name they gave it; all else goes by entries of the catalogue.
    """

    def __init__(self, folder: Path, free: Callable[[Path], int] = free_bytes) -> None:
        self.folder = folder
        self._free = free

    def installed(self) -> tuple[CatalogEntry, ...]:
        """The models that are here, best first. Cheap: looks for one file each.

        One whose finder of regions is not here reads worse than all that are whole.
        """
        here = [entry for entry in CATALOG if self.path(entry)]
        return tuple(sorted(here, key=lambda entry: not self._is_whole(entry)))

    def recognisers(self) -> dict[Recogniser, Path]:
        """The recognisers for other scripts that are here, each with its file."""
        homes = {row: self.path(row.entry) for row in RECOGNISERS}
        return {row: home / row.file for row, home in homes.items() if home}

    def presence(self, entry: CatalogEntry) -> Literal["yes", "partly", "no"]:
        """Whether a model is here; partly, once its download has begun."""
        if not entry.has_weights or self.path(entry):
            return "yes"
        return "partly" if self._partial(entry).is_dir() else "no"

    def path(self, entry: CatalogEntry) -> Path | None:
        """The model's folder, where it is here."""
        home = self._home(entry)
        return home if (home / MANIFEST).is_file() else None

    def manifest(self, entry: CatalogEntry) -> Manifest | None:
        return Manifest.read(self._home(entry))

    def pull(
        self,
        name: str,
        progress: Callable[[FetchProgress], None] = lambda _progress: None,
        cancel: threading.Event | None = None,
        endpoint: str | None = None,
        agree: Callable[[DownloadOffer], bool] = lambda _offer: True,
        revision: str | None = None,
    ) -> bool:
        """Fetch a model, going on where an earlier try ended. False only where `agree` says no.

        `revision` is another one than the catalogue's, as the hub names it.
        """
        entry, cancel = _entry_with_weights(name), cancel or threading.Event()
        hub = FileSource.of(endpoint) if is_recogniser(entry.name) else Hub.of(endpoint)
        entry = replace(entry, revision=revision or entry.revision)
        with self._lock(entry):
            offer = replace(self._offer(entry, hub, cancel), along=self._finder_offer(entry, hub, cancel))
            offer.check_room()
            if not agree(offer):
                return False
            if offer.along:
                with self._lock(offer.along.entry):
                    self._fetch(offer.along, hub, _counted(progress, 0, offer.manifest.size), cancel)
                progress = _counted(progress, offer.along.manifest.size, 0)
            self._fetch(offer, hub, progress, cancel)
        return True

    def add(self, name: str, directory: Path, link: bool = False) -> Manifest:
        """Take in files that a person copied by hand: as a copy, or as links to where they lie."""
        entry, directory = _entry_with_weights(name), directory.expanduser().absolute()
        if not directory.is_dir():
            raise WeightsError(f"{directory} is no folder.", "Give the folder with the model's files.")
        _require_right(entry, _inspect(directory, entry))
        paths = sorted(path for path in directory.iterdir() if _is_part(path, entry))
        with self._lock(entry):
            files = tuple(
                ModelFile(path.name, path.stat().st_size, file_digest(path, "sha256")) for path in paths
            )
            manifest = Manifest(entry.name, entry.hub_id, "", files)
            if directory.resolve() == self._home(entry).resolve():  # they were copied to their place
                manifest.write(directory)
                return manifest
            partial = self._partial(entry)
            if partial.exists():
                shutil.rmtree(partial)
            partial.mkdir()
            for path in paths:
                _copy_or_link(path, partial / path.name, link)
            self._install(entry, manifest)
        return manifest

    def verify(self, name: str) -> list[InspectionResult]:
        """Every file against its digest, then what the files say about themselves."""
        entry = _entry_with_weights(name)
        home, manifest = self._home(entry), self.manifest(entry)
        if manifest is None:
            raise WeightsError(
                f"{entry.title} is not here.",
                f"Fetch it with `papertray models pull {entry.name}`, or copy its files from another machine"
                f" and run `papertray models add {entry.name} FOLDER`.",
            )
        return [_compare_file(home / file.path, file) for file in manifest.files] + _inspect(home, entry)

    def remove(self, name: str) -> int:
        """Delete everything there is of a model, half-fetched files too, and with the last that needs it
        the model that finds regions. Gives the bytes freed.
        """
        entry = _entry_with_weights(name)
        freed = self._delete(entry)
        if freed and entry.finder and entry.finder not in {each.finder for each in self.installed()}:
            freed += self._delete(find_part(entry.finder))
        return freed

    def _is_whole(self, entry: CatalogEntry) -> bool:
        return not entry.finder or self.path(find_part(entry.finder)) is not None

    def _delete(self, entry: CatalogEntry) -> int:
        with self._lock(entry):
            folders = [folder for folder in (self._home(entry), self._partial(entry)) if folder.exists()]
            freed = sum(_own_bytes(path) for folder in folders for path in folder.rglob("*"))
            for folder in folders:
                shutil.rmtree(folder)
        return freed

    def _finder_offer(
        self, entry: CatalogEntry, hub: DownloadSource, cancel: threading.Event
    ) -> DownloadOffer | None:
        """Of the model that finds regions for this one, unless it is here."""
        finder = find_part(entry.finder) if entry.finder else None
        return None if finder is None or self.path(finder) else self._offer(finder, hub, cancel)

    def _offer(self, entry: CatalogEntry, hub: DownloadSource, cancel: threading.Event) -> DownloadOffer:
        manifest, home = hub.manifest(entry, cancel), self._home(entry)
        missing = bytes_missing(manifest, self._partial(entry), home)
        return DownloadOffer(entry, manifest, hub.endpoint, home, missing, self._free(self.folder))

    def _fetch(
        self,
        offer: DownloadOffer,
        hub: DownloadSource,
        progress: Callable[[FetchProgress], None],
        cancel: threading.Event,
    ) -> None:
        partial = self._partial(offer.entry)
        partial.mkdir(exist_ok=True)
        hub.fetch(offer.entry, offer.manifest, partial, offer.folder, progress, cancel)
        self._install(offer.entry, offer.manifest)

    def _home(self, entry: CatalogEntry) -> Path:
        return self.folder / entry.name

    def _partial(self, entry: CatalogEntry) -> Path:
        return self.folder / f"{entry.name}.partial"

    def _install(self, entry: CatalogEntry, manifest: Manifest) -> None:
        """Put a whole model in its place; the one it replaces goes last."""
        partial, home = self._partial(entry), self._home(entry)
        _require_right(entry, _inspect(partial, entry))
        names = {file.path for file in manifest.files}
        for stale in [path for path in partial.iterdir() if path.name not in names]:
            stale.unlink()
        manifest.write(partial)
        if home.exists():
            shutil.rmtree(home)
        partial.replace(home)

    @contextmanager
    def _lock(self, entry: CatalogEntry) -> Iterator[None]:
        """Nobody else fetches or removes this model meanwhile, in this process or another."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self.folder / f".{entry.name}.lock", timeout=0):
                yield
        except Timeout:
            raise WeightsError(
                f"Another papertray is just fetching or removing {entry.name}.", "Wait for it, or stop it."
            ) from None
        except OSError as fault:
            raise WeightsError(
                f"{fault.filename or self.folder}: {fault.strerror}.",
                "Check the disk and the folder's permissions; stop what reads with this model.",
            ) from fault


def _counted(
    progress: Callable[[FetchProgress], None], before: int, after: int
) -> Callable[[FetchProgress], None]:
    """The same, of what is one of several."""

    def count(now: FetchProgress) -> None:
        progress(replace(now, all_done=before + now.all_done, all_total=before + now.all_total + after))

    return count


def _entry_with_weights(name: str) -> CatalogEntry:
    entry = find_download(name)
    if not entry.has_weights:
        raise WeightsError(
            f"{entry.title} is part of papertray.", "There is nothing to fetch, check or remove."
        )
    return entry


def _inspect(folder: Path, entry: CatalogEntry) -> list[InspectionResult]:
    if is_recogniser(entry.name):
        return inspect_recogniser(folder, entry.name)
    return inspect_gguf(folder, entry) if entry.files else inspect_checkpoint(folder, entry)


def _require_right(entry: CatalogEntry, lines: list[InspectionResult]) -> None:
    wrong = [line for line in lines if not line.right]
    if wrong:
        raise WeightsError(
            f"These files are not {entry.title}: {wrong[0].what}: {wrong[0].detail}.",
            f"A whole copy comes from {entry.hub_id}: `papertray models pull {entry.name}`.",
        )


def _compare_file(path: Path, file: ModelFile) -> InspectionResult:
    if not path.is_file():
        return InspectionResult(file.path, False, "missing")
    right = file_matches(path, file)
    return InspectionResult(
        file.path, right, f"{file.digest.partition(':')[0]} right" if right else "other bytes than fetched"
    )


def _is_part(path: Path, entry: CatalogEntry) -> bool:
    return (path.name in entry.files if entry.files else is_wanted(path.name)) and path.is_file()


def _copy_or_link(path: Path, to: Path, link: bool) -> None:
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
