"""Wheels of next to nothing, which stand for what a registry has."""

import re
import zipfile
from pathlib import Path

from papertray.engine.models.libraries import InstallPlan


def write_wheel(folder: Path, name: str, version: str) -> None:
    about = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{name}/__init__.py", "")
        wheel.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", "")


def write_wheels(folder: Path, plan: InstallPlan) -> None:
    """One for each requirement of a plan, of the oldest version that it takes."""
    for requirement in plan.command:
        if wanted := re.fullmatch(r"([\w-]+)[^>]*>=([\d.]+).*", requirement):
            write_wheel(folder, wanted[1].replace("-", "_"), wanted[2])
