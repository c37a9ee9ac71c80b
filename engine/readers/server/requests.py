"""A page as a request: the picture at the model's own size in the body, the publisher's words beside it.

What is packed is small, so that many pages can be on their way: a picture is a hundred times as large.
"""

import io
import json
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from itertools import chain
from typing import Any

import numpy as np
from PIL import Image

from papertray.engine.inference.paper import fit_within
from papertray.engine.pages import ReadOptions
from papertray.engine.readers.server.body import RequestBody
from papertray.engine.readers.server.families import ServerFamily
from papertray.engine.server_address import ServerAddress

_MAX_TOKENS = 8192
_PNG = {"compress_level": 1, "compress_type": 3}  # of runs alone: quicker, and pages become no larger
_STRIP = 256  # rows of a picture that are looked at together
_PLACE = "\0"  # where the picture comes into the body


@dataclass(frozen=True, slots=True)
class PackedPage:
    """`png` is what is sent, of this `size`; `whole` the picture as it was, for figures to be cut from.

    `dots_per_inch` are those of `whole`.
    """

    family: ServerFamily
    size: tuple[int, int]
    png: bytes
    whole: bytes
    dots_per_inch: float | None = None

    @property
    def memory(self) -> int:
        return len(self.png) + (len(self.whole) if self.whole is not self.png else 0)

    def unpack(self) -> Image.Image:
        with Image.open(io.BytesIO(self.whole)) as picture:
            return picture.convert("RGB")


def pack_page(
    picture: Image.Image, family: ServerFamily, options: ReadOptions, dots_per_inch: float | None = None
) -> PackedPage:
    side = min(options.longest_side or family.longest_side, family.longest_side)
    size = fit_within(*picture.size, side, 1)
    if _is_grey(picture):
        picture = picture.convert("L")
    if size == picture.size:
        png = _encode(picture, "PNG", **_PNG, **_resolution(dots_per_inch))
        return PackedPage(family, size, png, png, dots_per_inch)
    whole = _encode(picture, "JPEG", quality=95)
    smaller = picture.resize(size, Image.Resampling.BICUBIC)
    dots = dots_per_inch and dots_per_inch * size[0] / picture.width
    png = _encode(smaller, "PNG", **_PNG, **_resolution(dots))
    return PackedPage(family, size, png, whole, dots_per_inch)


class Extra(Enum):
    """What a request can do without where a server refuses it."""

    FIELDS = "fields that only some engines know"
    LIMIT = "how long the answer may be"


def make_body(
    page: PackedPage, server: ServerAddress, options: ReadOptions, left_out: Collection[Extra] = ()
) -> RequestBody:
    family = page.family
    image = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{_PLACE}"}}
    words = family.prompt if options.prompt == "document" else options.prompt
    text = [{"type": "text", "text": words}] if words else []
    message = {"role": "user", "content": [*text, image] if family.prompt_first else [image, *text]}
    body = {
        "model": server.model,
        "messages": [message],
        "temperature": 0,
        "stream": True,
        **({} if Extra.LIMIT in left_out else {"max_tokens": options.max_tokens or _MAX_TOKENS}),
        **({} if Extra.FIELDS in left_out else family.fields),
    }
    before, _, after = json.dumps(body).partition(json.dumps(_PLACE)[1:-1])
    return RequestBody(before.encode(), page.png, after.encode())


def _resolution(dots_per_inch: float | None) -> dict[str, Any]:
    """For who asks how large the letters are."""
    return {"dpi": (dots_per_inch, dots_per_inch)} if dots_per_inch else {}


def _encode(picture: Image.Image, name: str, **how: Any) -> bytes:
    content = io.BytesIO()
    picture.save(content, name, **how)
    return content.getvalue()


def _is_grey(picture: Image.Image) -> bool:
    """Then a third of it says all: half the work, and a smaller request."""
    if picture.getbands() != ("R", "G", "B"):
        return picture.mode == "L"
    sample = picture.resize((64, 64), Image.Resampling.NEAREST)
    strips = (picture.crop((0, top, picture.width, top + _STRIP)) for top in range(0, picture.height, _STRIP))
    return all(map(_has_no_colour, chain((sample,), strips)))


def _has_no_colour(picture: Image.Image) -> bool:
    pixels = np.asarray(picture)
    return bool((pixels[..., 0] == pixels[..., 1]).all() and (pixels[..., 1] == pixels[..., 2]).all())
