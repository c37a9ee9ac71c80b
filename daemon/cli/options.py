"""Options that several commands take, worded the same everywhere."""

import os
from pathlib import Path
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]
OfFolder = Annotated[Path | None, typer.Option(help="Only those of this folder and below it.")]
OfReader = Annotated[str, typer.Option(help="Only those that this reader read, like `quick`.")]


def folder_name(folder: Path | None) -> str:
    """As the journal has it: the way that a person wrote it, but from the root on; no link is followed."""
    return "" if folder is None else os.path.abspath(folder.expanduser())  # noqa: PTH100
