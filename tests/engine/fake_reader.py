"""A reader's module, as the catalogue names one: remembers what it was loaded with."""

from dataclasses import dataclass
from pathlib import Path

from engine.devices import Row
from engine.pages import ReadOptions


@dataclass(frozen=True)
class Loaded:
    weights: Path
    row: Row
    options: ReadOptions


def load(weights: Path, row: Row, options: ReadOptions) -> Loaded:
    return Loaded(weights, row, options)
