"""What all large readers do with a page: blank pages are not read, loops are read once more, nothing empty
is called done.

A reader brings `speak`, which lets the model answer once, and the dialect that the answer is in.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from papertray.engine.devices.rows import DeviceRow
from papertray.engine.dialects import Conversion
from papertray.engine.errors import Cancelled, ReaderError
from papertray.engine.inference.decode import DecodedTokens
from papertray.engine.layout.ink import has_ink
from papertray.engine.models.manifest import Manifest
from papertray.engine.pages import Ending, PageImage, PageText, ReaderIdentity, ReadOptions, Transcript, Watch

READ_AGAIN = "The reader repeated itself on this page, so it was read once more in another way."


class NothingSaid(ReaderError):
    """An empty answer for a page that is not empty is a failure."""

    def __init__(self) -> None:
        super().__init__(
            "The model gave no text for this page, although something is on it.",
            "Read it in another mode, or with another model: see `papertray read --help`.",
        )


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way of reading a page. Without `guarded` nothing but the n-gram rule keeps a model from a loop."""

    mode: str
    no_repeat_ngram: int | None = None
    guarded: bool = True


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """What a model said: `kept` is the text without a loop, `tokens` all that it cost."""

    kept: str
    ending: Ending
    transcript: Transcript

    @property
    def tokens(self) -> int:
        return len(self.transcript.generated_ids)


Speak = Callable[[PageImage, Attempt, Watch], ModelAnswer]


def plan_attempts(options: ReadOptions, mode: str, other_mode: str, ngram: int) -> tuple[Attempt, ...]:
    """First as asked for; after a loop in `other_mode`, with the publisher's n-gram rule as well.

    Not at first, for the rule makes real tables with equal cells wrong. Who names a rule gets that rule
    and nothing else: so a publisher's numbers can be reproduced.
    """
    if options.no_repeat_ngram is not None:
        return (Attempt(mode, options.no_repeat_ngram, guarded=False),)
    return (Attempt(mode), Attempt(other_mode, ngram))


def make_answer(
    prompt_ids: tuple[int, ...], decoded: DecodedTokens, text: Callable[[tuple[int, ...]], str]
) -> ModelAnswer:
    """Raises `Cancelled` for an answer that was not let finish: the page is given back."""
    if decoded.ending is Ending.CANCELLED:
        raise Cancelled
    said = decoded.generated[:-1] if decoded.ending is Ending.FINISHED else decoded.generated
    return ModelAnswer(
        text(decoded.ids), decoded.ending, Transcript(prompt_ids, decoded.generated, text(said))
    )


def read_page(
    page: PageImage,
    ways: tuple[Attempt, ...],
    speak: Speak,
    blocks_of: Callable[[str, PageImage], Conversion],
    watch: Watch,
) -> PageText:
    if _is_blank(page):
        return PageText(blocks=(), blank=True)
    best, *others = ways
    answer = speak(page, best, watch)
    tokens, warnings = answer.tokens, tuple[str, ...]()
    if answer.ending is Ending.LOOP_CUT and others:
        again = speak(page, others[0], _counting_on(watch, tokens))
        answer = max(answer, again, key=_worth)
        tokens, warnings = tokens + again.tokens, (READ_AGAIN,)
    found = blocks_of(answer.kept, page)
    if not found.blocks and not found.figures:
        raise NothingSaid
    return PageText(
        blocks=found.blocks,
        ending=answer.ending,
        figures=found.figures,
        warnings=(*warnings, *found.warnings),
        tokens=tokens,
        transcript=answer.transcript,
    )


def identify_reader(name: str, weights: Path, row: DeviceRow) -> ReaderIdentity:
    manifest = Manifest.read(weights)
    return ReaderIdentity(name, manifest.revision if manifest else "", str(row))


def _is_blank(page: PageImage) -> bool:
    """Ink may also be lighter than a coloured paper."""
    grey = np.asarray(page.image.convert("L"))
    paper = np.uint8(np.percentile(grey, 5))
    return not has_ink(grey) and not has_ink(255 - (np.maximum(grey, paper) - paper))


def _worth(answer: ModelAnswer) -> tuple[bool, int]:
    return answer.ending is not Ending.LOOP_CUT, len(answer.kept)


def _counting_on(watch: Watch, before: int) -> Watch:
    return replace(watch, progress=lambda tokens: watch.progress(before + tokens))
