"""dots.ocr: a page becomes its layout as JSON, and the layout becomes Markdown.

The publisher's weights as they lie on the hub, on transformers' own classes and a tower of our own. A page
that gets no layout is read once more as plain text, and its note says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from papertray.engine.devices.rows import DeviceRow
from papertray.engine.dialects import Conversion
from papertray.engine.dialects.dots import NotLayout, parse_dots
from papertray.engine.dialects.paragraphs import markdown_paragraphs
from papertray.engine.dialects.repair import parse_items
from papertray.engine.errors import Cancelled
from papertray.engine.inference.checkpoint import open_checkpoint
from papertray.engine.inference.decode import decode
from papertray.engine.inference.loading import load_model
from papertray.engine.inference.loops import LoopGuard
from papertray.engine.inference.readings import (
    Attempt,
    ModelAnswer,
    identify_reader,
    make_answer,
    plan_attempts,
    read_page,
)
from papertray.engine.inference.vocabulary import Vocabulary
from papertray.engine.models.catalog import find_entry
from papertray.engine.pages import PageImage, PageText, Reader, ReaderIdentity, ReadOptions, Watch
from papertray.engine.patches import apply as correct
from papertray.engine.readers.dots.model import DotsOcr, language_config
from papertray.engine.readers.dots.pixels import PagePatches, PatchMaker
from papertray.engine.readers.dots.prompts import (
    ENDS,
    OWN,
    PLACE,
    TEXT,
    DotsPrompt,
    prompts_for,
    render_prompt,
)

NAME = "dots-ocr"
MAX_TOKENS = 16384
NGRAM = 35
"""Only for a page that looped: layouts and tables repeat themselves by nature."""

QUIRKS = ("one_row_products", "one_row_attention", "cache_with_room", "attention_by_head")
NO_LAYOUT = "This page was read as plain text: the reader gave no layout for it."


def load(weights: Path, row: DeviceRow, options: ReadOptions) -> Reader:
    """Refuses what does not fit before any memory is taken."""
    mode, prompts = prompts_for(options)
    checkpoint = open_checkpoint(weights, find_entry(NAME))
    words = Vocabulary.of(checkpoint, PLACE, *ENDS)
    preparation = PatchMaker.of(checkpoint, row.longest_side)
    model = load_model(DotsOcr, checkpoint, language_config(checkpoint), row)
    correct(model, row.patches, QUIRKS)
    return DotsOcrReader(
        identity=identify_reader(NAME, weights, row),
        model=model,
        words=words,
        preparation=preparation,
        prompts=prompts,
        ways=plan_attempts(options, mode, OWN if mode == OWN else TEXT, NGRAM),
        max_tokens=options.max_tokens or MAX_TOKENS,
        why=row.reason,
    )


@dataclass(slots=True)
class DotsOcrReader:
    """`prompts` has what is asked in each mode, `ways` which of them to try, in which order."""

    identity: ReaderIdentity
    model: DotsOcr | None
    words: Vocabulary
    preparation: PatchMaker
    prompts: dict[str, DotsPrompt]
    ways: tuple[Attempt, ...]
    max_tokens: int
    why: str
    batch: int = 1
    rung: str = ""

    def read(self, pages: Sequence[PageImage], watch: Watch) -> list[PageText]:
        return [read_page(page, self.ways, self.speak, self.converted, watch) for page in pages]

    def close(self) -> None:
        self.model = None

    def speak(self, page: PageImage, way: Attempt, watch: Watch) -> ModelAnswer:
        """The plain text takes the place of a layout that is none, or has nothing in it."""
        patches, prompt = self.preparation.patches(page.image), self.prompts[way.mode]
        answer = self.asked(patches, prompt, way, watch)
        if way.guarded and prompt.needs_layout and not parse_items(answer.kept):
            return self.asked(patches, self.prompts[TEXT], way, watch)
        return answer

    def asked(self, patches: PagePatches, prompt: DotsPrompt, way: Attempt, watch: Watch) -> ModelAnswer:
        prompt_ids, embeddings = self.prepared([patches], render_prompt(prompt), watch)
        decoded = decode(
            self.model,
            {"inputs_embeds": embeddings},
            prompt_ids=prompt_ids,
            eos=self.words.known(*ENDS),
            max_tokens=self.max_tokens,
            no_repeat_ngram=way.no_repeat_ngram or None,
            watch=watch,
            guard=LoopGuard(self.words.piece) if way.guarded else None,
        )
        return make_answer(prompt_ids, decoded, self.words.text)

    @torch.inference_mode()
    def prepared(
        self, pages: Sequence[PagePatches], text: str, watch: Watch
    ) -> tuple[tuple[int, ...], Tensor]:
        """A rendered text with one place for each page, as token ids and as embeddings [1, tokens, width]."""

        def between() -> None:
            if watch.cancelled:
                raise Cancelled

        assert self.model is not None
        before, *after = text.split(PLACE)
        runs = [PLACE * page.places + part for page, part in zip(pages, after, strict=True)]
        ids = self.words.ids(before + "".join(runs))
        pixels = torch.cat([page.pixels for page in pages])
        grids = [page.grid for page in pages]
        return ids, self.model.embeddings(ids, self.words.token(PLACE), pixels, grids, between)

    def converted(self, raw: str, page: PageImage) -> Conversion:
        asked = self.prompts[self.ways[0].mode]
        if not asked.may_be_layout:
            return Conversion(tuple(markdown_paragraphs(raw)))
        try:
            return parse_dots(raw, page, self.preparation.size(*page.image.size))
        except NotLayout:
            return Conversion(
                tuple(markdown_paragraphs(raw)), warnings=(NO_LAYOUT,) if asked.needs_layout else ()
            )
