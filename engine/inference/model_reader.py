"""The reader that all large models share: a page goes in, the model answers, blocks come out.

A model brings a `ModelFormat`, which says how a page becomes the inputs of the model's first step and what
its answer means. Asking it, stopping it and what is done about blank pages, loops and empty answers is the
same for all of them.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import torch

from papertray.engine.devices.rows import DeviceRow
from papertray.engine.dialects import Conversion
from papertray.engine.errors import Cancelled
from papertray.engine.inference.decode import Decoder, DecodingPage, LibraryDecoder, decode_page
from papertray.engine.inference.decoder.describe import decoder_for
from papertray.engine.inference.decoder.room import pages_together
from papertray.engine.inference.drafts.drafter import Drafter
from papertray.engine.inference.drafts.lengths import StepCosts
from papertray.engine.inference.loops import LoopGuard
from papertray.engine.inference.open_answer import AnswerRules, DecodedTokens, OpenAnswer
from papertray.engine.inference.readings import (
    AskModel,
    Attempt,
    ModelAnswer,
    identify_reader,
    look_for_recurrence,
    make_answer,
    read_page,
)
from papertray.engine.inference.together import BeginPage, PagesTogether, PageWay
from papertray.engine.inference.vocabulary import Vocabulary
from papertray.engine.models.catalog import CatalogEntry
from papertray.engine.page_flow import PageFlow, PageList, PageRequest
from papertray.engine.pages import (
    LoadProgress,
    PageImage,
    PageText,
    ReaderIdentity,
    Watch,
    ignore_progress,
)

SayOfPage = Callable[[BeginPage], DecodedTokens]
"""Has the model give its answer, beside those to other pages."""


@dataclass(frozen=True, slots=True)
class ModelPrompt:
    """What a model is asked: as token ids, and as the inputs of its first step."""

    token_ids: tuple[int, ...]
    inputs: Mapping[str, torch.Tensor]


@dataclass(frozen=True, kw_only=True)
class ModelFormat(ABC):
    """In which form one sort of model takes a page and gives an answer.

    `ends` are the tokens that end an answer. Those in `repeatable` may come again under the n-gram rule.
    """

    vocabulary: Vocabulary
    ends: frozenset[int]
    repeatable: frozenset[int] = frozenset()

    @abstractmethod
    def encode_page(self, model: Any, page: PageImage, mode: str, watch: Watch) -> ModelPrompt:
        """Where that takes long, the watch is asked on the way, and `Cancelled` raised."""

    @abstractmethod
    def convert_answer(self, text: str, page: PageImage) -> Conversion: ...

    def text(self, token_ids: Sequence[int]) -> str:
        return self.vocabulary.text(token_ids)

    def other_mode(self, _mode: str, _text: str) -> str | None:
        """In which mode to ask instead, where this answer is of no use."""
        return None


@dataclass(slots=True)
class ModelReader:
    """A loaded model that reads pages; `attempts` are the ways to try, in this order."""

    identity: ReaderIdentity
    why: str
    model: Any
    decoder: Decoder
    model_format: ModelFormat
    attempts: tuple[Attempt, ...]
    max_tokens: int
    batch: int = 1
    rung: str = ""
    say: SayOfPage | None = None
    costs: StepCosts = field(default_factory=StepCosts)

    @classmethod
    def of_checkpoint(
        cls,
        entry: CatalogEntry,
        folder: Path,
        row: DeviceRow,
        *,
        model: Any,
        model_format: ModelFormat,
        attempts: tuple[Attempt, ...],
        max_tokens: int,
        progress: LoadProgress = ignore_progress,
    ) -> "ModelReader":
        """For a model that was loaded from this folder as this row has it."""
        decoder = decoder_for(model, row, progress)
        batch = pages_together(decoder, max_tokens)
        identity = identify_reader(entry, folder, row)
        return cls(identity, row.reason, model, decoder, model_format, attempts, max_tokens, batch)

    def read(self, pages: Sequence[PageImage], watch: Watch) -> list[PageText]:
        """Together, as many as it likes at once."""
        convert = self.model_format.convert_answer
        if len(pages) == 1 or self.batch == 1:
            return [
                read_page(page, self.attempts, self.ask, convert, watch.of_page(number))
                for number, page in enumerate(pages)
            ]
        flow = PageList(pages, watch)
        self.read_flow(flow)
        return flow.texts()

    def read_flow(self, flow: PageFlow) -> None:
        """As many together as it likes at once; the next page begins as soon as one has ended."""
        together = PagesTogether(self.decoder, self.costs, self.batch)
        ask = replace(self, say=together.ask).ask
        together.run(partial(self._next_way, flow, ask))

    def close(self) -> None:
        self.model = None
        self.decoder = LibraryDecoder(None)

    def _next_way(self, flow: PageFlow, ask: AskModel) -> PageWay | None:
        """Of the next page whose picture can be drawn: by this thread, as those of pages alone are."""
        while (request := flow.take()) is not None:
            try:
                page = replace(request.page, picture=request.page.image)
            except Exception as problem:
                flow.fail(request, problem)
                continue
            convert = self.model_format.convert_answer
            go = partial(read_page, page, self.attempts, ask, convert, request.watch)
            return PageWay(go, partial(_tell, flow, request))
        return None

    def ask(self, page: PageImage, attempt: Attempt, watch: Watch) -> ModelAnswer:
        """What the model says of a page. An answer of no use gives way to one in another mode."""
        answer = self.ask_once(page, attempt, watch)
        if attempt.guarded and (mode := self.model_format.other_mode(attempt.mode, answer.text)):
            return self.ask_once(page, replace(attempt, mode=mode), watch)
        return answer

    def ask_once(self, page: PageImage, attempt: Attempt, watch: Watch) -> ModelAnswer:
        prompt_ids: list[int] = []

        def begin() -> DecodingPage:
            if watch.cancelled:
                raise Cancelled
            prompt = self.encode_page(page, attempt.mode, watch)
            prompt_ids.extend(prompt.token_ids)
            answer = self._open_answer(page, prompt.token_ids, attempt, watch)
            return DecodingPage(prompt.inputs, answer, Drafter(partial(self._words, page)))

        tokens = self.say(begin) if self.say else decode_page(self.decoder, begin(), self.costs)
        return make_answer(tuple(prompt_ids), tokens, self.model_format.text)

    def _open_answer(
        self, page: PageImage, prompt_ids: tuple[int, ...], attempt: Attempt, watch: Watch
    ) -> OpenAnswer:
        model_format = self.model_format
        rules = AnswerRules(
            prompt_ids=prompt_ids,
            eos=model_format.ends,
            max_tokens=self.max_tokens,
            no_repeat_ngram=attempt.no_repeat_ngram,
            ngram_window=attempt.ngram_window,
            whitelist=model_format.repeatable if attempt.guarded else frozenset(),
        )
        return OpenAnswer(rules, watch, self._guard(page) if attempt.guarded else None)

    def _words(self, page: PageImage) -> tuple[int, ...] | None:
        """What a quicker reader has made out on the page, as this model would write it; None until then."""
        seen = page.seen()
        return None if seen is None else self.model_format.vocabulary.ids(seen)

    def _guard(self, page: PageImage) -> LoopGuard:
        return LoopGuard(self.model_format.vocabulary.piece, partial(look_for_recurrence, page), page.seen)

    @torch.inference_mode()
    def encode_page(self, page: PageImage, mode: str, watch: Watch) -> ModelPrompt:
        return self.model_format.encode_page(self.model, page, mode, watch)


def _tell(flow: PageFlow, request: PageRequest, read: Future[PageText]) -> None:
    problem = read.exception()
    if problem is None:
        flow.answer(request, read.result())
    elif isinstance(problem, Exception):
        flow.fail(request, problem)
    else:
        raise problem
