"""A page as a request: the picture at the model's own size in the body, the publisher's words beside it."""

import base64
import io
from typing import Any

from PIL import Image

from papertray.engine.inference.paper import fit_within
from papertray.engine.pages import ReadOptions, ServerAddress
from papertray.engine.readers.server.families import ServerFamily

_MAX_TOKENS = 8192


def make_request(
    picture: Image.Image, server: ServerAddress, family: ServerFamily, options: ReadOptions
) -> tuple[dict[str, Any], tuple[int, int]]:
    """The body, and the size of the picture in it."""
    side = min(options.longest_side or family.longest_side, family.longest_side)
    width, height = picture.size
    size = fit_within(width, height, side, 1)
    if size != picture.size:
        picture = picture.resize(size, Image.Resampling.BICUBIC)
    image = {"type": "image_url", "image_url": {"url": _data_url(picture)}}
    words = family.prompt if options.prompt == "document" else options.prompt
    text = [{"type": "text", "text": words}] if words else []
    message = {"role": "user", "content": [*text, image] if family.prompt_first else [image, *text]}
    body = {
        "model": server.model,
        "messages": [message],
        "temperature": 0,
        "max_tokens": options.max_tokens or _MAX_TOKENS,
        "stream": True,
        **family.fields,
    }
    return body, size


def _data_url(picture: Image.Image) -> str:
    content = io.BytesIO()
    picture.save(content, "PNG", compress_level=1)
    return "data:image/png;base64," + base64.b64encode(content.getvalue()).decode()
