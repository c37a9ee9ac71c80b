"""dots.ocr: a page becomes its layout as JSON, and the layout becomes Markdown.

The publisher's weights as they lie on the hub, on transformers' own classes and a tower of our own. A page
that gets no layout is read once more as plain text, and its note says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from papertray.engine.devices.rows import DeviceRow
from papertray.engine.dialects import Conversion
from papertray.engine.dialects.dots import NotLayout, parse_dots
from papertray.engine.dialects.plain import parse_plain
from papertray.engine.dialects.repair import parse_items
from papertray.engine.errors import Cancelled
from papertray.engine.inference.checkpoint import open_checkpoint
from papertray.engine.inference.loading import load_model
from papertray.engine.inference.model_reader import ModelFormat, ModelPrompt, ModelReader
from papertray.engine.inference.readings import plan_attempts
from papertray.engine.inference.vocabulary import Vocabulary
from papertray.engine.models.catalog import CatalogEntry
from papertray.engine.pages import PageImage, ReadOptions, Watch
from papertray.engine.patches import apply_patches
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

MAX_TOKENS = 16384
NGRAM = 35
"""Only for a page that looped: layouts and tables repeat themselves by nature."""

QUIRKS = ("range_in_float32", "embeddings_on_processor", "attention_by_head")
NO_LAYOUT = "This page was read as plain text: the reader gave no layout for it."


def load(entry: CatalogEntry, folder: Path, row: DeviceRow, options: ReadOptions) -> ModelReader:
    """Refuses what does not fit before any memory is taken."""
    mode, prompts = prompts_for(entry, options)
    checkpoint = open_checkpoint(folder, entry)
    vocabulary = Vocabulary.of(checkpoint, PLACE, *ENDS)
    patch_maker = PatchMaker.of(checkpoint, row.longest_side)
    model = load_model(DotsOcr, checkpoint, language_config(checkpoint), row, progress=options.progress)
    apply_patches(model, row.patches, QUIRKS)
    return ModelReader.of_checkpoint(
        entry,
        folder,
        row,
        model=model,
        model_format=DotsFormat(
            vocabulary=vocabulary,
            ends=vocabulary.tokens(*ENDS),
            patch_maker=patch_maker,
            prompts=prompts,
            first_prompt=prompts[mode],
        ),
        attempts=plan_attempts(options, mode, OWN if mode == OWN else TEXT, NGRAM),
        max_tokens=options.max_tokens or MAX_TOKENS,
        progress=options.progress,
    )


@dataclass(frozen=True, kw_only=True)
class DotsFormat(ModelFormat):
    """`prompts` has what is asked in each mode; `first_prompt` is what every page is asked first."""

    patch_maker: PatchMaker
    prompts: Mapping[str, DotsPrompt]
    first_prompt: DotsPrompt

    def encode_page(self, model: DotsOcr, page: PageImage, mode: str, watch: Watch) -> ModelPrompt:
        text = render_prompt(self.prompts[mode])
        return self.encode_patches(model, [self.patch_maker.patches(page.image)], text, watch)

    def encode_patches(
        self, model: DotsOcr, pages: Sequence[PagePatches], text: str, watch: Watch
    ) -> ModelPrompt:
        """A rendered text with one place for each page, as embeddings [1, tokens, width]."""

        def between() -> None:
            if watch.cancelled:
                raise Cancelled

        before, *after = text.split(PLACE)
        runs = [PLACE * page.places + part for page, part in zip(pages, after, strict=True)]
        token_ids = self.vocabulary.ids(before + "".join(runs))
        pixels = torch.cat([page.pixels for page in pages])
        grids = [page.grid for page in pages]
        embeddings = model.embeddings(token_ids, self.vocabulary.token(PLACE), pixels, grids, between)
        return ModelPrompt(token_ids, {"inputs_embeds": embeddings})

    def other_mode(self, mode: str, text: str) -> str | None:
        """Plain text takes the place of a layout that is none, or has nothing in it."""
        return TEXT if self.prompts[mode].needs_layout and not parse_items(text) else None

    def convert_answer(self, text: str, page: PageImage) -> Conversion:
        if not self.first_prompt.may_be_layout:
            return parse_plain(text)
        try:
            return parse_dots(text, page, self.patch_maker.size(*page.image.size))
        except NotLayout:
            warnings = (NO_LAYOUT,) if self.first_prompt.needs_layout else ()
            return parse_plain(text, warnings)
