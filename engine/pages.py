"""What goes into a reader and what comes out: plain values, no model, no disk."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from papertray.engine.server_address import ServerAddress
from papertray.engine.text_lines import TextLine

if TYPE_CHECKING:  # Pillow costs an idle daemon 15 MB
    from PIL.Image import Image

    from papertray.engine.written import Layer

FIGURE_SCHEME = "figure:"
"""A block links a figure as `![…](figure:NAME)`; whoever writes the note puts the real place in."""


@dataclass(frozen=True, slots=True)
class Box:
    """A place on the page, as fractions of its width and height: (0, 0) is the top left corner."""

    left: float
    top: float
    right: float
    bottom: float


class BlockKind(StrEnum):
    """What a block of a page is; its value is the same word in small letters."""

    TITLE = "title"
    HEADING = "heading"
    TEXT = "text"
    LIST = "list"
    TABLE = "table"
    FORMULA = "formula"
    FIGURE = "figure"
    CAPTION = "caption"
    FOOTNOTE = "footnote"
    HEADER = "header"
    FOOTER = "footer"


MARGINS = frozenset({BlockKind.HEADER, BlockKind.FOOTER})
"""What stands on every page of a document and belongs to none."""


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, table, list or figure, in reading order. `markdown` is ready to be shown.

    `size` is that of its letters in points, 0 where nobody knows it; `depth` the level that the file's own
    outline gives a heading, 0 where it gives none.
    """

    kind: BlockKind
    markdown: str
    box: Box | None = None
    size: float = 0.0
    bold: bool = False
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture cut from the page. `name` is unique in its page; `png` is the encoded file."""

    name: str
    png: bytes


class Ending(StrEnum):
    """Why reading a page ended."""

    FINISHED = "finished"
    TOKEN_LIMIT = "token limit"
    LOOP_CUT = "loop cut"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class PageImage:
    """One page, upright as far as its file knows, in RGB. `number` counts from 1.

    `picture` may be a way to draw it, which is gone only when somebody asks for the image. `layer` is what
    the file itself says is written there. `seen` gives the words that another reader has made out on it, and
    None as long as none has. An `is_guest` was sent here by another papertray, to be read here.
    """

    picture: "Image | Callable[[], Image]"
    number: int = 1
    dots_per_inch: float | None = None
    layer: "Layer | None" = None
    seen: "Callable[[], str | None]" = lambda: None
    is_guest: bool = False

    @property
    def image(self) -> "Image":
        return self.picture() if callable(self.picture) else self.picture

    def release(self) -> None:
        """Nobody looks at its picture any more: its memory is given back, although the page stays in hand."""
        forget = getattr(self.picture, "cache_clear", None)
        if forget is not None:
            forget()
        elif not callable(self.picture):
            self.picture.close()


@dataclass(frozen=True, slots=True)
class Transcript:
    """What a model was given and what it said, before any conversion: for reproducing its numbers."""

    prompt_ids: tuple[int, ...]
    generated_ids: tuple[int, ...]
    raw: str


class TextSource(StrEnum):
    """How a page's text was come by."""

    RECOGNISED = "recognised"
    PARTLY_BY_TESSERACT = "recognised partly by Tesseract"
    BY_TESSERACT = "recognised by Tesseract"
    WRITTEN = "from the PDF itself"
    PARTLY_WRITTEN = "from the PDF itself, the rest recognised"

    @property
    def is_written(self) -> bool:
        """Whether some of the text is what the file itself says."""
        return self in (TextSource.WRITTEN, TextSource.PARTLY_WRITTEN)


class PdfText(StrEnum):
    """Whether the text that a PDF carries is used: where it can be trusted, never, or without a doubt."""

    AUTO = "auto"
    NEVER = "never"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class DoubtfulWord:
    """A word that may be wrong: `text` as it was seen, how certain that is from 0 to 1, and where it stands.

    `certain` is None where it was not the reader of the page that doubts it.
    """

    text: str
    certain: float | None = None
    box: Box | None = None


GOOD = 0.95
"""A page of at least this confidence is good; one of less is doubtful."""


