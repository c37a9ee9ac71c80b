"""What a model writes, as it writes it: words, rows, cells and boxes, in whatever dialect.

Pieces of text go in, whole marks come out. HTML, pipes and OTSL give the same marks; the models' own names
for kinds of blocks give none, for they stand on no page.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

WORD, ROW, CELL, BOX = "word", "\n", "|", "[]"

_LONGEST = 400  # letters; what is longer is no mark, but has to be looked at
_MARKS = r"""
    (?P<item>[\[{]+(?=")) |
    (?P<box><\|det\|>[^<]*<\|/det\|> | "bbox"\s*:\s*\[[^\]"]*\] | !\[[^\]\n]{0,80}\]\([^()"\n]{0,200}\))
    | (?P<name><\|ref\|>[^<]*<\|/ref\|> | "category"\s*:\s*"[\w-]*"\s*,? | "text"\s*:)
    | (?P<open><\|(?:ref|det)\|>[^<]*(?:<[^>]*)?\Z | "bbox"[^\]}]*\Z
      | "(?:bbox|category|text)[^\]},]*\Z | !\[[^\]\n]{0,80}(?:\]?|\]\([^()"\n]{0,200})\Z | <[^<>\s][^<>]*\Z)
    | (?P<row>\n | LINE_END | <tr\b[^<>]*> | <nl> | \\\\)
    | (?P<cell>\| | <t[dh]\b[^<>]*> | <[fe]cel> | &(?!\w+;))
    | (?P<tag></?[a-z|！!][^<>]*>)
    | (?P<word>(?:(?!LINE_END)[^\s<>|，。、；！？：])+ | <)
    """
_PLAIN = re.compile(_MARKS.replace("LINE_END", r"\\n(?![a-z])"), re.VERBOSE)
_QUOTED = re.compile(_MARKS.replace("LINE_END", r"(?<!\\)\\n"), re.VERBOSE)
"""In items of JSON a backslash and an n end a line, whatever follows; elsewhere they may begin a command."""

_ENDS = re.compile(r"[\s<>|\]},，。、；！？：]")
_NUMBERS = re.compile(r"[+-]?\d{1,7}(?:\.\d{1,7})?")
_NOTHING = re.compile(r"[\s.·…_\-=:{}\[\],\"'\\*#`~]*")
_QUOTED_END = re.compile(r"\"[}\],]*\Z")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Mark:
    """`text` is a word, or the kind itself; `token` is the one in which it begins."""

    kind: str
    text: str
    token: int
    box: tuple[float, ...] = ()

    @property
    def form(self) -> str:
        """The text, any number in it like any other."""
        return form_of(self.text)


def form_of(text: str) -> str:
    return _DIGITS.sub("0", text)


@dataclass(slots=True)
class MarkReader:
    """`unfinished` is what may still become longer, and began in the token `_begin`."""

    unfinished: str = ""
    _begin: int = 0
    _forms: re.Pattern[str] = _PLAIN
    _starts: list[tuple[int, int]] = field(default_factory=list)

    def add(self, piece: str, token: int) -> Iterator[Mark]:
        """The marks that this piece of text completes."""
        self._starts.append((len(self.unfinished), token))
        self.unfinished += piece
        ends = _ENDS.search(piece) or "\\n" in self.unfinished[-len(piece) - 1 :]
        if not ends and len(self.unfinished) < _LONGEST:
            return
        done = 0
        for found in self._forms.finditer(self.unfinished):
            if self._may_grow(found):
                break
            done = found.end()
            yield from self._mark(found)
        self._drop(done)

    def _may_grow(self, found: re.Match[str]) -> bool:
        ends = found.end() == len(self.unfinished)
        kind = found.lastgroup
        return ends and kind in ("open", "word") and len(found[0]) < _LONGEST

    def _mark(self, found: re.Match[str]) -> Iterator[Mark]:
        token = next(token for start, token in reversed(self._starts) if start <= found.start())
        if found["box"]:
            numbers = tuple(float(number) for number in _NUMBERS.findall(found[0]))
            self._forms = _QUOTED if found[0][0] == '"' else self._forms
            yield Mark(BOX, BOX, token, numbers)
        elif found["row"]:
            yield Mark(ROW, ROW, token)
        elif found["cell"]:
            yield Mark(CELL, CELL, token)
        elif found["word"] and not _NOTHING.fullmatch(word := html.unescape(found[0])):
            yield Mark(WORD, _QUOTED_END.sub("", word).strip('"{}[]'), token)

    def _drop(self, done: int) -> None:
        self.unfinished = self.unfinished[done:]
        before = [token for start, token in self._starts if start <= done]
        after = [(start - done, token) for start, token in self._starts if start > done]
        self._starts = [(0, before[-1]), *after] if self.unfinished else []
