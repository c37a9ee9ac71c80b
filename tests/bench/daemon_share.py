"""Pages an hour of the whole daemon, from folder to note, beside its reader alone, in turns.

    python -m tests.bench.daemon_share quick --pages 6
    python -m tests.bench.daemon_share deepseek-ocr --pages 16 --tokens 200

A large model has random weights of middle size and says so many tokens a page, up to eight pages together;
nobody checks what it says, for that is no work of the daemon's. The daemon's time runs from its start, with
all files in place, to the last note. Prints JSON. Asked for: a share of at least 0.95.
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from papertray.engine.devices.environment import prepare_environment
from papertray.engine.page_flow import PageList, read_flow
from papertray.engine.pages import PageImage, Reader, ReadOptions, Watch
from tests.desks import running, until
from tests.fakes import OneReader

PATIENCE = 3600.0


def draw_papers(folder: Path, count: int) -> list[Path]:
    """A4 at 150 dots per inch, with other words on each."""
    folder.mkdir()
    paths = []
    for number in range(count):
        page = Image.new("L", (1240, 1754), "white")
        lines = "\n".join(f"{number}.{line} Nineteen letters lay on the table." for line in range(24))
        ImageDraw.Draw(page).text((120, 150), lines, "black", ImageFont.load_default(32), spacing=24)
        paths.append(folder / f"{number:03}.png")
        page.save(paths[-1])
    return paths


def load_reader(model: str, tokens: int, folder: Path) -> Reader:
    if model == "quick":
        from papertray.engine.readers.quick.reader import load

        return load(languages=())
    from papertray.engine.choice import load_model_reader
    from papertray.engine.models.catalog import find_entry
    from tests.bench.whole_page import find_row
    from tests.engine.readers.random_models import random_checkpoint

    random_checkpoint(model, "medium", folder)
    options = ReadOptions(max_tokens=tokens)
    entry = find_entry(model)
    reader = load_model_reader(entry, folder, find_row("own-8-bit", entry), options)
    _say_numbers(reader)
    return reader


def _say_numbers(reader: Any) -> None:
    """For most tokens of random weights there is no text."""
    kind: Any = type(reader.model_format)
    numbers = type("Numbers", (kind,), {"text": lambda _self, ids: " ".join(map(str, ids))})
    object.__setattr__(reader.model_format, "__class__", numbers)


def read_alone(reader: Reader, papers: Sequence[Path]) -> float:
    started = time.perf_counter()
    pages = PageList([PageImage(Image.open(paper).convert("RGB")) for paper in papers], Watch())
    read_flow(reader, pages)
    assert len(pages.texts()) == len(papers)
    return time.perf_counter() - started


def read_as_daemon(reader: Reader, papers: Sequence[Path], home: Path) -> float:
    inbox = home / "inbox"
    inbox.mkdir(parents=True)
    for paper in papers:
        (inbox / paper.name).hardlink_to(paper)
    os.environ["PAPERTRAY_HOME"] = str(home / "papertray")
    started = time.perf_counter()
    with running(inbox, OneReader(_Open(reader))) as desk:
        until(lambda: len(list(inbox.glob("*.md"))) == len(papers), "the last note", PATIENCE)
        taken = time.perf_counter() - started
        assert set(desk.states().values()) == {"done"}
        return taken


class _Open:
    """The reader, which outlives the daemon."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)

    def close(self) -> None:
        """Another turn comes."""


def main() -> None:
    asked = _arguments()
    prepare_environment()
    alone, whole = [], []
    with tempfile.TemporaryDirectory() as place:
        reader = load_reader(asked.model, asked.tokens, Path(place) / asked.model)
        papers = draw_papers(Path(place) / "papers", asked.pages)
        read_alone(reader, papers[:1])
        for turn in range(asked.turns):
            home = Path(place) / str(turn)
            if turn % 2:
                alone.append(read_alone(reader, papers))
            whole.append(read_as_daemon(reader, papers, home))
            if not turn % 2:
                alone.append(read_alone(reader, papers))
    told = {
        "bench": "daemon_share",
        "model": asked.model,
        "alone_pages_an_hour": round(3600 * asked.pages / median(alone)),
        "daemon_pages_an_hour": round(3600 * asked.pages / median(whole)),
        "share": [round(one / all_, 3) for one, all_ in zip(alone, whole, strict=True)],
    }
    print(json.dumps(told, indent=2))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("model", choices=("quick", "deepseek-ocr", "deepseek-ocr-2"))
    parser.add_argument("--pages", type=int, default=8)
    parser.add_argument("--tokens", type=int, default=200)
    parser.add_argument("--turns", type=int, default=3)
    return parser.parse_args()


if __name__ == "__main__":
    main()
