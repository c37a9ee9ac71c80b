"""What dots.ocr can be asked, in the words it was trained on."""

from dataclasses import dataclass

from papertray.engine.dialects.dots import CATEGORIES, LAYOUT_PROMPT
from papertray.engine.errors import ReaderError
from papertray.engine.inference.readings import NoSuchMode
from papertray.engine.models.catalog import CatalogEntry
from papertray.engine.pages import ReadOptions


@dataclass(frozen=True, slots=True)
class DotsPrompt:
    """`may_be_layout`: the answer can be a JSON list of boxes. `needs_layout`: anything else is a failure."""

    text: str
    may_be_layout: bool = False
    needs_layout: bool = False


LAYOUT = DotsPrompt(
    LAYOUT_PROMPT,
    may_be_layout=True,
    needs_layout=True,
)
LAYOUT_ONLY = DotsPrompt(
    "Please output the layout information from this PDF image, including each layout's bbox and its "
    "category. The bbox should be in the format [x1, y1, x2, y2]. The layout categories for the PDF document "
    f"include {CATEGORIES}. Do not output the corresponding text. "
    "The layout result should be in JSON format.",
    may_be_layout=True,
)
PLAIN = DotsPrompt("Extract the text content from this image.")

TEXT, OWN = "text", "own"
MODES = {"layout": LAYOUT, TEXT: PLAIN, "layout-only": LAYOUT_ONLY}
DEFAULT_MODE = "layout"

PLACE = "<|imgpad|>"
ENDS = ("<|endoftext|>", "<|endofassistant|>")
_PUBLISHED_PLACE = "<image>"


def prompts_for(entry: CatalogEntry, options: ReadOptions) -> tuple[str, dict[str, DotsPrompt]]:
    """The mode to begin with, and what is asked in each. A prompt of one's own is a mode of its own."""
    mode = options.mode or DEFAULT_MODE
    if mode not in MODES:
        raise NoSuchMode(entry, mode, MODES)
    if options.prompt in ("document", TEXT):
        return (TEXT if options.prompt == TEXT else mode), MODES
    if options.prompt == "figure":
        raise ReaderError(
            f"{entry.title} was not taught the prompt figure.",
            "It knows document and text; any other text is given to it as it is.",
        )
    own = DotsPrompt(options.prompt.replace(_PUBLISHED_PLACE, "").lstrip("\n"), may_be_layout=True)
    return OWN, {**MODES, OWN: own}


def render_prompt(prompt: DotsPrompt) -> str:
    """As the publisher renders it, with one place for the page."""
    return f"<|user|><|img|>{PLACE}<|endofimg|>{prompt.text}<|endofuser|><|assistant|>"
