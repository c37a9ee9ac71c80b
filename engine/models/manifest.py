"""What a model on disk consists of: its files with their sizes and digests, and where they came from.

Written as `papertray.json` beside the weights, so that they can be checked later without a network.
"""

import dataclasses
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

MANIFEST = "papertray.json"
FILE_PATTERNS = ("*.safetensors", "*.json", "*.jinja", "merges.txt", "vocab.txt", "*LICEN[CS]E*", "NOTICE*")
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._ +-]*")
_CHUNK = 1 << 20


class WrongBytes(Exception):
    """What arrived has another digest than it must have."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """`digest` is "sha256:…" or, for the small files of a git repository, "git-sha1:…"."""

    path: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """One model at one revision. `revision` is "" for files that were copied by hand."""

    model: str
    hub_id: str
    revision: str
    files: tuple[ModelFile, ...]

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)

    def write(self, folder: Path) -> None:
        (folder / MANIFEST).write_text(json.dumps(dataclasses.asdict(self), indent=1), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> "Manifest | None":
        """None where there is none, or where it is not ours to understand."""
        try:
            data: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            files = tuple(ModelFile(str(f["path"]), int(f["size"]), str(f["digest"])) for f in data["files"])
            manifest = cls(str(data["model"]), str(data["hub_id"]), str(data["revision"]), files)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return manifest if all(is_plain_path(file.path) for file in files) else None


def is_plain_path(path: str) -> bool:
    """Whether this is the name of a file in the model's own folder and nowhere else."""
    return _PLAIN.fullmatch(path) is not None and not path.endswith((".", " "))


def lies_inside(path: str) -> bool:
    """Whether a path from a hub stays below the model's folder, on every system."""
    parts = path.replace("\\", "/").split("/")
    return ":" not in path and all(parts) and not {".", ".."} & set(parts)


def is_wanted(path: str) -> bool:
    """Whether a reader needs this file: weights, settings, tokens, licence; never code, never a pickle."""
    return (
        path != MANIFEST
        and is_plain_path(path)
        and any(fnmatch(path.lower(), w.lower()) for w in FILE_PATTERNS)
    )


def file_digest(path: Path, kind: str, beat: Callable[[], None] = lambda: None) -> str:
    """The file's digest of this kind; `beat` is called as it goes."""
    running = hashlib.sha256()
    if kind == "git-sha1":  # the name that git gives to a file's content
        running = hashlib.sha1(b"blob %d\0" % path.stat().st_size, usedforsecurity=False)
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            running.update(chunk)
            beat()
    return f"{kind}:{running.hexdigest()}"


def file_matches(path: Path, file: ModelFile) -> bool:
    """Whether what lies at this path is that file, to the byte."""
    if not path.is_file() or path.stat().st_size != file.size:
        return False
    return file_digest(path, file.digest.partition(":")[0]) == file.digest
