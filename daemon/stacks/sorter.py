"""Make the documents of a pile that it is: cut where its folder says, or two sides of the same sheets joined.

Takes a document that was opened; gives what its note says of every page. Its file stays as it is. The sheets
are drawn by a renderer of its own: while a long pile is looked at, others are read.
"""

import importlib.util
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from loguru import logger

from papertray.daemon.errors import StacksMissing
from papertray.daemon.records import STACK, DocumentRecord, OpenedDocument, SortedStack
from papertray.daemon.settings import FolderSettings
from papertray.daemon.stacks.making import PartMaker, part_names
from papertray.daemon.stacks.sides import Side, interleave_sides
from papertray.engine.beneath import HeldFile
from papertray.engine.documents import DocumentLimits
from papertray.engine.errors import (
    Cancelled,
    DocumentChanged,
    DocumentError,
    DocumentGone,
    RendererCrashed,
    RendererOutOfMemory,
    RendererTimedOut,
    Unreadable,
)
from papertray.engine.escape import escape
from papertray.engine.language import translate
from papertray.engine.pages import Block, BlockKind, PageText
from papertray.engine.renderer import Renderer
from papertray.engine.stacks.binding import bind_pages
from papertray.engine.stacks.parts import Part, part_at_blanks, part_at_separators
from papertray.engine.stacks.sheets import LookAtSheet, SheetKind, look_for_barcodes, look_for_blanks

JOINED = f"{STACK}joined"
NOT_BOUND = (Unreadable, RendererCrashed, RendererOutOfMemory, RendererTimedOut)
"""Why no document can be made of the pages of another that can well be read."""


class StackSorter:
    """Has the folders whose settings speak of piles. Used by one thread."""

    def __init__(
        self,
        folders: Iterable[FolderSettings],
        limits: DocumentLimits,
        renderer: Renderer,
        maker: PartMaker,
    ) -> None:
        chosen = (folder for folder in folders if folder.split_at != "nothing" or folder.join_sides)
        self.folders = {folder.path: folder for folder in chosen}
        self._limits = limits
        self._renderer = renderer
        self._maker = maker

    def split(self, document: DocumentRecord, opened: OpenedDocument, descriptor: int) -> SortedStack | None:
        """None of what is one document."""
        folder = self.folders[document.folder]
        if folder.split_at == "nothing" or opened.pages < 2:
            return None
        way = STACK + json.dumps({"split_at": folder.split_at, "separator": folder.separator})
        self.require_libraries(document.folder)
        stack = replace(opened, way=way)
        if (document.sha256, document.way) == (opened.sha256, way):
            return SortedStack(stack, ())  # it was before, and its pages say so
        file = HeldFile(document.path, descriptor)
        sheets = self._look(file, opened.pages, _look_for(folder))
        parts = (part_at_blanks if folder.split_at == "blank" else part_at_separators)(sheets)
        if not parts or parts == [tuple(range(1, opened.pages + 1))]:
            return None
        return SortedStack(stack, self._make_parts(document, file, sheets, parts))

    def join(
        self, documents: Sequence[tuple[DocumentRecord, OpenedDocument, int]], side: Side
    ) -> list[SortedStack]:
        """Fronts and backs, in this order, of the same number of sheets."""
        self.require_libraries(documents[0][0].folder)
        files = [(HeldFile(document.path, handle), opened.pages) for document, opened, handle in documents]
        order = interleave_sides(files[0][1])
        (whole,) = bind_pages(files, [order], self._limits)
        name = self._maker.make(documents[0][0], side.whole, whole).name
        stacks = []
        for which, (_, opened, _) in enumerate(documents):
            places = {number: at for at, (file, number) in enumerate(order, start=1) if file == which}
            pages = tuple(_page_text(_place(places[number], name)) for number in sorted(places))
            stacks.append(SortedStack(replace(opened, way=JOINED), pages))
        return stacks

    def require_libraries(self, folder: Path) -> None:
        """StacksMissing where one is not installed."""
        needed = {"pikepdf": "pikepdf"}
        if self.folders[folder].split_at == "barcode":
            needed["zxingcpp"] = "zxing-cpp"
        for module, library in needed.items():
            if importlib.util.find_spec(module) is None:
                raise StacksMissing(library)

    def rest(self) -> None:
        """There is nothing to look at."""
        self._renderer.rest()

    def close(self) -> None:
        self._renderer.close()

    def _make_parts(
        self, document: DocumentRecord, file: HeldFile, sheets: Sequence[SheetKind], parts: Sequence[Part]
    ) -> tuple[PageText, ...]:
        said = {number: _left_out(sheet) for number, sheet in enumerate(sheets, start=1)}
        wanted = [[(0, number) for number in part] for part in parts]
        contents = bind_pages([(file, len(sheets))], wanted, self._limits)
        for part, content, name in zip(parts, contents, part_names(document.path, len(parts)), strict=True):
            place = self._maker.make(document, name, content)
            said |= {number: _place(at, place.name) for at, number in enumerate(part, start=1)}
        return tuple(_page_text(said[number]) for number in sorted(said))

    def _look(self, file: HeldFile, pages: int, look: LookAtSheet) -> list[SheetKind]:
        """A sheet that cannot be drawn is a page, and whoever reads it says what is wrong with it."""
        import numpy as np

        self._renderer.expect([(file, number) for number in range(1, pages + 1)])
        sheets = []
        for number in range(1, pages + 1):
            try:
                sheets.append(look(np.asarray(self._renderer.image(file, number).image.convert("L"))))
            except (Cancelled, DocumentChanged, DocumentGone):
                raise
            except DocumentError as problem:
                logger.info("sheet {} cannot be drawn: {}", number, type(problem).__name__)
                sheets.append(SheetKind.PAGE)
        return sheets


def _look_for(folder: FolderSettings) -> LookAtSheet:
    return look_for_blanks if folder.split_at == "blank" else look_for_barcodes(folder.separator)


def _place(page: int, name: str) -> str:
    return translate("Page {page} of {name}.", page=page, name=escape(name))


def _left_out(sheet: SheetKind) -> str:
    if sheet is SheetKind.SEPARATOR:
        return translate("A separator sheet: it is in none of the documents.")
    return translate("A blank sheet: it is in none of the documents.")


def _page_text(said: str) -> PageText:
    return PageText((Block(BlockKind.TEXT, said),))
