"""Look into a model's folder and say, line by line, whether it is the checkpoint it should be.

Reads config.json, the index and the headers of the weights; never the weights themselves.
"""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from papertray.engine.errors import WeightsError
from papertray.engine.models.catalog import CatalogEntry
from papertray.engine.models.manifest import is_plain_path

INDEX = "model.safetensors.index.json"
SINGLE = "model.safetensors"
_FEW = 3


@dataclass(frozen=True, slots=True)
class InspectionResult:
    """One thing that was looked at: what it is, whether it is right, and what was found."""

    what: str
    right: bool
    detail: str


def inspect_checkpoint(folder: Path, entry: CatalogEntry) -> list[InspectionResult]:
    """Architecture, shards, keys and number formats."""
    shards = [_Shard.of(path) for path in sorted(folder.glob("*.safetensors"))]
    return [
        _architecture(folder, entry),
        *(InspectionResult(shard.name, not shard.fault, shard.fault or "whole") for shard in shards),
        _keys(folder, shards),
        _dtypes(shards, entry),
    ]


@dataclass(frozen=True, slots=True)
class _Shard:
    name: str
    dtypes: dict[str, str]  # by key
    fault: str = ""

    @classmethod
    def of(cls, path: Path) -> "_Shard":
        try:
            from safetensors import SafetensorError, safe_open
        except ImportError as missing:
            raise WeightsError(
                "The library that reads weights, safetensors, is not installed.",
                "`papertray models pull NAME` installs it first, or says the line that does.",
            ) from missing
        try:
            with safe_open(path, framework="np") as file:
                keys = file.keys()
                return cls(path.name, {key: file.get_slice(key).get_dtype() for key in keys})
        except (OSError, SafetensorError) as fault:
            return cls(path.name, {}, f"cut off, or no safetensors file ({fault})")


def _json(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _architecture(folder: Path, entry: CatalogEntry) -> InspectionResult:
    names = _json(folder / "config.json").get("architectures") or ["nothing"]
    right = [name.lower() for name in names] == [entry.architecture.lower()]  # a publisher writes OCR as Ocr
    return InspectionResult(
        "architecture", right, f"{names[0]}" if right else f"{names[0]}, not {entry.architecture}"
    )


def _keys(folder: Path, shards: list[_Shard]) -> InspectionResult:
    """Every weight that the index names lies in the shard it names, and nothing else lies there."""
    shards_by_key = {key: shard.name for shard in shards for key in shard.dtypes}
    if not (folder / INDEX).exists():
        whole = [shard.name for shard in shards] == [SINGLE] and bool(shards_by_key)
        return InspectionResult(
            "keys", whole, f"{len(shards_by_key)} in {SINGLE}" if whole else f"there is no {INDEX}"
        )
    index = _json(folder / INDEX).get("weight_map")
    if not isinstance(index, dict) or not index:
        return InspectionResult("keys", False, f"{INDEX} is damaged")
    absent = sorted({str(shard) for shard in index.values()} - {shard.name for shard in shards})
    if any(not is_plain_path(name) for name in absent):
        return InspectionResult("keys", False, f"{INDEX} names a file outside the folder")
    if absent:
        return InspectionResult("keys", False, f"missing: {shorten_list(absent)}")
    odd = sorted(
        key for key in shards_by_key.keys() | index.keys() if shards_by_key.get(key) != index.get(key)
    )
    return InspectionResult(
        "keys",
        not odd,
        f"not as in the index: {shorten_list(odd)}" if odd else f"{len(shards_by_key)} as in the index",
    )


def _dtypes(shards: list[_Shard], entry: CatalogEntry) -> InspectionResult:
    count = Counter(dtype for shard in shards for dtype in shard.dtypes.values())
    detail = ", ".join(f"{dtype} × {number}" for dtype, number in count.most_common()) or "no weights"
    return InspectionResult("dtypes", bool(count) and entry.dtypes >= count.keys(), detail)


def shorten_list(names: list[str]) -> str:
    """The first of them, and how many more there are."""
    return ", ".join(names[:_FEW]) + (f" and {len(names) - _FEW} more" if len(names) > _FEW else "")
