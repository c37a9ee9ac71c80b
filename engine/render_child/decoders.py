"""Load all that opens documents, before the first is opened: later nothing may be loaded from the disk."""

import codecs
from importlib import import_module

_CODECS = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "ascii", "cp1252", "mac-roman")
"""That titles of PDFs and remarks in pictures may be written in."""


def load_decoders() -> None:
    from PIL import Image

    from papertray.engine.render_child import images

    import_module("papertray.engine.render_child.pdf")
    for module, _name in images.PLUGINS.values():
        import_module(module)
    for codec in _CODECS:
        codecs.lookup(codec)
    Image.MAX_IMAGE_PIXELS = None  # the limits are ours, and checked before pixels are made
