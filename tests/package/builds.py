"""Build papertray as a person would who hands it on: with the tools that are here, without a network."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
PARTS = ("daemon", "engine", "tray")


def build(tree: Path, into: Path, *targets: str) -> None:
    wanted = [word for target in targets for word in ("-t", target)]
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(into), *wanted]
    subprocess.run(command, cwd=tree, check=True, capture_output=True, timeout=120)


def only(folder: Path, pattern: str) -> Path:
    (path,) = folder.glob(pattern)
    return path


def record(wheel: Path) -> dict[str, str]:
    """The files of a wheel and their digests, as it lists them itself."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/RECORD"))
        lines = archive.read(name).decode().splitlines()
    return {file: digest for file, digest, _size in (line.rsplit(",", 2) for line in lines)}


def sources() -> set[str]:
    """What of the tree belongs into a wheel, under the names that it has there: catalogues are compiled."""
    folders = {ROOT / part: f"papertray/{part}" for part in PARTS}
    folders[ROOT / "src" / "papertray"] = "papertray"
    return {
        f"{name}/{compiled(file.relative_to(folder)).as_posix()}"
        for folder, name in folders.items()
        for file in _files(folder)
    }


def compiled(file: Path) -> Path:
    return file.with_suffix(".mo") if file.suffix == ".po" else file


def copy_tree(to: Path) -> Path:
    """The tree as a fresh clone has it, without what only tests and readers need."""
    for folder in (*PARTS, "src"):
        shutil.copytree(ROOT / folder, to / folder, ignore=_left_out)
    for file in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", ".gitignore"):
        shutil.copy(ROOT / file, to / file)
    return to


def _left_out(folder: str, names: list[str]) -> set[str]:
    links = PARTS if Path(folder) == ROOT / "src" / "papertray" else ()
    return {name for name in names if name == "__pycache__" or name in links}


def _files(folder: Path) -> list[Path]:
    left_out = _left_out(str(folder), [path.name for path in folder.iterdir()])
    here = [path for path in folder.iterdir() if path.name not in left_out]
    return [file for path in here for file in (_files(path) if path.is_dir() else [path])]
