"""Join the pages of a document into one note.

Takes what a reader saw on each page, or why a page could not be read; gives the Markdown of the whole note.
Every page is accounted for: read, blank, cut short or failed. Touches neither disk nor clock.
"""

import json
import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby, pairwise
from typing import ClassVar
from urllib.parse import quote

from papertray.engine.assembly.document import BoundPage, LoosePage, assemble_pages
from papertray.engine.escape import escape
from papertray.engine.language import translate, translate_sentence
from papertray.engine.pages import FIGURE_SCHEME, Block, Ending, Figure, PageText, ReaderIdentity, TextSource


@dataclass(frozen=True, slots=True)
class FailedPage:
    """A page without text: what happened, and what a person can do. Otherwise it can be taken for a page."""

    number: int
    sentence: str
    advice: str
    blank: ClassVar[bool] = False

    @property
    def blocks(self) -> tuple[Block, ...]:
        return ()

    @property
    def figures(self) -> tuple[Figure, ...]:
        return ()

    @property
    def warnings(self) -> tuple[str, ...]:
        return (f"{self.sentence} {self.advice}".strip(),)

    @property
    def markdown(self) -> str:
        """The warning that stands in this page's place."""
        happened = translate("Page {number} could not be read.", number=self.number)
        return _alert(f"{happened} {translate_sentence(' '.join(self.warnings))}")


@dataclass(frozen=True, slots=True)
class NoteOrigin:
    """Where a note comes from, as its front matter tells it.

    `rung` says in words what the reader gave up to fit into memory; it is empty when that was nothing.
    """

    source: str
    sha256: str
    reader: ReaderIdentity
    date: datetime
    rung: str = ""
    tags: tuple[str, ...] = ()


_CUT_SHORT = {
    Ending.TOKEN_LIMIT: "The reader reached its limit of length here; the end of this page is missing.",
    Ending.LOOP_CUT: "The reader repeated itself and was stopped; the end of this page may be missing.",
    Ending.CANCELLED: "Reading was stopped; the end of this page is missing.",
}

NOTHING_FOUND = "No text was found here, although the page is not blank."
_FIGURE_LINK = re.compile(rf"\]\({re.escape(FIGURE_SCHEME)}([^()\s]+)\)")
_UNSAFE_IN_NAME = re.compile(r"[^A-Za-z0-9_-]")
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")

_STRING = r'"(?:[^"\\\n]|\\.)*"'
_OUR_FRONT_MATTER = re.compile(
    rf'\A---\r?\nsource: {_STRING}\r?\nsha256: "(?P<sha256>[0-9a-f]{{64}})"\r?\npages: \d+\r?\n'
    rf"reader: {_STRING}\r?\nrevision: {_STRING}\r?\ndevice: {_STRING}\r?\ndate: "
)
_OUR_COMMENT_BELOW_A_HEAD = re.compile(
    r"\A---\r?\n(?:(?!---\r?\n).*\r?\n)*---\r?\n\r?\n<!-- papertray sha256=(?P<sha256>[0-9a-f]{64}) -->\r?\n"
)
_OUR_COMMENT = re.compile(r"^<!-- papertray sha256=(?P<sha256>[0-9a-f]{64}) -->\s*\Z", re.MULTILINE)


def compose_note(
    origin: NoteOrigin,
    pages: Sequence[PageText | FailedPage],
    *,
    front_matter: bool = True,
    head: Sequence[str] = (),
    keep_running_heads: bool = False,
    figures: str = "",
    gaps: Set[int] = frozenset(),
    drop_blank: bool = False,
) -> str:
    """The whole note. Links to figures lead into the folder `figures`, relative to the note.

    `head` are lines of YAML that stand in the place of our front matter; a comment says then whose it is.
    `gaps` are the places in `pages` before which some were left out. With `drop_blank` the front matter, if
    there is one, names the blank pages, and the text does not.
    """
    dropped = [at for at, page in enumerate(pages, start=1) if drop_blank and front_matter and page.blank]
    text = join_pages(
        pages, keep_running_heads=keep_running_heads, figures=figures, gaps=gaps, dropped={*dropped}
    )
    comment = f"<!-- papertray sha256={origin.sha256} -->"
    if not front_matter:
        parts: tuple[str, ...] = (text, comment)
    elif head:
        parts = (_fenced([*head, *_marks(pages, dropped)]), comment, text)
    else:
        parts = (_front_matter(origin, pages, dropped), text)
    return "\n\n".join(part for part in parts if part) + "\n"


