"""The reader that GLM-OCR and PaddleOCR-VL share: a page and a few words in the publisher's chat template.

Both are transformers' own classes with positions in rows and columns. What differs is a `TemplatedFamily`.
The template lies in the checkpoint and is rendered in transformers' sandbox. The page's features are put
beside the words' embeddings, so no device has to scatter them. Answers are Markdown, without places.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from PIL import Image

from papertray.engine import patches
from papertray.engine.devices.rows import DeviceRow
from papertray.engine.dialects import Conversion
from papertray.engine.dialects.paragraphs import markdown_paragraphs
from papertray.engine.errors import Cancelled, ReaderError
from papertray.engine.inference.checkpoint import open_checkpoint
from papertray.engine.inference.decode import decode
from papertray.engine.inference.loading import load_model
from papertray.engine.inference.loops import LoopGuard
from papertray.engine.inference.paper import fit_within, put_on_paper
from papertray.engine.inference.publishers_files import load_config, load_processor, render_template
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
from papertray.engine.pages import PageImage, PageText, ReaderIdentity, ReadOptions, Watch

MODE = "page"
MAX_TOKENS = 8192
NGRAM = 35
"""Only for a page that looped."""

_PUBLISHED_PLACE = "<image>"


@dataclass(frozen=True, slots=True)
class TemplatedFamily:
    """`place` is the token that stands for the page, `ends` are those that end an answer."""

    name: str
    model_class: Any
    config_class: Any
    processor_class: Any
    place: str
    ends: tuple[str, ...]
    prompts: Mapping[str, str]
    quirks: tuple[str, ...] = ()
    unused: frozenset[str] = frozenset()


def load(family: TemplatedFamily, weights: Path, row: DeviceRow, options: ReadOptions) -> "TemplatedReader":
    """Refuses what does not fit before any memory is taken."""
    if options.mode not in (None, MODE):
        raise ReaderError(
            f"{find_entry(family.name).title} has no mode {options.mode}.", f"It has only {MODE}."
        )
    checkpoint = open_checkpoint(weights, find_entry(family.name))
    words = Vocabulary.of(checkpoint, family.place, *family.ends)
    own = options.prompt.replace(_PUBLISHED_PLACE, "").strip()
    prompt = render_template(checkpoint, family.place, family.prompts.get(options.prompt, own))
    processor = load_processor(checkpoint, family.processor_class)
    config = load_config(checkpoint, family.config_class)
    model = load_model(family.model_class, checkpoint, config, row, family.unused)
    patches.apply(model, row.patches, family.quirks)
    return TemplatedReader(
        family=family,
        identity=identify_reader(family.name, weights, row),
        row=row,
        model=model,
        words=words,
        prompt=prompt,
        processor=processor,
        ways=plan_attempts(options, MODE, MODE, NGRAM),
        max_tokens=options.max_tokens or MAX_TOKENS,
        why=row.reason,
    )


@dataclass(slots=True)
class TemplatedReader:
    family: TemplatedFamily
    identity: ReaderIdentity
    row: DeviceRow
    model: Any
    words: Vocabulary
    prompt: str
    processor: Any
    ways: tuple[Attempt, ...]
    max_tokens: int
    why: str
    batch: int = 1
    rung: str = ""

    def read(self, pages: Sequence[PageImage], watch: Watch) -> list[PageText]:
        return [read_page(page, self.ways, self.speak, _converted, watch) for page in pages]

    def close(self) -> None:
        self.model = None

    def speak(self, page: PageImage, way: Attempt, watch: Watch) -> ModelAnswer:
        if watch.cancelled:
            raise Cancelled
        prompt_ids, inputs = self.prepared(page)
        decoded = decode(
            self.model,
            inputs,
            prompt_ids=prompt_ids,
            eos=self.words.known(*self.family.ends),
            max_tokens=self.max_tokens,
            no_repeat_ngram=way.no_repeat_ngram or None,
            watch=watch,
            guard=LoopGuard(self.words.piece) if way.guarded else None,
        )
        return make_answer(prompt_ids, decoded, self.words.text)

    @torch.inference_mode()
    def prepared(self, page: PageImage) -> tuple[tuple[int, ...], dict[str, torch.Tensor]]:
        """The prompt as token ids, and what the model's first step takes: embeddings and their positions."""
        picture = self.processor(images=[self._sized(put_on_paper(page.image))], return_tensors="pt")
        grid, device = picture["image_grid_thw"], self.row.device
        count = int(grid.prod()) // self.processor.merge_size**2
        prompt_ids = self.words.ids(self.prompt.replace(self.family.place, self.family.place * count, 1))
        ids, place = torch.tensor([prompt_ids]), self.words.token(self.family.place)
        inner = self.model.model
        pixels = picture["pixel_values"].to(device, self.model.dtype)
        seen = torch.cat(
            list(inner.get_image_features(pixels, grid.to(device), return_dict=True).pooler_output)
        )
        embeddings = inner.get_input_embeddings()(ids.to(device))
        start = prompt_ids.index(place)
        embeddings[0, start : start + count] = seen.to(embeddings.dtype)
        positions, deltas = inner.get_rope_index(ids, (ids == place).int(), image_grid_thw=grid)
        positions, inner.rope_deltas = positions.to(device), deltas.to(device)
        return prompt_ids, {"inputs_embeds": embeddings, "position_ids": positions}

    def _sized(self, page: Image.Image) -> Image.Image:
        step = self.processor.patch_size * self.processor.merge_size
        size = fit_within(*page.size, self.row.longest_side, step)
        return page if size == page.size else page.resize(size, Image.Resampling.BICUBIC)


def _converted(raw: str, _page: PageImage) -> Conversion:
    return Conversion(tuple(markdown_paragraphs(raw)))
