"""Where in an answer a loop began, once it is known to be one.

Marks go in, the number of a token comes out: what stands before it is kept.
"""

from collections import Counter
from collections.abc import Sequence

from papertray.engine.inference.marks import BOX, CELL, ROW, Mark

LONG_LOOP, LONG_TURN = 64, 24  # marks
BACKWARDS, MOST_MISSING = 0.04, 2
"""Of a loop, such a share of the marks may be others, and no more than so many."""


def find_loop_start(marks: Sequence[Mark], late: Sequence[Mark], shown: int) -> int:
    """The second turn begins it, or, on a page that shows the same so often, that which comes after those."""
    texts = [mark.text for mark in marks]
    turn = _turn_of(texts)
    if turn >= LONG_TURN and (said_again := _said_again(texts, turn)) >= LONG_TURN:
        return marks[len(marks) - said_again].token
    start = _first_of_the_loop(marks, late)
    loop = marks[start:]
    second = start + _second_turn([mark.form for mark in loop])
    if shown:
        second = max(second, start + _turn_after([mark.text for mark in loop], shown))
    return marks[min(second, len(marks) - 1)].token


def _turn_of(texts: Sequence[str]) -> int:
    """After how many marks the last three came again."""
    last = texts[-3:]
    return next((len(texts) - end for end in range(len(texts) - 1, 2, -1) if texts[end - 3 : end] == last), 0)


def _said_again(texts: Sequence[str], turn: int) -> int:
    """How many of the last marks are those of one turn before."""
    again = 0
    while again < len(texts) - turn and texts[-1 - again] == texts[-1 - again - turn]:
        again += 1
    return again


def _first_of_the_loop(marks: Sequence[Mark], late: Sequence[Mark]) -> int:
    """How far back nearly everything is what was written of late."""
    exact = _backwards([mark.text for mark in marks], {mark.text for mark in late})
    if len(marks) - exact > LONG_LOOP or not any(mark.form.strip("0.,-") for mark in late):
        return exact
    return _backwards([mark.form for mark in marks], {mark.form for mark in late})


def _backwards(texts: Sequence[str], late: set[str]) -> int:
    """Where the end begins that has only these texts in it, but for a few."""
    start, missing = len(texts), 0
    for at in range(len(texts) - 1, -1, -1):
        missing += texts[at] not in late
        if missing > min(MOST_MISSING, BACKWARDS * (len(texts) - at)):
            break
        start = at if texts[at] in late else start
    return start


def _second_turn(forms: Sequence[str]) -> int:
    """Where three marks in a row come again for the first time."""
    first: dict[tuple[str, ...], int] = {}
    for at in range(len(forms) - 2):
        if first.setdefault(tuple(forms[at : at + 3]), at) != at:
            return at
    return min(1, len(forms))


def _turn_after(texts: Sequence[str], turns: int) -> int:
    """Where the most frequent word comes once more than so many times."""
    words = Counter(text for text in texts if text not in (ROW, CELL, BOX))
    if not words:
        return 0
    most, _ = words.most_common(1)[0]
    places = [at for at, text in enumerate(texts) if text == most]
    return places[turns] if len(places) > turns else len(texts) - 1
