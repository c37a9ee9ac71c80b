"""Open untrusted documents and hand out their pages as images, one at a time.

Decoders and pdfium run in a child process with limits (`engine.render_child`): this side opens no document.
"""

from papertray.engine.documents import DocumentLimits, Outline, PageSize
from papertray.engine.renderer.renderer import Renderer

__all__ = ["DocumentLimits", "Outline", "PageSize", "Renderer"]
