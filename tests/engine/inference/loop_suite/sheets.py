"""Draws what an answer says on a sheet, so that the loop guard can look at a page that really says it."""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from tests.engine.pages_made import SANS, SERIF, font

WIDTH, HEIGHT, MARGIN = 1240, 1754, 90
PITCH = 1.45  # of a line, in sizes of its letters


@dataclass
class Sheet:
    """A page that is filled from its top. `hand` is written by hand: no letter is twice the same."""

    size: float = 22
    face: str = SERIF
    hand: bool = False
    seed: int = 1
    finish: Callable[[Image.Image], Image.Image] = lambda image: image
    steps: list[Callable[["Pen"], None]] = field(default_factory=list)

    def paragraph(self, text: str, columns: int = 1) -> "Sheet":
        self.steps.append(lambda pen: pen.flow(text.split(), columns))
        return self

    def lines(self, texts: Sequence[str], columns: int = 1) -> "Sheet":
        self.steps.append(lambda pen: pen.stack(texts, columns))
        return self

    def table(self, rows: Sequence[Sequence[str]], ruled: bool = True) -> "Sheet":
        self.steps.append(lambda pen: pen.grid(rows, ruled))
        return self

    def draw(self) -> Image.Image:
        pen = Pen(self)
        for step in self.steps:
            step(pen)
        return self.finish(pen.image)


class Pen:
    def __init__(self, sheet: Sheet) -> None:
        self.image = Image.new("RGB", (WIDTH, HEIGHT), "white")
        self.draw = ImageDraw.Draw(self.image)
        self.sheet, self.y, self.dice = sheet, float(MARGIN), random.Random(sheet.seed)

    def write(self, x: float, y: float, text: str, size: float) -> float:
        """One line; gives where it ends."""
        for part in text.split(" "):
            if any(ord(sign) > 0x2E80 for sign in part):
                x = self._signs(x, y, part, size)
            elif self.sheet.hand:
                x = self._scrawl(x, y, part, size)
            else:
                face = font(self.sheet.face, max(6, round(size)))
                self.draw.text((x, y), part, font=face, fill="black")
                x += self.draw.textlength(part, font=face)
            x += size * 0.3
        return x

    def _scrawl(self, x: float, y: float, word: str, size: float) -> float:
        for sign in word:
            face = font(self.sheet.face, max(6, round(size * self.dice.uniform(0.85, 1.2))))
            self.draw.text((x, y + size * self.dice.uniform(-0.12, 0.12)), sign, font=face, fill="black")
            x += self.draw.textlength(sign, font=face) * self.dice.uniform(0.9, 1.1)
        return x

    def _signs(self, x: float, y: float, word: str, size: float) -> float:
        """Each sign of a script that has no font here: some strokes, always the same."""
        for sign in word:
            strokes = random.Random(ord(sign))
            for _ in range(5):
                ends = [strokes.uniform(0.08, 0.92) * size for _ in range(4)]
                places = (x + ends[0], y + ends[1] + size * 0.2, x + ends[2], y + ends[3] + size * 0.2)
                self.draw.line(places, fill="black", width=max(1, round(size / 12)))
            x += size
        return x

    def _width(self, text: str) -> float:
        return float(self.draw.textlength(text, font=font(self.sheet.face, max(6, round(self.sheet.size)))))

    def flow(self, words: Sequence[str], columns: int) -> None:
        room = (WIDTH - 2 * MARGIN - 40 * (columns - 1)) / columns
        lines, line = [], ""
        for word in words:
            if line and self._width(f"{line} {word}") > room:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}".strip()
        self.stack([*lines, line], columns)

    def stack(self, texts: Sequence[str], columns: int) -> None:
        size, pitch = self.sheet.size, self.sheet.size * PITCH
        each = math.ceil(len(texts) / columns)
        pitch = min(pitch, (HEIGHT - MARGIN - self.y) / max(1, each))
        size = min(size, pitch / 1.15)
        room = (WIDTH - 2 * MARGIN) / columns
        size *= min(1, 0.96 * room / max(1, *(self._width(text) * size / self.sheet.size for text in texts)))
        for number, text in enumerate(texts):
            column, row = divmod(number, each)
            self.write(MARGIN + column * room, self.y + row * pitch, text, size)
        self.y += each * pitch + size

    def grid(self, rows: Sequence[Sequence[str]], ruled: bool) -> None:
        count = max(len(row) for row in rows)
        pitch = min(self.sheet.size * 1.7, (HEIGHT - MARGIN - self.y) / len(rows))
        size, room = min(self.sheet.size, pitch / 1.25), (WIDTH - 2 * MARGIN) / count
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                x, y = MARGIN + column * room + 6, self.y + number * pitch
                self.write(x, y + (pitch - size) / 3, cell, size)
        if ruled:
            for number in range(len(rows) + 1):
                y = self.y + number * pitch
                self.draw.line((MARGIN, y, WIDTH - MARGIN, y), fill="black", width=2)
            for column in range(count + 1):
                x = MARGIN + column * room
                self.draw.line((x, self.y, x, self.y + len(rows) * pitch), fill="black", width=2)
        self.y += len(rows) * pitch + size


def scanned(image: Image.Image) -> Image.Image:
    """A little askew, a little soft, a little grainy."""
    askew = image.rotate(0.6, Image.Resampling.BICUBIC, fillcolor="white")
    soft = askew.filter(ImageFilter.GaussianBlur(0.9))
    return Image.blend(soft, grain(soft.size), 0.14)


@cache
def grain(size: tuple[int, int]) -> Image.Image:
    noise = np.random.default_rng(7).normal(128, 45, size[::-1]).clip(0, 255)
    return Image.fromarray(noise.astype(np.uint8)).convert("RGB")


def coarse(image: Image.Image) -> Image.Image:
    """As a fax or a small photo has it."""
    return image.resize((image.width * 11 // 20, image.height * 11 // 20), Image.Resampling.BILINEAR)


FINISHES: tuple[Callable[[Image.Image], Image.Image], ...] = (lambda image: image, scanned, coarse)
FACES = (SERIF, SANS)


@dataclass(frozen=True)
class Case:
    """`loop` is where in the answer a loop begins; None where it has none."""

    name: str
    answer: str
    sheet: Sheet
    loop: int | None = None
