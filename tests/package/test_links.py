"""In an editable installation the three folders of the repository are parts of one package by links."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.package.builds import PARTS, build, copy_tree, only


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    (tmp_path / "clone").mkdir()
    return copy_tree(tmp_path / "clone")


def links(clone: Path) -> list[Path]:
    return [clone / "src" / "papertray" / part for part in PARTS]


def imported(clone: Path, module: str) -> str:
    """Where another Python finds a module, when it knows of the sources."""
    program = f"import {module}; print({module}.__file__)"
    environment = {**os.environ, "PYTHONPATH": str(clone / "src")}
    done = subprocess.run(
        [sys.executable, "-P", "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_an_editable_installation_imports_the_folders_themselves(clone: Path, tmp_path: Path) -> None:
    build(clone, tmp_path / "built", "wheel:editable")
    with zipfile.ZipFile(only(tmp_path / "built", "*.whl")) as wheel:
        (pth,) = (name for name in wheel.namelist() if name.endswith(".pth"))
        assert Path(wheel.read(pth).decode().strip()) == clone / "src"
    for link, part in zip(links(clone), PARTS, strict=True):
        assert link.samefile(clone / part)
    assert Path(imported(clone, "papertray.engine.pages")).samefile(clone / "engine" / "pages.py")

    (clone / "engine" / "brand_new.py").touch()
    assert imported(clone, "papertray.engine.brand_new")


@pytest.mark.skipif(os.name == "nt", reason="NOT TESTED: symbolic links need rights on Windows")
def test_links_are_made_once_and_mended_when_they_lead_nowhere(clone: Path, tmp_path: Path) -> None:
    build(clone, tmp_path / "built", "wheel:editable")
    whole, broken = links(clone)[:2]
    made = whole.lstat().st_mtime_ns
    broken.unlink()
    broken.symlink_to(clone / "gone", target_is_directory=True)
    build(clone, tmp_path / "built", "wheel:editable")
    assert whole.lstat().st_mtime_ns == made
    assert broken.samefile(clone / PARTS[1])


def test_a_wheel_of_a_tree_with_links_has_no_file_twice(clone: Path, tmp_path: Path) -> None:
    build(clone, tmp_path / "without", "wheel")
    build(clone, tmp_path / "editable", "wheel:editable")
    build(clone, tmp_path / "with", "wheel")
    with_links, without = (only(tmp_path / name, "*.whl").read_bytes() for name in ("with", "without"))
    assert with_links == without
