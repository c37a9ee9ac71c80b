"""What DeepSeek-OCR and DeepSeek-OCR-2 share: views of a page through the tower, an answer with places in it.

What differs between the two is a `DeepseekFamily`: how many tokens a page becomes, in which order, in which
modes. The page's features are put beside the prompt's embeddings, so no device has to scatter them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from papertray.engine.devices.rows import DeviceRow
from papertray.engine.dialects import Conversion
from papertray.engine.dialects.deepseek import parse_deepseek
from papertray.engine.errors import Cancelled
from papertray.engine.inference.checkpoint import Checkpoint, open_checkpoint
from papertray.engine.inference.loading import load_model
from papertray.engine.inference.model_reader import ModelFormat, ModelPrompt, ModelReader
from papertray.engine.inference.readings import NoSuchMode, plan_attempts
from papertray.engine.inference.vocabulary import Vocabulary
from papertray.engine.models.catalog import CatalogEntry
from papertray.engine.pages import PageImage, ReadOptions, Watch
from papertray.engine.patches import apply_patches
from papertray.engine.readers.deepseek.prompts import BEGIN, END, IMAGE, prompt_around_image, prompt_text
from papertray.engine.readers.deepseek.views import Grid, Pixels, ViewMode, Views, make_views

MAX_TOKENS = 8192
PUBLISHERS_NGRAM = 20
CELLS = ("<td>", "</td>")
"""The publisher lets these come again under the n-gram rule: empty cells are no loop."""

DEFAULT_MODE = "tiles"
QUIRKS = (
    "convolution_as_matmul",
    "gathered_experts",
    "gathered_experts_4bit",
    "range_in_float32",
    "embeddings_on_processor",
    "folded_positions",
    "sam_by_head",
    "remembered_positions",
)
"""Corrections that these models need where a device row names them; nothing here is scattered."""


@dataclass(frozen=True, slots=True)
class DeepseekFamily:
    """`join_features` puts the views in the model's order, given the model, whole page, tiles and grid.

    `always` are corrections of the model's class that every device needs.
    """

    model_class: Any
    config: Callable[[Checkpoint, int], Any]
    modes: Mapping[str, ViewMode]
    prompts: Mapping[str, str]
    image_tokens: Callable[[ViewMode, Grid], int]
    join_features: Callable[[Any, Tensor, Sequence[Tensor], Grid], Tensor]
    unused: frozenset[str] = frozenset()
    always: tuple[str, ...] = ()
    ngram: int = PUBLISHERS_NGRAM


def load_deepseek(
    family: DeepseekFamily, entry: CatalogEntry, folder: Path, row: DeviceRow, options: ReadOptions
) -> ModelReader:
    """Refuses what does not fit before any memory is taken."""
    mode = options.mode or DEFAULT_MODE
    if mode not in family.modes:
        raise NoSuchMode(entry, mode, family.modes)
    prompt = prompt_text(options.prompt, family.prompts)
    checkpoint = open_checkpoint(folder, entry)
    vocabulary = Vocabulary.of(checkpoint, IMAGE, BEGIN, END)
    config = family.config(checkpoint, vocabulary.token(IMAGE))
    model = load_model(family.model_class, checkpoint, config, row, family.unused, progress=options.progress)
    apply_patches(model, (*family.always, *row.patches), (*family.always, *QUIRKS))
    other_mode = "base" if mode == DEFAULT_MODE else DEFAULT_MODE
    return ModelReader.of_checkpoint(
        entry,
        folder,
        row,
        model=model,
        model_format=DeepseekFormat(
            vocabulary=vocabulary,
            ends=vocabulary.tokens(END),
            repeatable=vocabulary.tokens(*CELLS),
            family=family,
            prompt=prompt,
            longest_side=row.longest_side,
        ),
        attempts=plan_attempts(options, mode, other_mode, family.ngram),
        max_tokens=options.max_tokens or MAX_TOKENS,
        progress=options.progress,
    )


@dataclass(frozen=True, kw_only=True)
class DeepseekFormat(ModelFormat):
    family: DeepseekFamily
    prompt: str
    longest_side: int | None

    def encode_page(self, model: Any, page: PageImage, mode: str, watch: Watch) -> ModelPrompt:
        """The prompt with its image, as embeddings [1, tokens, width]."""
        view_mode = self.family.modes[mode]
        views = make_views(page.image, view_mode, self.longest_side)
        before, after = prompt_around_image(self.vocabulary, self.prompt)
        image = [self.vocabulary.token(IMAGE)] * self.family.image_tokens(view_mode, views.grid)
        features = self._features(model, views, watch)
        embeddings = torch.cat([_embed(model, before), features, _embed(model, after)])
        return ModelPrompt((*before, *image, *after), {"inputs_embeds": embeddings.unsqueeze(0)})

    def convert_answer(self, text: str, page: PageImage) -> Conversion:
        return parse_deepseek(text, page)

    def text(self, token_ids: Sequence[int]) -> str:
        """Without the blanks around it, as the publisher gives an answer."""
        return self.vocabulary.text(token_ids).strip()

    def _features(self, model: Any, views: Views, watch: Watch) -> Tensor:
        """One view at a time: six tiles at once take six times the memory, and longer."""
        tiles = [_project(model, tile, watch) for tile in views.tiles]
        return self.family.join_features(model.model, _project(model, views.whole, watch), tiles, views.grid)


def _project(model: Any, pixels: Pixels, watch: Watch) -> Tensor:
    """A view as the language model sees it."""
    if watch.cancelled:
        raise Cancelled
    view = torch.from_numpy(pixels).to(model.device, model.dtype).unsqueeze(0)
    features = model.model.vision_tower(view).last_hidden_state
    projection: Tensor = model.model.multi_modal_projector(features)[0]
    return projection


def _embed(model: Any, token_ids: tuple[int, ...]) -> Tensor:
    embeddings: Tensor = model.get_input_embeddings()(torch.tensor(token_ids, device=model.device).long())
    return embeddings
