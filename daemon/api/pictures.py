"""A page as a picture for a browser: drawn by a renderer of the API's own, apart from the one that reads.

Only the file that a document was read from is drawn, beneath its folder, and only while it is still the same.
"""

import io
import threading
from collections.abc import Callable
from dataclasses import replace

from papertray.daemon.files import Roots
from papertray.daemon.outputs.gathering import find_source
from papertray.daemon.records import DocumentRecord
from papertray.engine.beneath import Source
from papertray.engine.documents import DocumentLimits, Fingerprint, Outline
from papertray.engine.renderer import Renderer

_IDLE = 20.0  # seconds after which the renderer's child may go
_QUALITY = 85
_SMALL, _COARSE = 160, 50  # pixels of a thumbnail's longest side; dots per inch that are enough for that
_MOST_KEPT = 1000  # thumbnails of some 3 kB each


class Pictures:
    def __init__(self, limits: Callable[[], DocumentLimits], roots: Callable[[], Roots]) -> None:
        self._limits = limits
        self._roots = roots
        self._lock = threading.Lock()
        self._renderer: Renderer | None = None
        self._idle: threading.Timer | None = None

    def jpeg(self, document: DocumentRecord, number: int, longest_side: int) -> bytes:
        source = self._roots().beneath(find_source(document), document.folder)
        image = self._wake_renderer().image(source, number).image
        image.thumbnail((longest_side, longest_side))
        out = io.BytesIO()
        image.save(out, "JPEG", quality=_QUALITY)
        return out.getvalue()

    def inspect(self, source: Source) -> Outline:
        """Kind and sizes of a document's pages."""
        return self._wake_renderer().inspect(source)

    def close(self) -> None:
        with self._lock:
            if self._idle is not None:
                self._idle.cancel()
            if self._renderer is not None:
                self._renderer.close()

    def _wake_renderer(self) -> Renderer:
        with self._lock:
            if self._renderer is None:
                self._renderer = Renderer(self._limits(), ahead=0)
            if self._idle is not None:
                self._idle.cancel()
            self._idle = threading.Timer(_IDLE, self._renderer.rest)
            self._idle.daemon = True
            self._idle.start()
            return self._renderer


class Thumbnails:
    """First pages, small. Drawn coarsely by a renderer of their own, and the last ones kept."""

    def __init__(self, limits: Callable[[], DocumentLimits], roots: Callable[[], Roots]) -> None:
        self._pictures = Pictures(lambda: replace(limits(), dots_per_inch=_COARSE), roots)
        self._kept: dict[tuple[int, Fingerprint], bytes] = {}
        self._lock = threading.Lock()

    def jpeg(self, document: DocumentRecord) -> bytes:
        """One at a time: who draws them is to take little of a machine that reads."""
        name = document.id, document.fingerprint
        if drawn := self._kept.get(name):
            return drawn
        with self._lock:
            if name not in self._kept:
                self._kept[name] = self._pictures.jpeg(document, 1, _SMALL)
            if len(self._kept) > _MOST_KEPT:
                self._kept.pop(next(iter(self._kept)))
            return self._kept[name]

    def close(self) -> None:
        self._pictures.close()
