"""What all large readers do with a page: blank pages are not read, loops are read once more, nothing empty
is called done.

The caller brings what asks the model once, and what converts its answer.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from papertray.engine.devices.rows import DeviceRow
from papertray.engine.dialects import Conversion
from papertray.engine.errors import Cancelled, ReaderError
from papertray.engine.inference.open_answer import DecodedTokens
from papertray.engine.layout.ink import has_ink
from papertray.engine.models.catalog import CatalogEntry
from papertray.engine.models.manifest import Manifest
from papertray.engine.pages import Ending, PageImage, PageText, ReaderIdentity, ReadOptions, Transcript, Watch

READ_AGAIN = "The reader repeated itself on this page, so it was read once more in another way."


class NoSuchMode(ReaderError):
    def __init__(self, entry: CatalogEntry, mode: str, modes: Collection[str]) -> None:
        only = "only " if len(modes) == 1 else ""
        super().__init__(f"{entry.title} has no mode {mode}.", f"It has {only}{', '.join(modes)}.")


class EmptyAnswer(ReaderError):
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
    """What a model said: `text` is that without a loop, `tokens` all that it cost."""

    text: str
    ending: Ending
    transcript: Transcript

    @property
    def tokens(self) -> int:
        return len(self.transcript.generated_ids)


AskModel = Callable[[PageImage, Attempt, Watch], ModelAnswer]
ConvertAnswer = Callable[[str, PageImage], Conversion]


def plan_attempts(options: ReadOptions, mode: str, other_mode: str, ngram: int) -> tuple[Attempt, ...]:
    """First as the options say; after a loop in `other_mode`, with the publisher's n-gram rule as well.

    Not at first, for the rule makes real tables with equal cells wrong. Who names a rule gets that rule
    and nothing else: so a publisher's numbers can be reproduced.
    """
    if options.no_repeat_ngram is not None:
        return (Attempt(mode, options.no_repeat_ngram, guarded=False),)
    return (Attempt(mode), Attempt(other_mode, ngram))


def make_answer(
    prompt_ids: tuple[int, ...], tokens: DecodedTokens, text_of: Callable[[tuple[int, ...]], str]
) -> ModelAnswer:
    """Raises `Cancelled` for an answer that was not let finish: the page is given back."""
    if tokens.ending is Ending.CANCELLED:
        raise Cancelled
    all_ids = tokens.generated_ids
    raw = text_of(all_ids[:-1] if tokens.ending is Ending.FINISHED else all_ids)
    return ModelAnswer(text_of(tokens.ids), tokens.ending, Transcript(prompt_ids, all_ids, raw))


def read_page(
    page: PageImage,
    attempts: tuple[Attempt, ...],
    ask: AskModel,
    convert: ConvertAnswer,
    watch: Watch,
) -> PageText:
    if _is_blank(page):
        return PageText(blocks=(), blank=True)
    first, *others = attempts
    answer = ask(page, first, watch)
    tokens, warnings = answer.tokens, tuple[str, ...]()
    if answer.ending is Ending.LOOP_CUT and others:
        again = ask(page, others[0], _counting_on(watch, tokens))
        answer = max(answer, again, key=_worth)
        tokens, warnings = tokens + again.tokens, (READ_AGAIN,)
    conversion = convert(answer.text, page)
    if not conversion.blocks and not conversion.figures:
        raise EmptyAnswer
    return PageText(
        blocks=conversion.blocks,
        ending=answer.ending,
        figures=conversion.figures,
        warnings=(*warnings, *conversion.warnings),
        tokens=tokens,
        transcript=answer.transcript,
    )


def identify_reader(entry: CatalogEntry, folder: Path, row: DeviceRow) -> ReaderIdentity:
    manifest = Manifest.read(folder)
    return ReaderIdentity(entry.name, manifest.revision if manifest else "", str(row))


def _is_blank(page: PageImage) -> bool:
    """Ink may also be lighter than a coloured paper."""
    grey = np.asarray(page.image.convert("L"))
    paper = np.uint8(np.percentile(grey, 5))
    return not has_ink(grey) and not has_ink(255 - (np.maximum(grey, paper) - paper))


def _worth(answer: ModelAnswer) -> tuple[bool, int]:
    return answer.ending is not Ending.LOOP_CUT, len(answer.text)


def _counting_on(watch: Watch, before: int) -> Watch:
    return replace(watch, progress=lambda tokens: watch.progress(before + tokens))