@dataclass(frozen=True, slots=True)
class PageText:
    """What a reader saw on one page.

    A blank page is `blank` with no blocks. `warnings` are sentences for the reader of the note.
    `tokens` is 0 and `transcript` None for readers that have none. `confidence` is how much of the page is
    likely to be right, from 0 to 1, and None where the reader cannot tell. `lines` stand in reading order;
    they are those that the quick reader saw, also where a large model wrote the blocks. `reader` is the name
    of who read the page; "" where nobody noted that.
    """

    blocks: tuple[Block, ...]
    ending: Ending = Ending.FINISHED
    figures: tuple[Figure, ...] = ()
    warnings: tuple[str, ...] = ()
    blank: bool = False
    tokens: int = 0
    transcript: Transcript | None = None
    source: TextSource = TextSource.RECOGNISED
    confidence: float | None = None
    doubtful_words: tuple[DoubtfulWord, ...] = ()
    lines: tuple[TextLine, ...] = ()
    reader: str = ""

    @property
    def is_doubtful(self) -> bool:
        """Whether somebody should look at this page: it is unsure, or a second reader saw something else."""
        unsure = self.confidence is not None and self.confidence < GOOD
        return unsure or any(word.certain is None for word in self.doubtful_words)

    @property
    def markdown(self) -> str:
        """Without running heads, feet and page numbers, unless the page has nothing else."""
        kept = [block for block in self.blocks if block.kind not in MARGINS] or self.blocks
        return "\n\n".join(block.markdown for block in kept)


@dataclass(frozen=True, slots=True)
class Watch:
    """How the caller follows a reader, and stops it. Readers ask `cancelled` at least once a token.

    `each` are for the pages one by one, where the caller follows several that are read together so; one of
    them may be `given_up` alone.
    """

    cancel: threading.Event = field(default_factory=threading.Event)
    progress: Callable[[int], None] = lambda _tokens: None
    each: "tuple[Watch, ...]" = ()
    given_up: threading.Event | None = None

    def of_page(self, number: int) -> "Watch":
        """Counted from 0, in the order of the pages."""
        return self.each[number] if self.each else self

    def from_page(self, number: int) -> "Watch":
        """For a part of the pages, which begins with this one."""
        return replace(self, each=self.each[number:])

    @property
    def cancelled(self) -> bool:
        return self.cancel.is_set() or (self.given_up is not None and self.given_up.is_set())


@dataclass(frozen=True, slots=True)
class ReaderIdentity:
    """Which reader read a page, as the note's front matter and the status tell it."""

    name: str
    revision: str
    device: str


LoadProgress = Callable[[float], None]
"""Takes how much of a model is in memory, from 0 to 1. Called often: must be quick."""


def ignore_progress(_share: float) -> None:
    """For whoever does not wait for a model to be loaded."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How a model shall read: None means what the model's own file names as its default.

    `cut_figures` has the quick reader cut figures and torn formulas out of its pages, as large models do.
    `languages` are those that Tesseract may be asked for, all that are installed where it is None. `threads`
    is how many a reader may keep busy, as many as help where it is None. `layout` is the folder of the model
    that finds the regions of a page, where it is here. `progress` hears how far a large model is loaded.
    """

    mode: str | None = None
    prompt: str = "document"
    max_tokens: int | None = None
    no_repeat_ngram: int | None = None
    pdf_text: PdfText = PdfText.AUTO
    cut_figures: bool = False
    longest_side: int | None = None
    servers: tuple[ServerAddress, ...] = ()
    languages: tuple[str, ...] | None = None
    threads: int | None = None
    layout: Path | None = None
    progress: LoadProgress = field(default=ignore_progress, compare=False)


class Reader(Protocol):
    """A way of reading pages: a model on a device, the quick reader, a remote endpoint.

    `read` is called from one thread only and answers in the order of `pages`. It raises `Cancelled` when
    the watch says so, `ReaderError` when it cannot read at all. `batch` is how many pages it likes at once.
    `why` is the reason for the device it works on, and against better ones; `rung` is what it gave up to fit
    into memory. Both are sentences for people, and empty where there is nothing to say.
    """

    @property
    def identity(self) -> ReaderIdentity: ...
    @property
    def batch(self) -> int: ...
    @property
    def why(self) -> str: ...
    @property
    def rung(self) -> str: ...
    def read(self, pages: Sequence[PageImage], watch: Watch) -> list[PageText]: ...
    def close(self) -> None: ...


@runtime_checkable
class StartsPrograms(Protocol):
    """A reader that starts programs of others. `starting` names those that have to run before it can read.

    `memory` is what they hold, in bytes; 0 while that is not known.
    """

    @property
    def starting(self) -> str: ...
    @property
    def memory(self) -> int: ...
