"""`papertray bench [FILE…]`: how fast each model reads on each device, or how fast a server does.

Loads every reader once and reads the same pages with it. No text is shown; nothing is written but a chart.
"""

import dataclasses
import time
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from papertray.daemon.cli.endpoint.measure import IN_FLIGHT, EndpointBench, parse_in_flight
from papertray.daemon.cli.options import AsJson
from papertray.daemon.cli.read.pages import draw_pages, open_renderer
from papertray.daemon.cli.screen import print_json, print_message, print_table
from papertray.daemon.places import find_places
from papertray.daemon.reading.readers import read_options, rows_for_model
from papertray.daemon.settings import EngineSettings, Settings, load_settings
from papertray.engine.choice import choose_reader, load_single_reader
from papertray.engine.devices.memory import MemoryPeak
from papertray.engine.errors import PapertrayError
from papertray.engine.language import translatable, translate
from papertray.engine.models.catalog import QUICK
from papertray.engine.models.weights import Weights
from papertray.engine.pages import PageImage, PageText, Reader, Watch

HEAD = (
    translatable("Reader"),
    translatable("Device"),
    translatable("s to load"),
    translatable("s/page"),
    translatable("Tokens/s"),
    translatable("Characters/s"),
    translatable("Peak GB"),
    translatable("Problem"),
)
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
    corrections: tuple[str, ...] = ()

    def row(self) -> tuple[str, ...]:
        speeds = self.load_seconds, self.seconds_a_page, self.tokens_a_second, self.characters_a_second
        numbers = (f"{number:.1f}" if number else "" for number in (*speeds, self.peak_bytes / 1e9))
        return (self.reader, self.device, *numbers, self.problem)


def bench(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE", help="Images or PDFs; else a sample page.")
    ] = None,
    model: Annotated[list[str] | None, typer.Option(help="A model; more than one may be named.")] = None,
    device: Annotated[list[str] | None, typer.Option(help="A device; more than one may be named.")] = None,
    endpoint: Annotated[
        str | None, typer.Option(metavar="URL", help="A server (…/v1); --model is its model's name.")
    ] = None,
    in_flight: Annotated[str, typer.Option(help="Pages that are with the server at once.")] = IN_FLIGHT,
    family: Annotated[str, typer.Option(help="The sort of its model, where its name does not say.")] = "",
    key_env: Annotated[str, typer.Option(help="The environment variable that has its key.")] = "",
    svg: Annotated[Path | None, typer.Option(metavar="FILE", help="A chart of the server's pages.")] = None,
    as_json: AsJson = False,
) -> None:
    """Measure loading, pages, tokens and characters a second, and memory; or a server's pages a second."""
    if endpoint is not None:
        name = model[0] if model else "default"
        numbers = parse_in_flight(in_flight)
        bench = EndpointBench(endpoint, name, family, key_env, numbers, svg)
        raise typer.Exit(bench.run(as_json=as_json))
    places = find_places()
    settings, weights = load_settings(places), Weights(places.models)
    pages = _draw_pages(files, settings) if files else [_sample_page()]
    results = []
    for name in model or (*(entry.name for entry in weights.installed()), QUICK):
        for device_name in device or [settings.engine.device]:
            engine = settings.engine.model_copy(update={"model": name, "device": device_name})
            print_message(f"{name} on {device_name} …")
            results.append(_measure(weights, engine, pages))
    if as_json:
        print_json([dataclasses.asdict(result) for result in results])
    else:
        print_table([translate(word) for word in HEAD], [result.row() for result in results])


def _measure(weights: Weights, engine: EngineSettings, pages: list[PageImage]) -> BenchResult:
    """A reader that cannot be had, or cannot read, is told in its row."""
    try:
        choice = choose_reader(engine.model, weights, partial(rows_for_model, engine, weights))
        with MemoryPeak(choice.rows[0].device if choice.rows else "cpu") as peak:
            start = time.perf_counter()
            with closing(load_single_reader(choice, weights, read_options(engine))) as reader:
                loaded = time.perf_counter()
                texts = _read(reader, pages)
                seconds = time.perf_counter() - loaded
                name, device = reader.identity.name, reader.identity.device
                corrections = choice.rows[0].patches if choice.rows else ()
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
        corrections=corrections,
    )


def _read(reader: Reader, pages: list[PageImage]) -> list[PageText]:
    return [text for page in pages for text in reader.read([page], Watch())]


def _draw_pages(files: list[Path], settings: Settings) -> list[PageImage]:
    with open_renderer(settings.documents) as renderer:
        return list(draw_pages(renderer, files))


def _sample_page() -> PageImage:
    """A page of forty lines, at 200 dots per inch."""
    from PIL import Image, ImageDraw, ImageFont

    page = Image.new("RGB", (1654, 2339), "white")
    ImageDraw.Draw(page).text((120, 150), SAMPLE * 40, "black", ImageFont.load_default(30), spacing=20)
    return PageImage(page)
