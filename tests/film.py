"""The README's moving picture, made from the real program: files land, notes come, a word is found.

    python -m tests.film docs/pictures/desk.gif

Starts `papertray run` with the quick reader in a home of its own, looks at its page in Chromium, and drops
files into the folder that are drawn here. What is seen is what happened; only waits are shortened.
"""

import io
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFont
from playwright.sync_api import Page, sync_playwright
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import ListFlowable, Paragraph, SimpleDocTemplate, Spacer

from papertray.daemon.client.api_client import ApiClient
from papertray.daemon.client.client import Client
from papertray.daemon.places import find_places
from tests.bench.memory import daemon
from tests.daemon.web.conftest import ARGUMENTS, CHROMIUM
from tests.desks import until
from tests.engine import pages_made

WINDOW = {"width": 1080, "height": 660}
SIZE = (864, 528)
BAR = 34  # pixels for the words beneath
COLOURS = 64
INDEXED_AFTER = 12_000
LONGEST_WAIT = 700  # milliseconds that a picture stays while something is waited for


@dataclass
class Film:
    """Pictures of a page with words beneath; one that is like the one before makes that one stay longer."""

    page: Page
    words: str = ""
    frames: list[tuple[Image.Image, int]] = field(default_factory=list)

    def look(self, milliseconds: int) -> None:
        whole = (
            Image.open(io.BytesIO(self.page.screenshot()))
            .convert("RGB")
            .resize(SIZE, Image.Resampling.LANCZOS)
        )
        frame = Image.new("RGB", (SIZE[0], SIZE[1] + BAR), "#22303c")
        frame.paste(whole)
        font = ImageFont.truetype(pages_made.SANS, 16)
        ImageDraw.Draw(frame).text((16, SIZE[1] + 7), self.words, "white", font)
        if self.frames and ImageChops.difference(frame, self.frames[-1][0]).getbbox() is None:
            last, stays = self.frames[-1]
            self.frames[-1] = (last, min(stays + milliseconds, max(stays, LONGEST_WAIT)))
        else:
            self.frames.append((frame, milliseconds))

    def hold(self, milliseconds: int) -> None:
        """Leave time to read, once all is there."""
        self.page.wait_for_function("() => [...document.images].every(one => one.complete)")
        self.page.wait_for_timeout(400)
        self.look(100)
        frame, _ = self.frames[-1]
        self.frames[-1] = (frame, milliseconds)

    def save(self, path: Path) -> None:
        palette = self.frames[-1][0].quantize(COLOURS, Image.Quantize.MEDIANCUT)
        pictures = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame, _ in self.frames]
        durations = [stays for _, stays in self.frames]
        pictures[0].save(
            path, save_all=True, append_images=pictures[1:], duration=durations, loop=0, optimize=True
        )


def draw_files(folder: Path) -> list[Path]:
    """A skewed scan with a table, a photograph-like page in Chinese, and a report with its own text."""
    stores = pages_made.skewed(pages_made.noisy(pages_made.ruled_table()))
    stores.image.save(folder / "stores.jpg", quality=80)
    chinese = pages_made.noisy(pages_made.one_column(pages_made.CHINESE, pages_made.HAN))
    chinese.image.save(folder / "港口.png")
    styles = getSampleStyleSheet()
    story = [Paragraph("The harbour in winter", styles["Title"])]
    for number, title in enumerate(("Ships", "Cargo", "The lighthouse"), 1):
        story += [Paragraph(f"{number} {title}", styles["Heading1"])]
        story += [Paragraph(text, styles["BodyText"]) for text in pages_made.ENGLISH[number : number + 4]]
        points = [Paragraph(text, styles["BodyText"]) for text in pages_made.ENGLISH[:2]]
        story += [ListFlowable(points, bulletType="bullet"), Spacer(1, 14)]
    SimpleDocTemplate(str(folder / "harbour-report.pdf"), pagesize=A4, title="The harbour in winter").build(
        story
    )
    return [folder / name for name in ("stores.jpg", "港口.png", "harbour-report.pdf")]


def play(film: Film, client: Client, files: list[Path], inbox: Path) -> None:
    page = film.page
    film.words = "papertray watches a folder. Scans and PDFs are dropped into it …"
    film.hold(1800)
    for file in files:
        shutil.move(file, inbox / file.name)
    film.words = "… and are read, one page after the other, on this machine."
    until_read = time.monotonic() + 180
    while client.status().counts.get("done", 0) < len(files) and time.monotonic() < until_read:
        film.look(200)
        page.wait_for_timeout(200)
    film.hold(1800)
    film.words = "Each page stands beside its note; point at one, and the other lights up."
    page.get_by_role("link", name="stores.jpg").first.click()
    page.locator(".block table").first.wait_for()
    film.hold(1500)
    page.locator(".block table").first.hover()
    film.hold(2600)
    film.words = "The note itself is a Markdown file beside the scan."
    page.get_by_role("button", name="Markdown", exact=True).click()
    film.hold(2400)
    film.words = "Whatever was read can be found by its words …"
    page.keyboard.press("Escape")
    page.wait_for_timeout(INDEXED_AFTER)
    page.keyboard.press("/")
    for letter in "city archive":
        page.keyboard.type(letter)
        film.look(70)
    page.get_by_role("list", name="Pages").get_by_role("listitem").first.wait_for()
    film.hold(2200)
    film.words = "… and is shown where it stands."
    page.get_by_role("list", name="Pages").get_by_role("link").first.click()
    page.locator(".block").first.wait_for()
    film.hold(3200)


def main(target: Path) -> None:
    with tempfile.TemporaryDirectory() as home:
        inbox, drafts = Path(home) / "OCR" / "inbox", Path(home) / "drafts"
        inbox.mkdir(parents=True)
        drafts.mkdir()
        with daemon(Path(home)), Client(find_places()) as client, sync_playwright() as playwright:
            until(lambda: client.status().folders and find_places().runtime.exists(), "the start")
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            page = browser.new_page(viewport=WINDOW, locale="en-GB", reduced_motion="reduce")
            page.goto(ApiClient(find_places()).login_url())
            page.wait_for_url(lambda url: "/login" not in url)
            film = Film(page)
            play(film, client, draw_files(drafts), inbox)
            film.save(target)
            browser.close()
    seconds = sum(stays for _, stays in film.frames) / 1000
    print(f"{target}: {len(film.frames)} pictures, {seconds:.0f} s, {target.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
