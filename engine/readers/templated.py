"""What the small models share: a page and a few words in the publisher's chat template.

All are transformers' classes, most with positions in rows and columns; what differs is a `TemplatedFamily`.
The template lies in the checkpoint and is rendered in transformers' sandbox. The page's features are put
beside the words' embeddings, so no device has to scatter them. Answers are Markdown, without places; where a
model can be asked for the elements of a page, and another finds these, the places are theirs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from PIL import Image

from papertray.engine.devices.rows import DeviceRow
from papertray.engine.dialects import Conversion
from papertray.engine.dialects.plain import parse_plain
from papertray.engine.errors import ReaderError
from papertray.engine.inference.checkpoint import Checkpoint, Renames, open_checkpoint
from papertray.engine.inference.loading import load_model
from papertray.engine.inference.model_reader import ModelFormat, ModelPrompt, ModelReader
from papertray.engine.inference.paper import fit_within, put_on_paper
from papertray.engine.inference.publishers_files import load_config, load_processor, render_template
from papertray.engine.inference.readings import Attempt, NoSuchMode, plan_attempts
from papertray.engine.inference.vocabulary import Vocabulary
from papertray.engine.models.catalog import CatalogEntry, find_part
from papertray.engine.pages import PageImage, ReadOptions, Watch
from papertray.engine.patches import apply_patches
from papertray.engine.readers.regions.layout_model import LayoutModel
from papertray.engine.readers.regions.reader import RegionsReader

MODE, BY_REGIONS = "page", "regions"
DOCUMENT = "document"
MAX_TOKENS = 8192
NGRAM = 35
"""Only for a page that looped."""

WORDS = "{words}"
_PUBLISHED_PLACE = "<image>"


@dataclass(frozen=True, slots=True)
class TemplatedFamily:
    """`place` is the token that stands for the page, `ends` are those that end an answer, `marks` those that
    stand between the parts of a page.

    `elements` are the words that ask for what stands in one region of a page. `frame` is the template where
    the checkpoint need not bring one: what stands before and behind the words, at its `WORDS`.
    """

    model_class: Any
    config_class: Any
    processor_class: Any
    place: str
    ends: tuple[str, ...]
    prompts: Mapping[str, str]
    elements: Mapping[str, str] = field(default_factory=dict)
    frame: str = ""
    quirks: tuple[str, ...] = ()
    unused: frozenset[str] = frozenset()
    renames: Renames = ()
    marks: tuple[str, ...] = ()
    format_class: "type[TemplatedFormat] | None" = None

    def render(self, checkpoint: Checkpoint, words: str) -> str:
        if self.frame:
            return self.frame.replace(WORDS, words)
        return render_template(checkpoint, self.place, words)


def load_templated(
    family: TemplatedFamily, entry: CatalogEntry, folder: Path, row: DeviceRow, options: ReadOptions
) -> ModelReader | RegionsReader:
    """Refuses what does not fit before any memory is taken."""
    layout = _layout_folder(family, entry, options)
    elements = family.elements if layout else {}
    checkpoint = open_checkpoint(folder, entry)
    finder = LayoutModel.open(layout, find_part(entry.finder), row) if layout else None
    reader = open_templated(family, checkpoint, row, options, elements)
    return RegionsReader(reader, finder, plan_elements(elements, options)) if finder else reader


def plan_elements(names: Iterable[str], options: ReadOptions) -> dict[str, tuple[Attempt, ...]]:
    return {name: plan_attempts(options, name, name, NGRAM) for name in names}


def open_templated(
    family: TemplatedFamily,
    checkpoint: Checkpoint,
    row: DeviceRow,
    options: ReadOptions,
    elements: Mapping[str, str],
) -> ModelReader:
    """It can be asked for a whole page, and for each of the elements as if it were a mode."""
    vocabulary = Vocabulary.of(checkpoint, family.place, *family.ends, *family.marks)
    own_prompt = options.prompt.replace(_PUBLISHED_PLACE, "").strip()
    prompt = family.render(checkpoint, family.prompts.get(options.prompt, own_prompt))
    processor = load_processor(checkpoint, family.processor_class)
    config = load_config(checkpoint, family.config_class)
    model = load_model(
        family.model_class,
        checkpoint,
        config,
        row,
        family.unused,
        family.renames,
        options.progress,
    )
    apply_patches(model, row.patches, family.quirks)
    return ModelReader.of_checkpoint(
        checkpoint.entry,
        checkpoint.folder,
        row,
        model=model,
        model_format=(family.format_class or TemplatedFormat)(
            vocabulary=vocabulary,
            ends=vocabulary.tokens(*family.ends),
            place=family.place,
            prompt=prompt,
            elements={name: family.render(checkpoint, words) for name, words in elements.items()},
            processor=processor,
            longest_side=row.longest_side,
        ),
        attempts=plan_attempts(options, MODE, MODE, NGRAM),
        max_tokens=options.max_tokens or MAX_TOKENS,
        progress=options.progress,
    )


def wants_regions(family: TemplatedFamily, entry: CatalogEntry, options: ReadOptions) -> bool:
    """Whether pages are to be read region by region; refuses a mode that there is not."""
    modes = (BY_REGIONS, MODE) if family.elements else (MODE,)
    if options.mode is not None and options.mode not in modes:
        raise NoSuchMode(entry, options.mode, modes)
    if options.mode == BY_REGIONS and options.prompt != DOCUMENT:
        raise ReaderError(
            f"In the mode {BY_REGIONS} {entry.title} is asked for each region's own sort of text.",
            f"Leave the prompt at {DOCUMENT}, or choose the mode {MODE}.",
        )
    return bool(family.elements) and options.mode != MODE and options.prompt == DOCUMENT


def _layout_folder(family: TemplatedFamily, entry: CatalogEntry, options: ReadOptions) -> Path | None:
    """Where the model is that finds the regions; None where a page is to be read as a whole."""
    wanted = wants_regions(family, entry, options)
    if options.mode == BY_REGIONS and options.layout is None:
        raise ReaderError(
            f"The mode {BY_REGIONS} needs {find_part(entry.finder).title}, which is not here.",
            f"`papertray models pull {entry.name}` fetches it; or choose the mode {MODE}.",
        )
    return options.layout if wanted else None


@dataclass(frozen=True, kw_only=True)
class TemplatedFormat(ModelFormat):
    """`prompt` is the rendered template, in which `place` stands once; `elements` are those for regions."""

    place: str
    prompt: str
    elements: Mapping[str, str]
    processor: Any
    longest_side: int | None

    def encode_page(self, model: Any, page: PageImage, mode: str, _watch: Watch) -> ModelPrompt:
        """Embeddings, and their positions in rows and columns."""
        step = self.processor.patch_size * self.processor.merge_size
        picture = self.prepare(page, step)
        grid, inner = picture["image_grid_thw"], model.model
        prompt = self.embed(model, _features(model, picture["pixel_values"], grid), mode)
        ids = torch.tensor([prompt.token_ids])
        kinds = (ids == self.vocabulary.token(self.place)).int()
        positions, deltas = inner.get_rope_index(ids, kinds, image_grid_thw=grid)
        inner.rope_deltas = deltas.to(model.device)
        return ModelPrompt(prompt.token_ids, {**prompt.inputs, "position_ids": positions.to(model.device)})

    def prepare(self, page: PageImage, step: int) -> Mapping[str, torch.Tensor]:
        """The page's pixels. Its sides become multiples of `step` later; they keep to the cap also then."""
        paper = put_on_paper(page.image)
        size = fit_within(*paper.size, self.longest_side, step)
        fitted = paper if size == paper.size else paper.resize(size, Image.Resampling.BICUBIC)
        picture: Mapping[str, torch.Tensor] = self.processor(images=[fitted], return_tensors="pt")
        return picture

    def embed(self, model: Any, features: torch.Tensor, mode: str) -> ModelPrompt:
        """The mode's prompt, with what the tower saw of the page in its place."""
        count = len(features)
        prompt = self.elements.get(mode, self.prompt)
        token_ids = self.vocabulary.ids(prompt.replace(self.place, self.place * count, 1))
        embeddings = model.get_input_embeddings()(torch.tensor([token_ids]).to(model.device))
        start = token_ids.index(self.vocabulary.token(self.place))
        embeddings[0, start : start + count] = features.to(embeddings.dtype)
        return ModelPrompt(token_ids, {"inputs_embeds": embeddings})

    def convert_answer(self, text: str, _page: PageImage) -> Conversion:
        return parse_plain(text)


def _features(model: Any, pixels: torch.Tensor, grid: torch.Tensor) -> torch.Tensor:
    """The page as the language model sees it, a vector for every place that it takes."""
    pixels, grid = pixels.to(model.device, model.dtype), grid.to(model.device)
    return torch.cat(list(model.model.get_image_features(pixels, grid, return_dict=True).pooler_output))
