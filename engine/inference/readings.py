"""What all large readers do with a page: blank pages are not read, loops and answers without an end are read
once more, what was cut is told where it was cut, nothing empty is called done.

The caller brings what asks the model once, and what converts its answer.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from papertray.engine.devices.rows import DeviceRow
from papertray.engine.dialects import Conversion
from papertray.engine.errors import Cancelled, ReaderError
from papertray.engine.escape import escape
from papertray.engine.inference.open_answer import DecodedTokens
from papertray.engine.layout.ink import is_blank_page
from papertray.engine.layout.recurrence import PageLooks, look_at_words
from papertray.engine.models.catalog import CatalogEntry
from papertray.engine.models.manifest import Manifest
from papertray.engine.pages import (
    Block,
    BlockKind,
    Ending,
    PageImage,
    PageText,
    ReaderIdentity,
    ReadOptions,
    Transcript,
    Watch,
)

NGRAM_WINDOW = 90
"""How far back the publishers' rule looks: what is farther away may come again."""

LOOP_SHOWN = 80  # letters of what was cut
_MARKUP = re.compile(r"<[^<>]*>|[\[{]?\"bbox\".*?\"text\":|\[\[[\d\s,.]*\]\]")

READ_AGAIN = "The reader repeated itself on this page, so it was read once more in another way."
READ_AGAIN_AT_LIMIT = "The reader came to no end on this page, so it was read once more in another way."


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
    """One way of reading a page, tried after an answer that ended so.

    Without `guarded` nothing but the n-gram rule keeps a model from a loop.
    """

    mode: str
    no_repeat_ngram: int | None = None
    guarded: bool = True
    ngram_window: int | None = None
    after: frozenset[Ending] = frozenset({Ending.LOOP_CUT, Ending.TOKEN_LIMIT})


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """What a model said: `text` is that without a loop, `cut` the loop, `tokens` all that it cost."""

    text: str
    ending: Ending
    transcript: Transcript
    cut: str = ""

    @property
    def tokens(self) -> int:
        return len(self.transcript.generated_ids)


@dataclass(frozen=True, slots=True)
class ReadAnswer:
    """The answer that counts, all tokens that were spent on it, and what is to be told about it."""

    answer: ModelAnswer
    tokens: int
    warnings: tuple[str, ...] = ()


AskModel = Callable[[PageImage, Attempt, Watch], ModelAnswer]
ConvertAnswer = Callable[[str, PageImage], Conversion]


def plan_attempts(options: ReadOptions, mode: str, other_mode: str, ngram: int) -> tuple[Attempt, ...]:
    """First as the options say; after a loop, or no end, in `other_mode` with the publisher's n-gram rule.

    Not at first, for the rule makes real tables with equal cells wrong. Who names a rule gets that rule
    and nothing else: so a publisher's numbers can be reproduced. Who names a limit of tokens meant it.
    """
    if options.no_repeat_ngram is not None:
        return (Attempt(mode, options.no_repeat_ngram, guarded=False),)
    after = {Ending.LOOP_CUT} if options.max_tokens else {Ending.LOOP_CUT, Ending.TOKEN_LIMIT}
    again = Attempt(other_mode, ngram, ngram_window=max(NGRAM_WINDOW, 2 * ngram), after=frozenset(after))
    return (Attempt(mode), again)


def make_answer(
    prompt_ids: tuple[int, ...], tokens: DecodedTokens, text_of: Callable[[tuple[int, ...]], str]
) -> ModelAnswer:
    """Raises `Cancelled` for an answer that was not let finish: the page is given back."""
    if tokens.ending is Ending.CANCELLED:
        raise Cancelled
    all_ids = tokens.generated_ids
    raw = text_of(all_ids[:-1] if tokens.ending is Ending.FINISHED else all_ids)
    cut = text_of(all_ids[len(tokens.ids) :]) if tokens.ending is Ending.LOOP_CUT else ""
    return ModelAnswer(text_of(tokens.ids), tokens.ending, Transcript(prompt_ids, all_ids, raw), cut)


def read_page(
    page: PageImage,
    attempts: tuple[Attempt, ...],
    ask: AskModel,
    convert: ConvertAnswer,
    watch: Watch,
) -> PageText:
    if is_blank_page(np.asarray(page.image.convert("L"))):
        return PageText(blocks=(), blank=True)
    read = ask_until_good(page, attempts, watch, ask)
    conversion = convert(read.answer.text, page)
    if not conversion.blocks and not conversion.figures:
        raise EmptyAnswer
    return PageText(
        blocks=(*conversion.blocks, *remark_on_loop(read.answer)),
        ending=read.answer.ending,
        figures=conversion.figures,
        warnings=(*read.warnings, *conversion.warnings),
        tokens=read.tokens,
        transcript=read.answer.transcript,
    )


def ask_until_good(page: PageImage, attempts: tuple[Attempt, ...], watch: Watch, ask: AskModel) -> ReadAnswer:
    """A loop, or no end, is asked about once more in another way; the better answer counts."""
    first, *others = attempts
    answer = ask(page, first, watch)
    if not others or answer.ending not in others[0].after:
        return ReadAnswer(answer, answer.tokens)
    warning = READ_AGAIN if answer.ending is Ending.LOOP_CUT else READ_AGAIN_AT_LIMIT
    again = ask(page, others[0], _counting_on(watch, answer.tokens))
    return ReadAnswer(max(answer, again, key=_worth), answer.tokens + again.tokens, (warning,))


def look_for_recurrence(page: PageImage) -> PageLooks:
    return look_at_words(np.asarray(page.image.convert("L")))


def remark_on_loop(answer: ModelAnswer) -> tuple[Block, ...]:
    """What was cut, told at the place where it was cut."""
    if answer.ending is not Ending.LOOP_CUT:
        return ()
    loop = " ".join(_MARKUP.sub(" ", answer.cut).split())
    shown = f"{loop[:LOOP_SHOWN].strip()} …" if len(loop) > LOOP_SHOWN else loop
    said = f" It went on with: {shown}" if shown else ""
    sentence = f"Here the reader began to repeat itself and was stopped; what follows may be missing.{said}"
    return (Block(BlockKind.TEXT, f"> [!WARNING]\n> {escape(sentence)}"),)


def identify_reader(entry: CatalogEntry, folder: Path, row: DeviceRow) -> ReaderIdentity:
    manifest = Manifest.read(folder)
    return ReaderIdentity(entry.name, manifest.revision if manifest else "", str(row))


def _worth(answer: ModelAnswer) -> tuple[bool, int]:
    return answer.ending is Ending.FINISHED, len(answer.text)


def _counting_on(watch: Watch, before: int) -> Watch:
    return replace(watch, progress=lambda tokens: watch.progress(before + tokens))
