"""Disks whose power can be cut: an image of what has reached each, mounted later in its place."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


class ImageDisk:
    """An ext4 file system in a file, by way of a loop device."""

    def __init__(self, image: Path, at: Path, size: str = "24M") -> None:
        self.at = at
        self._image = image
        self._device = ""
        at.mkdir(parents=True)
        _run("truncate", "--size", size, str(image))
        _run("mkfs.ext4", "-q", "-F", str(image))

    def mount(self, image: Path | None = None) -> None:
        """The disk itself, or what an image of it holds, at the same place."""
        self._device = _run("losetup", "--find", "--show", str(image or self._image))
        _run("mount", self._device, str(self.at))

    def unmount(self) -> None:
        if self._device:
            _run("umount", str(self.at))
            _run("losetup", "--detach", self._device)
            self._device = ""

    def copy_image(self, to: Path) -> bool:
        """As it is now; False when something was written meanwhile, so that it is of no single moment."""
        before = self._writes()
        shutil.copyfile(self._image, to)
        return before == self._writes() and before[1] == 0

    def _writes(self) -> tuple[int, int]:
        """How many there have been, and how many are under way."""
        counts = Path("/sys/block", Path(self._device).name, "stat").read_text().split()
        return int(counts[4]), int(counts[8])


@contextmanager
def image_disks(folder: Path, *names: str) -> Iterator[list[ImageDisk]]:
    """Mounted. Needs the right to mount: on other machines power cuts are not tried."""
    if sys.platform != "linux":
        pytest.skip("cutting the power is written for Linux: power cuts are NOT tested here")
    disks: list[ImageDisk] = []
    try:
        try:
            for name in names:
                disks.append(ImageDisk(folder / f"{name}.image", folder / name))
                disks[-1].mount()
        except (OSError, subprocess.CalledProcessError):
            pytest.skip("this user may not mount an image: power cuts are NOT tested here")
        yield disks
    finally:
        for disk in disks:
            disk.unmount()


def _run(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
