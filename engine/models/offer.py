"""What a download would bring and whether there is room for it: shown to a person before it begins."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from papertray.engine.errors import DownloadError
from papertray.engine.models.catalog import CatalogEntry
from papertray.engine.models.manifest import Manifest, ModelFile


@dataclass(frozen=True, slots=True)
class DownloadOffer:
    """`missing` are the bytes still to fetch, `free` those left on the disk.

    `along` is what is fetched with it.
    """

    entry: CatalogEntry
    manifest: Manifest
    source: str
    folder: Path
    missing: int
    free: int
    along: "DownloadOffer | None" = None

    @property
    def all_missing(self) -> int:
        return self.missing + (self.along.missing if self.along else 0)

    def check_room(self) -> None:
        if self.all_missing > self.free:
            raise DownloadError(
                f"{self.entry.title} needs {size_in_words(self.all_missing)} more on the disk that holds"
                f" {self.folder.parent}, where {size_in_words(self.free)} are free.",
                "Make room, or remove another model with `papertray models remove`.",
            )


def free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def bytes_missing(manifest: Manifest, partial: Path, home: Path) -> int:
    """Judged by sizes alone: the digests are compared while fetching."""
    return sum(_missing(file, partial, home) for file in manifest.files)


def _missing(file: ModelFile, partial: Path, home: Path) -> int:
    for place in (partial / file.path, home / file.path):
        if place.is_file() and place.stat().st_size == file.size:
            return 0
    arrived = sum(part.stat().st_size for part in partial.glob(f"{file.path}.*.part"))
    return max(file.size - arrived, 0)


def size_in_words(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e8 else f"{count / 1e6:.1f} MB"
