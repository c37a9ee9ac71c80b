"""The pages of files as images, one after the other."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from papertray.daemon.settings import DocumentSettings
from papertray.engine.document_reader import require_file
from papertray.engine.pages import PageImage
from papertray.engine.renderer import DocumentLimits, Renderer


def open_renderer(documents: DocumentSettings, behind: Literal["paper", "colour"] = "paper") -> Renderer:
    """What draws within the limits of the settings; the caller closes it."""
    return Renderer(DocumentLimits(**documents.model_dump(), behind=behind))


def draw_pages(renderer: Renderer, files: Sequence[Path]) -> Iterator[PageImage]:
    for file in files:
        require_file(file)
        for number in range(1, len(renderer.inspect(file).pages) + 1):
            yield renderer.image(file, number)
