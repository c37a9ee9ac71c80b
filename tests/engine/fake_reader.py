"""A reader's module, as the catalogue names one: says with what it was loaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from papertray.engine.devices.rows import DeviceRow
from papertray.engine.pages import Block, BlockKind, PageImage, PageText, ReaderIdentity, ReadOptions, Watch


@dataclass(frozen=True)
class Loaded:
    weights: Path
    row: DeviceRow
    options: ReadOptions
    batch: int = 1
    why: str = ""
    rung: str = ""

    @property
    def identity(self) -> ReaderIdentity:
        return ReaderIdentity(self.weights.name, "1", self.row.device)

    def read(self, pages: Sequence[PageImage], watch: Watch) -> list[PageText]:
        said = f"{self.weights} {self.row} {self.options.mode}"
        return [PageText((Block(BlockKind.TEXT, said),)) for _ in pages]

    def close(self) -> None: ...


def load(weights: Path, row: DeviceRow, options: ReadOptions) -> Loaded:
    return Loaded(weights, row, options)
