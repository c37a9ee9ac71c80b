"""Write a document's outputs into a folder that somebody names. Nothing that is there is overwritten."""

import os
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

from papertray.daemon.files import put_file
from papertray.daemon.files.lengths import shorten_name
from papertray.engine.outputs.reading import OutputFile

LONGEST_STEM = 200  # bytes, so that every ending fits behind it


def export_files(files: Sequence[OutputFile], stem: str, folder: Path) -> list[Path]:
    """Where each stands now. Names that are taken get a number."""
    return [_put_new(file, stem, folder) for file in files]


def list_remarks(files: Sequence[OutputFile], name: str) -> list[str]:
    """What whoever asked for these files is told. `name` is the document's; only tables may be none."""
    if not files:
        return [f"{name} has no tables."]
    return [file.remark for file in files if file.remark]


def output_names(stem: str, ending: str, folder: Path) -> Iterator[Path]:
    """`scan.json`, `scan.2.json`, `scan.3.json`, for ever."""
    short = shorten_name(stem, LONGEST_STEM)
    yield folder / f"{short}{ending}"
    for number in count(2):
        yield folder / f"{short}.{number}{ending}"


def _put_new(file: OutputFile, stem: str, folder: Path) -> Path:
    for place in output_names(stem, file.ending, folder):
        if os.path.lexists(place):
            continue
        try:
            put_file(file.content, place, over=False, root=folder)
        except FileExistsError:  # it came while this was written
            continue
        return place
    raise AssertionError("names do not end")