def join_pages(
    pages: Sequence[PageText | FailedPage],
    *,
    keep_running_heads: bool = False,
    figures: str = "",
    gaps: Set[int] = frozenset(),
    dropped: Set[int] = frozenset(),
) -> str:
    """What a note says of its pages, but those `dropped`, without a word on where it comes from."""
    kept = [number for number in range(1, len(pages) + 1) if number not in dropped]

    def mark(place: int) -> str:
        return f"<!-- page {kept[place - 1]} of {len(pages)} -->"

    loose = [
        _loose(number, pages[number - 1], figures, follows=gaps.isdisjoint(range(before, number)))
        for before, number in pairwise([0, *kept])
    ]
    bound = assemble_pages(loose, mark, keep_running_heads=keep_running_heads)
    parts: list[str] = []
    for place, (number, blocks) in enumerate(zip(kept, bound, strict=True), start=1):
        if number > 1 and not blocks.marked:
            parts.append(mark(place))
        parts.extend(_page(number, pages[number - 1], blocks))
    return "\n\n".join(part for part in parts if part)


def doubtful_pages(pages: Sequence[PageText | FailedPage]) -> tuple[int, ...]:
    """The numbers of the pages that somebody should look at, though they were read."""
    return tuple(
        number
        for number, page in enumerate(pages, start=1)
        if isinstance(page, PageText) and page.is_doubtful
    )


def figure_file(page: int, name: str) -> str:
    """The file name of a page's figure in the note's folder of figures: unique there, safe on every disk."""
    stem = _UNSAFE_IN_NAME.sub(lambda sign: f"~{ord(sign[0]):x}", name.removesuffix(".png"))
    return f"page-{page}-{stem}.png"


def quote_list(texts: Iterable[str]) -> str:
    """As YAML has it, on one line."""
    return f"[{', '.join(map(quote_yaml, texts))}]"


def noted_source(note: str) -> str | None:
    """The sha256 of the document that a note of ours was made from; None for any other text."""
    forms = (_OUR_FRONT_MATTER.match, _OUR_COMMENT_BELOW_A_HEAD.match, _OUR_COMMENT.search)
    origin = next((origin for form in forms if (origin := form(note))), None)
    return origin["sha256"] if origin else None


def has_our_head(note: str) -> bool:
    """Whether its front matter is the one that is written without any wish."""
    return _OUR_FRONT_MATTER.match(note) is not None


def _loose(number: int, page: PageText | FailedPage, figures: str, *, follows: bool) -> LoosePage:
    """Its blocks with their figures linked where the note keeps them."""
    blocks = tuple(
        replace(
            block,
            markdown=_FIGURE_LINK.sub(lambda link: _figure_link(figures, number, link[1]), block.markdown),
        )
        for block in page.blocks
    )
    whole = isinstance(page, PageText) and not page.blank and not page.warnings and not _cut_short(page)
    return LoosePage(blocks, whole, follows)


def _page(number: int, page: PageText | FailedPage, bound: BoundPage) -> list[str]:
    if isinstance(page, FailedPage):
        return [page.markdown]
    problems = [*page.warnings, *_cut_short(page)]
    body = "\n\n".join(block.markdown for block in bound.blocks).strip("\n")
    if page.blank:
        body = f"<!-- page {number} is blank -->"
    elif not page.markdown.strip() and not problems:
        problems = [NOTHING_FOUND]
    return [*(_alert(_of_page(number, problem)) for problem in problems), body]


def _of_page(number: int, problem: str) -> str:
    return translate("Page {number}: {said}", number=number, said=translate_sentence(problem))


def _cut_short(page: PageText) -> list[str]:
    return [_CUT_SHORT[page.ending]] if page.ending in _CUT_SHORT else []


