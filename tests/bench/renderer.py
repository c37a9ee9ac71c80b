"""How fast pages come out of the renderer, and what its child weighs: `python -m tests.bench.renderer`."""

import json
import tempfile
import time
from pathlib import Path

import psutil
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from papertray.engine.renderer import Renderer

WORDS = "The quick brown fox jumps over the lazy dog and drops the page into the inbox. "
SMALL_IMAGES = 500


def book(path: Path, pages: int) -> Path:
    canvas = Canvas(str(path), pagesize=A4)
    for number in range(1, pages + 1):
        for line in range(50):
            canvas.drawString(50, 790 - 15 * line, f"{number}.{line} {WORDS}")
        canvas.showPage()
    canvas.save()
    return path


def pages_a_second(renderer: Renderer, path: Path) -> float:
    pages = [(path, number) for number, _ in enumerate(renderer.inspect(path).pages, start=1)]
    start = time.perf_counter()
    for place, page in enumerate(pages):
        renderer.expect(pages[place : place + 4])
        renderer.image(*page)
    return len(pages) / (time.perf_counter() - start)


def small_images_a_second(renderer: Renderer, folder: Path) -> float:
    paths = [folder / f"{number}.png" for number in range(SMALL_IMAGES)]
    for path in paths:
        Image.new("RGB", (64, 64), "white").save(path)
    renderer.inspect(paths[0])
    start = time.perf_counter()
    for path in paths:
        renderer.inspect(path)
        renderer.image(path, 1)
    return len(paths) / (time.perf_counter() - start)


def resident_megabytes() -> float:
    return sum(child.memory_info().rss for child in psutil.Process().children()) / 1e6


def growth(renderer: Renderer, path: Path) -> dict[str, float]:
    pages = len(renderer.inspect(path).pages)
    renderer.image(path, 1)
    first = resident_megabytes()
    for number in range(2, pages):
        renderer.image(path, number)
    renderer.image(path, pages)
    return {"after_page_1": round(first, 1), f"after_page_{pages}": round(resident_megabytes(), 1)}


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Renderer() as renderer:
            a4 = pages_a_second(renderer, book(folder / "fifty.pdf", 50))
        with Renderer() as renderer:
            small = small_images_a_second(renderer, folder)
        with Renderer() as renderer:
            weight = growth(renderer, book(folder / "book.pdf", 500))
    found = {
        "a4_pages_a_second": round(a4, 1),
        "small_images_a_second": round(small),
        "child_megabytes": weight,
    }
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
