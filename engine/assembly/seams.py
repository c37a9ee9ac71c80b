"""Close the seams between pages: what goes on over the end of one becomes one block, where it began.

Takes the blocks of every page as the note shows them; gives them joined, and the numbers of the pages whose
mark stands in such a block. Footnotes, tables and figures may stand between the two parts of a paragraph.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from papertray.engine.assembly.joined_tables import is_continued, join_tables
from papertray.engine.assembly.joined_texts import join_lists, join_texts
from papertray.engine.layout.captions import is_caption
from papertray.engine.layout.joining import known_words
from papertray.engine.layout.looks import weigh_median
from papertray.engine.layout.words_alone import words_alone
from papertray.engine.pages import Block, BlockKind

NOTE = 0.93
"""Letters smaller than this part of the usual ones, at the end of a page, are a footnote's."""

_FLOATING = frozenset({BlockKind.FIGURE, BlockKind.TABLE, BlockKind.CAPTION})

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ClosedPages:
    pages: list[tuple[Block, ...]]
    marked: frozenset[int]


def close_seams(
    pages: Sequence[Sequence[Block]], joinable: Sequence[bool], mark: Callable[[int], str]
) -> ClosedPages:
    """`joinable` says of each page whether it can be joined to the one before; `mark` makes a page's mark."""
    seams = _Seams([list(blocks) for blocks in pages])
    marked = {
        page + 1 for page in range(1, len(pages)) if joinable[page] and seams.close(page, mark(page + 1))
    }
    kept = [
        tuple(block for at, block in enumerate(blocks) if (page, at) not in seams.moved)
        for page, blocks in enumerate(seams.pages)
    ]
    return ClosedPages(kept, frozenset(marked))


@dataclass(slots=True)
class _Seams:
    """The blocks while they are joined; `moved` says of which one each that is gone has become a part."""

    pages: list[list[Block]]
    moved: dict[Place, Place] = field(default_factory=dict)
    usual: float = 0.0
    known: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        texts = [block for blocks in self.pages for block in blocks if block.kind is BlockKind.TEXT]
        self.usual = weigh_median((block.size, len(block.markdown)) for block in texts if block.size)
        self.known = known_words([words_alone(block.markdown) for block in texts])

    def close(self, page: int, mark: str) -> bool:
        """Join the end of the page before to the beginning of this one, if they are one."""
        ends = [
            (page - 1, at)
            for at in reversed(range(len(self.pages[page - 1])))
            if not self._is_note(page - 1, at)
        ]
        begins = [(page, at) for at in range(len(self.pages[page]))]
        end, begin = _first(ends, self._is_passing), _first(begins, self._is_passing)
        if end is None or begin is None:
            return False
        one, other = self._block(end), self._block(begin)
        joined = join_tables(one, other, mark) or join_lists(one, other, mark)
        if joined is None:
            end, begin = _first(ends, self._is_floating), _first(begins, self._is_floating)
            if end is None or begin is None:
                return False
            floats = end != ends[0] or begin != begins[0]
            joined = join_texts(self._block(end), self._block(begin), mark, self.known, certain=floats)
        if joined is None:
            return False
        place = self.moved.get(end, end)
        self.pages[place[0]][place[1]] = joined
        self.moved[begin] = place
        return True

    def _block(self, place: Place) -> Block:
        page, at = self.moved.get(place, place)
        return self.pages[page][at]

    def _is_note(self, page: int, at: int) -> bool:
        """A footnote, with all that stands below it."""
        below = self.pages[page][at:]
        return all(
            block.kind is BlockKind.FOOTNOTE
            or (block.kind is BlockKind.TEXT and 0 < block.size < NOTE * self.usual)
            for block in below
        )

    def _is_passing(self, place: Place) -> bool:
        """`Continued on the next page` says no more than the page's mark."""
        return is_continued(self._block(place))

    def _is_floating(self, place: Place) -> bool:
        block = self._block(place)
        return block.kind in _FLOATING or is_caption(words_alone(block.markdown)) or self._is_passing(place)


def _first(places: Iterable[Place], is_passed: Callable[[Place], bool]) -> Place | None:
    return next((place for place in places if not is_passed(place)), None)
