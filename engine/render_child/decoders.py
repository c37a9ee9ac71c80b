"""Load all that opens documents, before the first is opened: later nothing may be loaded from the disk."""

from importlib import import_module


def load_decoders() -> None:
    from PIL import Image

    from papertray.engine.render_child import images

    import_module("papertray.engine.render_child.pdf")
    for module, _name in images.PLUGINS.values():
        import_module(module)
    Image.MAX_IMAGE_PIXELS = None  # the limits are ours, and checked before pixels are made
