"""A recogniser that stands for one of another script: its own bytes, under a name of the table."""

import hashlib
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from papertray.engine.models import recognisers
from papertray.engine.models.recognisers import RECOGNISERS, SOURCE, Recogniser, find_recogniser


def put_in_table(monkeypatch: pytest.MonkeyPatch, name: str, content: bytes) -> Recogniser:
    """The row of that name, which has the digest of this content from now on."""
    row = replace(find_recogniser(name), digest=hashlib.sha256(content).hexdigest(), size=len(content))
    rows = tuple(row if other.name == name else other for other in RECOGNISERS)
    monkeypatch.setattr(recognisers, "RECOGNISERS", rows)
    monkeypatch.setattr("papertray.engine.models.weights.RECOGNISERS", rows)
    monkeypatch.setattr("papertray.daemon.cli.commands.models.RECOGNISERS", rows)
    monkeypatch.setattr("papertray.daemon.api.routes.models.RECOGNISERS", rows)
    return row


def as_repository(folder: Path, row: Recogniser, content: bytes) -> dict[str, Path]:
    """Where the file lies at its source."""
    place = folder / row.path
    place.parent.mkdir(parents=True)
    place.write_bytes(content)
    return {SOURCE: folder}


def bundled_model() -> Path:
    """The recogniser that comes with papertray, in its letters Latin, Chinese, Japanese."""
    import rapidocr

    return Path(rapidocr.__file__).parent / "models" / "PP-OCRv6_rec_small.onnx"


def copy_home(models: Path, row: Recogniser, file: Path) -> None:
    """As if it had been fetched."""
    home = models / row.name
    home.mkdir(parents=True)
    shutil.copy(file, home / row.file)
    (home / "papertray.json").write_text("{}")
