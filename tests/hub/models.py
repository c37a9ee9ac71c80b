"""The tiny checkpoints, by the names of the catalogue and as repositories of a hub."""

from pathlib import Path

from papertray.engine.models.catalog import find_entry

REFERENCE = Path(__file__).parents[1] / "reference"
TINY = ("deepseek-ocr", "deepseek-ocr-2", "dots-ocr")


def checkpoint(name: str) -> Path:
    return REFERENCE / name / "checkpoint"


def repositories() -> dict[str, Path]:
    return {find_entry(name).hub_id: checkpoint(name) for name in TINY}
