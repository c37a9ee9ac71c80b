"""A reader's module, as the catalogue names one: says with what it was loaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from papertray.engine.devices.rows import DeviceRow
from papertray.engine.models.catalog import CatalogEntry
from papertray.engine.pages import Block, BlockKind, PageImage, PageText, ReaderIdentity, ReadOptions, Watch


@dataclass(frozen=True)
class Loaded:
    entry: CatalogEntry
    folder: Path
    row: DeviceRow
    options: ReadOptions
    batch: int = 1
    why: str = ""
    rung: str = ""

    @property
    def identity(self) -> ReaderIdentity:
        return ReaderIdentity(self.entry.name, "1", self.row.device)

    def read(self, pages: Sequence[PageImage], watch: Watch) -> list[PageText]:
        said = f"{self.folder} {self.row} {self.options.mode}"
        return [PageText((Block(BlockKind.TEXT, said),)) for _ in pages]

    def close(self) -> None: ...


def load(entry: CatalogEntry, folder: Path, row: DeviceRow, options: ReadOptions) -> Loaded:
    return Loaded(entry, folder, row, options)
