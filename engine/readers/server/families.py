"""What each sort of model is asked through a server, and how its answer becomes blocks. No network.

A model is known by the words in its name, or by what the settings say it is. What nobody knows is asked in
plain words for Markdown.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from papertray.engine.dialects import Conversion
from papertray.engine.dialects.deepseek import parse_deepseek
from papertray.engine.dialects.dots import LAYOUT_PROMPT, NotLayout, parse_dots
from papertray.engine.dialects.lighton import parse_lighton
from papertray.engine.dialects.paragraphs import markdown_paragraphs
from papertray.engine.pages import PageImage
from papertray.engine.readers.server.page_details import ASKING
from papertray.engine.server_address import ServerAddress

SILENCE = 300.0  # seconds; some servers say nothing while pages wait with them

Convert = Callable[[str, PageImage, tuple[int, int]], Conversion]
"""The answer, the page, and the size of the picture that was sent."""


_THOUGHTS = re.compile(r"\s*<think>.*?</think>\s*", re.DOTALL)
"""What some models write before they answer, and some engines leave in the answer."""


def _markdown(text: str, _page: PageImage, _sent: tuple[int, int]) -> Conversion:
    thoughts = _THOUGHTS.match(text)
    return Conversion(tuple(markdown_paragraphs(text[thoughts.end() :] if thoughts else text)))


def _deepseek(text: str, page: PageImage, _sent: tuple[int, int]) -> Conversion:
    return parse_deepseek(text, page)


def _dots(text: str, page: PageImage, sent: tuple[int, int]) -> Conversion:
    try:
        return parse_dots(text, page, sent)
    except NotLayout:
        return _markdown(text, page, sent)


def _lighton(text: str, page: PageImage, _sent: tuple[int, int]) -> Conversion:
    return parse_lighton(text, page)


@dataclass(frozen=True, slots=True)
class ServerFamily:
    """`prompt` is the publisher's, `fields` go into the request, `longest_side` is that of the picture.

    With `prompt_first` the words stand before the picture. After so many seconds of `silence` whoever has the
    page counts as away.
    """

    name: str
    known_by: re.Pattern[str]
    prompt: str
    convert: Convert
    longest_side: int
    fields: Mapping[str, Any] = field(default_factory=dict)
    prompt_first: bool = False
    silence: float = SILENCE


PAPERTRAY = ServerFamily(
    "papertray", re.compile(r"^papertray$"), "", _markdown, longest_side=4000, fields=ASKING, silence=60.0
)
"""Another papertray. It has its own ways of making a picture smaller, so that it gets the whole one; and it
gives a sign of life every 15 seconds: one that gives none has been put to sleep.
"""

FAMILIES = (  # the first whose words are in the model's name
    ServerFamily(
        "deepseek-ocr",
        re.compile("deepseek.?ocr"),
        "<|grounding|>Convert the document to markdown.",
        _deepseek,
        longest_side=2000,
        fields={
            "skip_special_tokens": False,  # the boxes are in special tokens
            "vllm_xargs": {"ngram_size": 30, "window_size": 90, "whitelist_token_ids": [128821, 128822]},
        },
    ),
    PAPERTRAY,
    ServerFamily(
        "unlimited-ocr",
        re.compile("unlimited.?ocr"),
        "document parsing.",
        _deepseek,
        longest_side=2000,
        fields={"skip_special_tokens": False, "vllm_xargs": {"ngram_size": 35, "window_size": 128}},
    ),
    ServerFamily("dots-ocr", re.compile(r"dots.?ocr"), LAYOUT_PROMPT, _dots, longest_side=2400),
    ServerFamily("paddleocr-vl", re.compile("paddleocr.?vl"), "OCR:", _markdown, longest_side=2000),
    ServerFamily(
        "minicpm-ocr", re.compile("minicpm.?ocr"), "Text Recognition:", _markdown, longest_side=2000
    ),
    ServerFamily("glm-ocr", re.compile("glm.?ocr"), "Text Recognition:", _markdown, longest_side=2000),
    ServerFamily(
        "lightonocr-3",
        re.compile("lighton.?ocr.?3"),
        "grounding",
        _lighton,
        longest_side=1540,
        fields={"temperature": 0.1},  # its publisher's, against loops
    ),
    ServerFamily("lightonocr", re.compile("lighton.?ocr"), "", _lighton, longest_side=1540),
    ServerFamily(
        "markdown",
        re.compile(""),
        "Write down everything that stands on this page, in reading order, as Markdown: headings, lists, "
        "tables as Markdown tables, formulas as LaTeX between $$. Write nothing else.",
        _markdown,
        longest_side=2000,
        prompt_first=True,
    ),
)


def find_family(model: str, name: str = "") -> ServerFamily:
    """By the family's own name, where the settings give it, else by the model's."""
    wanted = next((family for family in FAMILIES if family.name == name), None)
    return wanted or next(family for family in FAMILIES if family.known_by.search(model.lower()))


def is_papertray(server: ServerAddress) -> bool:
    return find_family(server.model, server.family) is PAPERTRAY