def _alert(sentence: str) -> str:
    return f"> [!WARNING]\n> {escape(' '.join(sentence.split()))}"


def _figure_link(figures: str, page: int, name: str) -> str:
    folder = f"{quote(figures.rstrip('/'))}/" if figures else ""
    return f"]({folder}{quote(figure_file(page, name))})"


def _front_matter(origin: NoteOrigin, pages: Sequence[PageText | FailedPage], dropped: Sequence[int]) -> str:
    """`noted_source` reads this back: the keys up to the date keep their names and their order."""
    fields = [
        ("source", quote_yaml(origin.source)),
        ("sha256", quote_yaml(origin.sha256)),
        ("pages", str(len(pages))),
        ("reader", quote_yaml(origin.reader.name)),
        ("revision", quote_yaml(origin.reader.revision)),
        ("device", quote_yaml(origin.reader.device)),
        ("date", origin.date.isoformat(timespec="seconds")),
    ]
    if origin.tags:
        fields.append(("tags", quote_list(origin.tags)))
    if origin.rung:
        fields.append(("memory", quote_yaml(origin.rung)))
    if readers := _readers(pages):
        fields.append(("readers", quote_yaml(readers)))
    if sources := _sources(pages):
        fields.append(("text", quote_yaml(sources)))
    return _fenced([*(f"{key}: {value}" for key, value in fields), *_marks(pages, dropped)])


def _fenced(lines: Sequence[str]) -> str:
    return "\n".join(["---", *lines, "---"])


def _marks(pages: Sequence[PageText | FailedPage], dropped: Sequence[int]) -> list[str]:
    """What somebody should know of these pages, where there is anything; `dropped` are blank."""
    listed = (("doubtful_pages", doubtful_pages(pages)), ("blank_pages", dropped))
    lines = [f"{key}: [{', '.join(map(str, numbers))}]" for key, numbers in listed if numbers]
    return [*lines, *_warning_lines(pages)]


def _sources(pages: Sequence[PageText | FailedPage]) -> str:
    """How the pages came by their text, where that was not by recognition alone."""
    sources = [page.source if isinstance(page, PageText) else None for page in pages]
    kinds = {source for source in sources if source is not None}
    if kinds <= {TextSource.RECOGNISED}:
        return ""
    if len(kinds) == 1:
        return kinds.pop().value
    return _by_page([source and source.value for source in sources])


def _readers(pages: Sequence[PageText | FailedPage]) -> str:
    """Who read which page, where that was more than one."""
    readers = [page.reader if isinstance(page, PageText) else "" for page in pages]
    return _by_page(readers) if len({*readers} - {""}) > 1 else ""


def _by_page(names: Sequence[str | None]) -> str:
    """Of pages one after the other that have the same name, the numbers and that name."""
    runs = [list(run) for _, run in groupby(enumerate(names, start=1), key=lambda page: page[1])]
    return ", ".join(f"{_numbers(run[0][0], run[-1][0])} {run[0][1]}" for run in runs if run[0][1])


def _numbers(first: int, last: int) -> str:
    return f"page {first}" if first == last else f"pages {first}-{last}"


def _warning_lines(pages: Sequence[PageText | FailedPage]) -> list[str]:
    warnings = [f"  - {quote_yaml(warning)}" for warning in _warnings(pages)]
    return ["warnings:", *warnings] if warnings else []


def _warnings(pages: Sequence[PageText | FailedPage]) -> list[str]:
    warnings: list[str] = []
    for number, page in enumerate(pages, start=1):
        if isinstance(page, FailedPage):
            problems = [page.sentence]
        else:
            problems = [*page.warnings, *_cut_short(page)]
        where = translate("page {page}", page=number)
        warnings += [f"{where}: {translate_sentence(problem)}" for problem in problems]
    return warnings


def quote_yaml(text: str) -> str:
    """A YAML string on one line. JSON's escapes are YAML's, save for what YAML calls unprintable."""
    string = json.dumps(_LONE_SURROGATE.sub("\ufffd", text), ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda sign: f"\\u{ord(sign[0]):04x}", string)
