"""The parts of a typical page, each measured by itself: what is looked at, prompts, steps of the answer.

The typical page is A4 as papertray draws it, at 200 dots per inch, with an answer of 1,000 tokens. A model
that takes tiles gets a view of the whole and six tiles; one that takes regions eight, each as wide as the
print and an eighth of its height, which are read together and share the tokens, once they have been found;
any other the page as it is, no larger than it gets on a processor. Torch is not loaded with this module:
what is set for it must be set before.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

from PIL import Image, ImageDraw

from papertray.engine.devices.rows import CPU_FLOAT32
from papertray.engine.models.catalog import LAYOUT, CatalogEntry
from papertray.engine.pages import PageImage, Watch

T = TypeVar("T")
PAGE, SMALL = (1654, 2339), (640, 600)
"""Pixels; the second is one that gets no tiles."""
REGION = (1354, 250)
TILES, REGIONS, TOKENS = 6, 8, 1000
FINDING_TOKENS = 170
"""So many says a model that finds the regions itself, of eight."""


class Watched:
    """How long something took, on the clock and of the processor."""

    clock = processor = 0.0

    def do(self, work: Callable[[], T]) -> T:
        clock, processor = time.perf_counter(), time.process_time()
        answer = work()
        self.clock, self.processor = time.perf_counter() - clock, time.process_time() - processor
        return answer

    @property
    def spent(self) -> "Spent":
        return Spent(self.clock, self.processor)


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds, on the clock and of the processor."""

    clock: float = 0.0
    processor: float = 0.0

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(self.clock + other.clock, self.processor + other.processor)

    def __mul__(self, times: float) -> "Spent":
        return Spent(self.clock * times, self.processor * times)

    def figures(self, digits: int = 2) -> dict[str, float]:
        return {"clock_s": round(self.clock, digits), "processor_s": round(self.processor, digits)}


@dataclass(frozen=True, slots=True)
class PageParts:
    """A page takes `a` + `b` for each of its tiles or regions, `views`, + `c` for each token of its answer.

    `looking` and `asking` are `a` and all `b` in another order: what is seen of the page, and the prompts.
    Of a page that is asked for as a whole `decoder` can be given more, with this `prompt`.
    """

    looking: Spent
    asking: Spent
    a: Spent
    b: Spent
    c: Spent
    views: int
    decoder: Any
    prompt: Any

    @property
    def page(self) -> Spent:
        return self.a + self.b * self.views + self.c * TOKENS

    def figures(self) -> dict[str, Any]:
        return {
            "typical_page_s": round(self.page.clock, 1),
            "pages_a_minute": round(60 / self.page.clock, 2),
            "core_seconds_a_page": round(self.page.processor, 1),
            "looking": self.looking.figures(),
            "prompt": self.asking.figures() | {"tokens": len(self.prompt.token_ids)},
            "token": self.c.figures(4),
            "a": self.a.figures(),
            "b": self.b.figures(),
            "views": self.views,
        }


def measure_parts(entry: CatalogEntry, reader: Any, steps: int, layout: Path) -> PageParts:
    from papertray.engine.readers.regions.reader import RegionsReader

    if entry.finder:
        return _measure_regions(reader, _find_by_layout(layout), steps)
    if isinstance(reader, RegionsReader):
        return _measure_regions(reader.model, _find_by_itself(reader.model, steps), steps)
    if ".deepseek." in entry.module:
        return _measure_tiles(reader, steps)
    return _measure_whole(reader, steps)


def _measure_tiles(reader: Any, steps: int) -> PageParts:
    one, whole = _look(reader, draw_picture(SMALL))
    prompt, all_views = _look(reader, draw_picture(PAGE))
    _, one_prompt = _begin(reader, one)
    begun, all_prompt = _begin(reader, prompt)
    a = whole + one_prompt
    tile = (all_views + all_prompt + a * -1) * (1 / TILES)
    token = step_together(reader.decoder, [begun], steps)
    return PageParts(all_views, all_prompt, a, tile, token, TILES, reader.decoder, prompt)


def _measure_whole(reader: Any, steps: int) -> PageParts:
    prompt, looking = _look(reader, draw_picture(PAGE))
    begun, asking = _begin(reader, prompt)
    token = step_together(reader.decoder, [begun], steps)
    return PageParts(looking, asking, looking + asking, Spent(), token, 0, reader.decoder, prompt)


def _measure_regions(reader: Any, finding: Spent, steps: int) -> PageParts:
    """They are read together, as those of a page are. As all are alike, two are looked at."""
    seen = [_look(reader, draw_picture(REGION)) for _ in range(2)]
    prompt, looking = seen[0][0], (seen[0][1] + seen[1][1]) * (REGIONS / 2)
    begun = [_begin(reader, prompt) for _ in range(REGIONS)]
    asking = sum((spent for _, spent in begun), Spent())
    step = step_together(reader.decoder, [each for each, _ in begun], steps)
    region, token = (looking + asking) * (1 / REGIONS), step * (1 / REGIONS)
    return PageParts(finding + looking, asking, finding, region, token, REGIONS, reader.decoder, prompt)


def _find_by_layout(folder: Path) -> Spent:
    from papertray.engine.readers.regions.layout_model import LayoutModel

    finder = LayoutModel.open(folder, LAYOUT, CPU_FLOAT32)
    page, watched = draw_picture(PAGE), Watched()
    finder.find(page)
    watched.do(lambda: finder.find(page))
    return watched.spent


def _find_by_itself(reader: Any, steps: int) -> Spent:
    from papertray.engine.readers.mineru import LAYOUT as OWN

    watched = Watched()
    prompt = watched.do(lambda: reader.encode_page(PageImage(draw_picture(PAGE)), OWN, Watch()))
    begun, asking = _begin(reader, prompt)
    return watched.spent + asking + step_together(reader.decoder, [begun], steps) * FINDING_TOKENS


def _look(reader: Any, picture: Image.Image) -> tuple[Any, Spent]:
    watched = Watched()
    return watched.do(lambda: encode_picture(reader, picture)), watched.spent


def _begin(reader: Any, prompt: Any) -> tuple[Any, Spent]:
    watched = Watched()
    return watched.do(lambda: reader.decoder.begin(prompt.inputs)), watched.spent


def encode_picture(reader: Any, picture: Image.Image) -> Any:
    return reader.encode_page(PageImage(picture), reader.attempts[0].mode, Watch())


def draw_picture(size: tuple[int, int]) -> Image.Image:
    picture = Image.new("RGB", size, "white")
    ImageDraw.Draw(picture).text((20, 20), "Drawn, so that the page is not blank.", fill="black")
    return picture


def step_together(decoder: Any, begun: Sequence[Any], steps: int) -> Spent:
    """One after the other: each says its best token and goes on from there. The median of the steps."""
    contexts, tokens = [context for context, _ in begun], [int(scores.argmax()) for _, scores in begun]
    taken = []
    for _ in range(steps):
        watched = Watched()
        given = [[token] for token in tokens]
        tokens = watched.do(lambda given=given: decoder.step(contexts, given)).argmax(-1).tolist()
        taken.append((watched.clock, watched.processor))
    return Spent(*(median(each) for each in zip(*taken, strict=True)))
