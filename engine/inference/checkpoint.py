"""Open a model's folder for loading, or say in a sentence why it does not fit, before any memory is taken.

Reads config.json and the headers of the weights only. `engine.models.inspection` looks; here a fault is a
refusal.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from papertray.engine.errors import WeightsError
from papertray.engine.models.catalog import CatalogEntry
from papertray.engine.models.inspection import inspect_checkpoint, shorten_list

TOKENIZER = "tokenizer.json"

Renames = tuple[tuple[str, str], ...]
"""Patterns of names that a publisher gave, and what a class of transformers has in their place."""


class CheckpointMisfit(WeightsError):
    def __init__(self, folder: Path, entry: CatalogEntry, fault: str) -> None:
        super().__init__(
            f"The files in {folder} cannot be loaded as {entry.title}: {fault}.",
            f"`papertray models pull {entry.name}` fetches the right ones.",
        )


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A publisher's folder whose files are whole. `shapes` are those of its tensors, by their names."""

    folder: Path
    entry: CatalogEntry
    config: Mapping[str, Any]
    shapes: Mapping[str, tuple[int, ...]]

    def misfit(self, fault: str) -> CheckpointMisfit:
        return CheckpointMisfit(self.folder, self.entry, fault)

    def shape(self, name: str) -> tuple[int, ...]:
        """That of a tensor which this model must have."""
        if name not in self.shapes:
            raise self.misfit(f"{name} is missing from the weights")
        return self.shapes[name]

    def with_names(self, renames: Renames) -> "Checkpoint":
        """Tensors under the names that a class of transformers has for them."""
        shapes = dict(self.shapes)
        for pattern, name in renames:
            shapes = {re.sub(pattern, name, each): shape for each, shape in shapes.items()}
        return replace(self, shapes=shapes)

    def refuse_unless(self, expected: Mapping[str, tuple[int, ...]], unused: frozenset[str]) -> None:
        """`unused` are tensors that the publisher ships and nobody reads; a name may end in `*`."""
        missing = sorted(expected.keys() - self.shapes.keys())
        if missing:
            raise self.misfit(f"{_some(missing)} missing from the weights")
        surplus = sorted(self.shapes.keys() - expected.keys())
        unknown = [name for name in surplus if not any(_matches(name, pattern) for pattern in unused)]
        if unknown:
            raise self.misfit(f"{_some(unknown)} in the weights, which the model has no place for")
        unlike = [name for name, shape in expected.items() if self.shapes[name] != shape]
        if unlike:
            raise self.misfit(f"{_some(unlike)} of another size than config.json says")


def open_checkpoint(folder: Path, entry: CatalogEntry) -> Checkpoint:
    """Of a model that writes: its words are there, too."""
    checkpoint = open_weights(folder, entry)
    if not (folder / TOKENIZER).is_file():
        raise checkpoint.misfit(f"{TOKENIZER} is missing")
    return checkpoint


def open_weights(folder: Path, entry: CatalogEntry) -> Checkpoint:
    """Refuses what is not this model, cut off, incomplete, or no safetensors."""
    for line in inspect_checkpoint(folder, entry):
        if not line.right and line.what != "dtypes":  # any format is cast to the row's
            raise CheckpointMisfit(folder, entry, f"{line.what}: {line.detail}")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    return Checkpoint(folder, entry, config, _shapes(folder))


def _shapes(folder: Path) -> dict[str, tuple[int, ...]]:
    from safetensors import safe_open

    shapes: dict[str, tuple[int, ...]] = {}
    for shard in sorted(folder.glob("*.safetensors")):
        with safe_open(shard, framework="np") as file:
            shapes |= {name: tuple(file.get_slice(name).get_shape()) for name in file.keys()}  # noqa: SIM118
    return shapes


def _matches(name: str, pattern: str) -> bool:
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern


def _some(names: list[str]) -> str:
    return f"{shorten_list(names)} {'is' if len(names) == 1 else 'are'}"
