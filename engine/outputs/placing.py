"""Set the words of a page on the places of its lines.

Takes a page as it was read; gives its lines with a place for each word. The quick reader's own words stand
where they were seen. Those of a large model are laid on the lines that the quick reader saw on the same page:
a word that both have takes its place, others share the room between their neighbours. What a block says of
which no line is known is spread over the block (`spreading`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from papertray.engine.outputs.placed_line import PlacedLine
from papertray.engine.outputs.plain import markdown_as_text
from papertray.engine.outputs.spreading import SaidWord, spread_blocks
from papertray.engine.outputs.words import (
    PlacedWord,
    join_placed,
    letters_width,
    split_words,
    spread_words,
    words_of_line,
)
from papertray.engine.pages import BlockKind, PageText

MOVES = 8
"""So often what stands in another order is looked for: columns that one of the two took for rows."""

SURE_RUN = 2
"""So many words in a row are no chance."""


@dataclass(frozen=True, slots=True)
class SeenWord:
    word: PlacedWord
    line: int


def place_page(page: PageText) -> list[PlacedLine]:
    said = [
        SaidWord(text, glued, number)
        for number, block in enumerate(page.blocks)
        if block.kind is not BlockKind.FIGURE
        for text, glued in split_words(markdown_as_text(block.markdown))
    ]
    if not page.lines:
        return spread_blocks(page.blocks, said)
    seen = [SeenWord(word, number) for number, line in enumerate(page.lines) for word in words_of_line(line)]
    pairs = match_words([word.text for word in said], [word.word.text for word in seen])
    placed, unplaced = _lay(said, seen, pairs)
    lines = [
        PlacedLine(line.place, tuple(join_placed(sorted_words)), line.written)
        for number, line in enumerate(page.lines)
        if (sorted_words := placed.get(number, []))
    ]
    return [*lines, *spread_blocks(page.blocks, unplaced)]


def match_words(said: Sequence[str], seen: Sequence[str]) -> dict[int, int]:
    """The number of a seen word for each that was said, where they are the same and in the same order.

    Then, where they stand in another order, for runs of words that follow each other in both.
    """
    one, other = [_bare(word) for word in said], [_bare(word) for word in seen]
    pairs: dict[int, int] = {}
    for block in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks():
        pairs.update((block.a + at, block.b + at) for at in range(block.size))
    for _ in range(MOVES):
        rest = [f"\0{at}" if at in pairs else word for at, word in enumerate(one)]
        taken = set(pairs.values())
        free = [f"\1{at}" if at in taken else word for at, word in enumerate(other)]
        run = SequenceMatcher(None, rest, free, autojunk=False).find_longest_match()
        if run.size < SURE_RUN:
            break
        pairs.update((run.a + at, run.b + at) for at in range(run.size))
    return pairs


def _lay(
    said: Sequence[SaidWord], seen: Sequence[SeenWord], pairs: dict[int, int]
) -> tuple[dict[int, list[PlacedWord]], list[SaidWord]]:
    """The words of each line, and those for which none is known."""
    slots: dict[int, list[PlacedWord]] = {}
    for at, number in pairs.items():
        slots[number] = [replace(seen[number].word, text=said[at].text)]
    unplaced: list[SaidWord] = []
    used = set(pairs.values())
    at = 0
    while at < len(said):
        if at in pairs:
            at += 1
            continue
        end = next((other for other in range(at, len(said)) if other in pairs), len(said))
        room = _room(seen, used, pairs.get(at - 1), pairs.get(end))
        unplaced += _fill(said[at:end], seen, room, slots, pairs.get(at - 1))
        used.update(room)
        at = end
    touched = {seen[number].line for number in slots}
    for number, word in enumerate(seen):
        if number not in used and word.line not in touched:
            slots[number] = [word.word]  # a line of which the blocks say nothing: a running head
    lines: dict[int, list[PlacedWord]] = {}
    for number in sorted(slots):
        lines.setdefault(seen[number].line, []).extend(slots[number])
    return lines, unplaced


def _room(seen: Sequence[SeenWord], used: set[int], before: int | None, after: int | None) -> list[int]:
    """The seen words between two neighbours that nobody has taken."""
    first = 0 if before is None else before + 1
    end = len(seen) if after is None else after
    room = []
    for number in range(first, end if end >= first else len(seen)):
        if number in used:
            break
        room.append(number)
    return room


def _fill(
    said: Sequence[SaidWord],
    seen: Sequence[SeenWord],
    room: Sequence[int],
    slots: dict[int, list[PlacedWord]],
    before: int | None,
) -> list[SaidWord]:
    """Lay words where others were seen in their place; those are returned for which there is no room."""
    if not room:
        if before is None or before not in slots or len(said) > SURE_RUN:
            return list(said)
        last = slots[before][-1]
        slots[before] += [PlacedWord(word.text, last.end, last.end + 1, word.glued) for word in said]
        return []
    same = _bare("".join(word.text for word in said)) == _bare("".join(seen[at].word.text for at in room))
    if same:  # parted by a hyphen, or by a gap: as it stands
        for number in room:
            slots[number] = [seen[number].word]
        return []
    for number, words in _shared_out(said, seen, room).items():
        word = seen[number].word
        text = "".join(("" if one.glued or not n else " ") + one.text for n, one in enumerate(words))
        spread = spread_words(text, word.start, word.end)
        slots[number] = [replace(spread[0], glued=words[0].glued), *spread[1:]] if spread else []
    return []


def _shared_out(
    said: Sequence[SaidWord], seen: Sequence[SeenWord], room: Sequence[int]
) -> dict[int, list[SaidWord]]:
    """Which of the words stand in the place of each that was seen, by how far along both are."""
    ends, total = [], 0.0
    for number in room:
        total += letters_width(seen[number].word.text)
        ends.append(total)
    whole = sum(letters_width(word.text) for word in said)
    shared: dict[int, list[SaidWord]] = {}
    at = 0.0
    for word in said:
        width = letters_width(word.text)
        middle = (at + width / 2) / whole * total
        place = next((n for n, end in enumerate(ends) if middle <= end), len(room) - 1)
        shared.setdefault(room[place], []).append(word)
        at += width
    return shared


def _bare(word: str) -> str:
    """What two readings of a word have in common: no case, no marks around it, no hyphens."""
    return "".join(letter for letter in word.casefold() if letter.isalnum()) or word
