"""Lines and pages of lines, made for the tests of the layout."""

from papertray.engine.layout.blocks import compose_layout
from papertray.engine.layout.lines import Line, Word
from papertray.engine.layout.rules import RuledLines
from papertray.engine.pages import Block, Box
from papertray.engine.rectangles import Rect

HIGH, STEP, LETTER = 30.0, 42.0, 15.0
SHEET = Rect(0, 0, 2000, 3000)
NO_RULES = RuledLines((), ())

PROSE = """The harbour master kept a careful journal of
every ship that came into the bay, of what she
carried and of how many hands she had aboard,
and he wrote it down each night by the light of
a small lamp that stood at the window of his
house, where one could see it from the water."""


def line(text: str, left: float, top: float, size: float = HIGH) -> Line:
    width = len(text) * LETTER * size / HIGH
    return Line(Rect(left, top, left + width, top + size), text, 0.99, size)


def worded(text: str, left: float, top: float) -> Line:
    """A line whose words are known; every blank is as wide as a letter."""
    words, at = [], left
    for word in text.split(" "):
        if word:
            words.append(Word(word, at, at + len(word) * LETTER))
        at += (len(word) + 1) * LETTER
    whole = Rect(left, top, words[-1].right, top + HIGH)
    return Line(whole, " ".join(text.split()), 0.99, HIGH, words=tuple(words))


def column(text: str, left: float = 100, top: float = 100, step: float = STEP) -> list[Line]:
    """One line of the page for each line of `text`; an empty one leaves a gap, a space moves in."""
    return [
        line(row.strip(), left + LETTER * 3 * (len(row) - len(row.lstrip())), top + step * n)
        for n, row in enumerate(text.splitlines())
        if row.strip()
    ]


def page(*lines: Line, rules: RuledLines = NO_RULES) -> tuple[Block, ...]:
    return compose_layout(lines, rules, lambda rect: Box(rect.left, rect.top, rect.right, rect.bottom), SHEET)


def shown(*lines: Line, rules: RuledLines = NO_RULES) -> list[str]:
    return [block.markdown for block in page(*lines, rules=rules)]


def ruled(xs: tuple[float, ...], ys: tuple[float, ...]) -> RuledLines:
    """A grid, all of whose lines go through."""
    return RuledLines(
        tuple(Rect(xs[0], y - 1, xs[-1], y + 1) for y in ys),
        tuple(Rect(x - 1, ys[0], x + 1, ys[-1]) for x in xs),
    )
