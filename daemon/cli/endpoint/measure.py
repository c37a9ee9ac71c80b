"""`papertray bench --endpoint URL`: how many pages a second a server reads, by how many are with it at once.

No text is shown; a chart is written where one is asked for.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from papertray.daemon.cli.endpoint.chart import draw_chart
from papertray.daemon.cli.screen import print_json, print_message, print_table
from papertray.daemon.errors import SettingsError
from papertray.daemon.files import put_file
from papertray.engine.exit_codes import ExitCode
from papertray.engine.language import translatable, translate
from papertray.engine.pages import PageImage, ReadOptions
from papertray.engine.readers.server.measuring import Throughput, measure_throughput
from papertray.engine.server_address import ServerAddress

HEAD = (
    translatable("In flight"),
    translatable("Pages/s"),
    translatable("s/page"),
    translatable("Core %"),
    "MB",
    translatable("Problem"),
)
IN_FLIGHT = "1,2,4,8,16,32,64"
_ROUNDS = 3  # times as many pages as are in flight
_NEARLY = 0.95  # of the best rate is as good
_SIZE = (1414, 2000)


@dataclass(frozen=True, slots=True)
class EndpointBench:
    """`key_env` is the variable that has the key; with `svg` a chart is written there."""

    url: str
    model: str
    family: str
    key_env: str
    in_flight: tuple[int, ...]
    svg: Path | None

    def run(self, *, as_json: bool) -> ExitCode:
        """Gives the code of a reader that cannot read where the server read nothing at all."""
        steps, rows = [], []
        for step in self._steps():
            steps.append(step)
            rows.append(_row(step))
            print_message(f"{step.in_flight} in flight: {step.pages_a_second:.2f} pages a second.")
        if as_json:
            print_json([{**asdict(step), "pages_a_second": step.pages_a_second} for step in steps])
        else:
            print_table([translate(word) for word in HEAD], rows)
            if enough := fewest_for_most(steps):
                print_message(f"in_flight = {enough} reads as much as more do.")
        if self.svg is not None:
            points = [(step.in_flight, step.pages_a_second) for step in steps]
            chart = draw_chart(points, f"{self.model}: pages a second")
            put_file(chart.encode(), self.svg, over=True)
        return ExitCode.OK if any(step.pages for step in steps) else ExitCode.READER

    def _steps(self) -> Iterator[Throughput]:
        """Ends where the server reads nothing any more."""
        key, number = os.environ.get(self.key_env, "") if self.key_env else "", 0
        for in_flight in self.in_flight:
            server = ServerAddress(self.url.rstrip("/"), self.model, key, self.family, in_flight)
            pages = map(_sample, range(number, number + in_flight * _ROUNDS))
            number += in_flight * _ROUNDS
            step = measure_throughput(server, ReadOptions(servers=(server,)), pages)
            yield step
            if not step.pages:
                return


def parse_in_flight(numbers: str) -> tuple[int, ...]:
    try:
        parsed = tuple(sorted({int(number) for number in numbers.split(",")}))
    except ValueError:
        parsed = (0,)
    if parsed[0] < 1 or parsed[-1] > 1024:
        raise SettingsError(f"{numbers!r} are no numbers of pages.", f"Write them like {IN_FLIGHT}.")
    return parsed


def fewest_for_most(steps: Sequence[Throughput]) -> int | None:
    most = max((step.pages_a_second for step in steps), default=0.0)
    enough = (step.in_flight for step in steps if step.pages_a_second >= _NEARLY * most)
    return next(enough, None) if most else None


def _row(step: Throughput) -> tuple[str, ...]:
    seconds = step.in_flight / step.pages_a_second if step.pages else 0.0
    memory = psutil.Process().memory_info().rss / 1e6
    return (
        str(step.in_flight),
        f"{step.pages_a_second:.2f}",
        f"{seconds:.1f}",
        f"{step.core * 100:.0f}",
        f"{memory:.0f}",
        step.problem,
    )


def _sample(number: int) -> PageImage:
    """A page of A4 in grey, as no other is: what a server has read it may remember."""
    from PIL import Image, ImageDraw, ImageFont

    page = Image.new("L", _SIZE, 255)
    words = "The quick brown fox jumps over the lazy dog 1234567890 times."
    text = "\n".join(f"{number}.{line} {words}" for line in range(40))
    ImageDraw.Draw(page).text((100, 120), text, 0, ImageFont.load_default(26), spacing=16)
    return PageImage(page)
