"""`papertray bench [FILE…]`: how fast each model reads on each device, side by side.

Loads every reader once and reads the same pages with it. Nothing is written, no text is shown.
"""

import dataclasses
import time
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from papertray.daemon.cli.commands.read import require_file
from papertray.daemon.cli.screen import out_json, out_table, say
from papertray.daemon.places import find_places
from papertray.daemon.reading.readers import read_options, rows_for_model
from papertray.daemon.settings import EngineSettings, Settings, load_settings
from papertray.engine.choice import choose_reader
from papertray.engine.choice import load_reader as load_reader
from papertray.engine.devices.memory import MemoryPeak
from papertray.engine.errors import PapertrayError
from papertray.engine.models.catalog import QUICK
from papertray.engine.models.weights import Weights
from papertray.engine.pages import PageImage, PageText, Reader, Watch

HEAD = ("reader", "device", "load s", "s/page", "tokens/s", "characters/s", "peak GB", "problem")
SAMPLE = "The quick brown fox jumps over the lazy dog, 1234567890 times on every page of this sample.\n"


@dataclasses.dataclass(frozen=True, slots=True)
class BenchResult:
    reader: str
    device: str
    load_seconds: float = 0.0
    seconds_a_page: float = 0.0
    tokens_a_second: float = 0.0
    characters_a_second: float = 0.0
    peak_bytes: int = 0
    problem: str = ""

    def row(self) -> tuple[str, ...]:
        speeds = self.load_seconds, self.seconds_a_page, self.tokens_a_second, self.characters_a_second
        shown = (f"{number:.1f}" if number else "" for number in (*speeds, self.peak_bytes / 1e9))
        return (self.reader, self.device, *shown, self.problem)


def bench(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE", help="Images or PDFs; else a sample page.")
    ] = None,
    model: Annotated[list[str] | None, typer.Option(help="A model; more than one may be named.")] = None,
    device: Annotated[list[str] | None, typer.Option(help="A device; more than one may be named.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Measure loading, pages, tokens and characters a second, and memory."""
    here = find_places()
    settings, weights = load_settings(here), Weights(here.models)
    pages = list(_pages(files or [], settings))
    measured = []
    for name in model or (*(entry.name for entry in weights.installed()), QUICK):
        for on in device or [settings.engine.device]:
            engine = settings.engine.model_copy(update={"model": name, "device": on})
            say(f"{name} on {on} …")
            measured.append(_measured(weights, engine, pages))
    if as_json:
        out_json([dataclasses.asdict(each) for each in measured])
    else:
        out_table(HEAD, [each.row() for each in measured])


def _measured(weights: Weights, engine: EngineSettings, pages: list[PageImage]) -> BenchResult:
    """A reader that cannot be had, or cannot read, is told in its row."""
    try:
        choice = choose_reader(engine.model, weights, partial(rows_for_model, engine, weights))
        with MemoryPeak(choice.rows[0].device if choice.rows else "cpu") as peak:
            start = time.perf_counter()
            with closing(load_reader(choice, weights, read_options(engine))) as reader:
                loaded = time.perf_counter()
                texts = _read(reader, pages)
                seconds = time.perf_counter() - loaded
                name, device = reader.identity.name, reader.identity.device
    except PapertrayError as problem:
        return BenchResult(engine.model, engine.device, problem=problem.sentence)
    return BenchResult(
        reader=name,
        device=device,
        load_seconds=loaded - start,
        seconds_a_page=seconds / len(pages),
        tokens_a_second=sum(text.tokens for text in texts) / seconds,
        characters_a_second=sum(len(text.markdown) for text in texts) / seconds,
        peak_bytes=peak.bytes,
    )


def _read(reader: Reader, pages: list[PageImage]) -> list[PageText]:
    return [text for page in pages for text in reader.read([page], Watch())]


def _pages(files: list[Path], settings: Settings) -> Iterator[PageImage]:
    if not files:
        yield _sample()
        return
    from papertray.engine.documents import DocumentLimits
    from papertray.engine.renderer import Renderer

    with closing(Renderer(DocumentLimits(**settings.documents.model_dump()))) as renderer:
        for file in files:
            require_file(file)
            for number in range(1, len(renderer.inspect(file).pages) + 1):
                yield renderer.image(file, number)


def _sample() -> PageImage:
    """A page of forty lines, at 200 dots per inch."""
    from PIL import Image, ImageDraw, ImageFont

    page = Image.new("RGB", (1654, 2339), "white")
    ImageDraw.Draw(page).text((120, 150), SAMPLE * 40, "black", ImageFont.load_default(30), spacing=20)
    return PageImage(page)
