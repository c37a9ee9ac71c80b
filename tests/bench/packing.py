"""What one core takes to pack a page for a server, and how large it is: grey print, a colour scan with grain.

python -m tests.bench.packing
"""

import time
from contextlib import closing

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from papertray.engine.pages import PageImage, ReadOptions
from papertray.engine.readers.server.reader import load
from papertray.engine.server_address import ServerAddress

ROUNDS = 5
SIZE = (1654, 2339)  # A4 at 200 dots per inch


def draw_print() -> Image.Image:
    page = Image.new("RGB", SIZE, "white")
    text = "\n".join(
        f"{line} The quick brown fox jumps over the lazy dog 1234567890 times." for line in range(40)
    )
    ImageDraw.Draw(page).text((120, 150), text, "black", ImageFont.load_default(30), spacing=20)
    return page


def add_grain(page: Image.Image) -> Image.Image:
    grain = np.random.default_rng(1).integers(-6, 6, (page.height, page.width, 3))
    return Image.fromarray(np.clip(np.asarray(page, np.int16) + grain, 0, 255).astype(np.uint8))


if __name__ == "__main__":
    options = ReadOptions(servers=(ServerAddress("https://nobody.example/v1", "ocr"),))
    with closing(load(options)) as reader:
        for name, picture in (("grey print", draw_print()), ("a colour scan", add_grain(draw_print()))):
            began = time.process_time()
            packed = [reader._sender.pack(PageImage(picture)) for _ in range(ROUNDS)][-1]
            took = (time.process_time() - began) / ROUNDS * 1000
            assert packed is not None
            print(f"{name}: {took:.0f} ms of one core, {len(packed.png) * 4 / 3 / 1e6:.1f} MB in a request")
