"""Which folders lie on a file system that tells no events to this machine, and so must be polled."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

SILENT = re.compile(r"nfs\d?|cifs|smb\w*|afpfs|webdav|9p|drvfs|fuse\..*|ceph|afs|vboxsf|prl_fs|virtiofs")


@dataclass(frozen=True, slots=True)
class Mount:
    point: Path
    kind: str


def reports_events(path: Path, mounts: Iterable[Mount]) -> bool:
    """Whether what happens at this (real) path can be heard of; the nearest mount decides."""
    if str(path).startswith("\\\\"):  # a Windows share
        return False
    over = [mount for mount in mounts if path.is_relative_to(mount.point)]
    nearest = max(over, key=lambda mount: len(mount.point.parts), default=None)
    return nearest is None or not SILENT.fullmatch(nearest.kind)


def list_mounts() -> list[Mount]:
    read = READERS.get(sys.platform)
    return read() if read else []


def parse_linux_mounts(table: str) -> list[Mount]:
    """`/proc/mounts`: device, point and kind, blanks written in octal. A later mount hides an earlier one."""
    rows = [line.split(" ") for line in table.splitlines()]
    points = {Path(_unescape(row[1])): row[2] for row in rows if len(row) > 2}
    return [Mount(point, kind) for point, kind in points.items()]


def parse_macos_mounts(table: str) -> list[Mount]:
    """What `mount` prints: `//me@nas/scans on /Volumes/scans (smbfs, nodev)`."""
    rows = re.findall(r"^.+? on (/.*) \((\w+)", table, re.MULTILINE)
    return [Mount(Path(point), kind) for point, kind in rows]


def _unescape(text: str) -> str:
    return re.sub(r"\\(\d{3})", lambda octal: chr(int(octal[1], 8)), text)


def _read_proc() -> list[Mount]:
    return parse_linux_mounts(Path("/proc/mounts").read_text("utf-8", "surrogateescape"))


def _run_mount() -> list[Mount]:
    table = subprocess.run(["/sbin/mount"], capture_output=True, timeout=5, check=False).stdout
    return parse_macos_mounts(table.decode("utf-8", "surrogateescape"))


READERS: dict[str, Callable[[], list[Mount]]] = {"linux": _read_proc, "darwin": _run_mount}
