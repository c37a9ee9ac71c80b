"""What `packaging/Dockerfile` copies is enough to build papertray, and no more than that is sent to it."""

import re
import shutil
from pathlib import Path, PurePosixPath

from tests.package.builds import PARTS, ROOT, build, only, record, sources

DOCKERFILE = ROOT / "packaging" / "Dockerfile"


def copied() -> list[str]:
    """The files and folders of the tree that the first stage takes."""
    lines = re.findall(r"^COPY (?!--)(.+)$", DOCKERFILE.read_text(), re.MULTILINE)
    return [name for line in lines for name in line.split()[:-1]]


def is_sent(path: PurePosixPath) -> bool:
    """As Docker has it: the last line that fits a path, or a folder that it lies in, decides."""
    sent = True
    for line in (DOCKERFILE.parent / "Dockerfile.dockerignore").read_text().split():
        pattern = line.removeprefix("!").removeprefix("**/")
        if any(place.match(pattern) for place in (path, *path.parents[:-1])):
            sent = line.startswith("!")
    return sent


def context(to: Path) -> Path:
    """The tree as the build in the container sees it."""
    for name in copied():
        top = ROOT / name
        for file in (path for path in (top.rglob("*") if top.is_dir() else [top]) if path.is_file()):
            place = file.relative_to(ROOT)
            if is_sent(PurePosixPath(place.as_posix())):
                (to / place).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file, to / place)
    return to


def test_the_container_is_sent_what_a_wheel_needs(tmp_path: Path) -> None:
    tree = context(tmp_path / "context")
    assert not list(tree.rglob("__pycache__"))
    assert not any((tree / "src" / "papertray" / part).exists() for part in PARTS)
    build(tree, tmp_path / "built", "wheel")
    assert sources() <= record(only(tmp_path / "built", "*.whl")).keys()
