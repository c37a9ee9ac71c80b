"""The reader that DeepSeek-OCR and DeepSeek-OCR-2 share: a page in, views through the tower, an answer out.

What differs between the two is a `DeepseekFamily`: how many tokens a page becomes, in which order, in which
modes. The page's features are put beside the prompt's embeddings, so no device has to scatter them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from papertray.engine import patches
from papertray.engine.devices.rows import DeviceRow
from papertray.engine.dialects.deepseek import parse_deepseek
from papertray.engine.errors import Cancelled, ReaderError
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
from papertray.engine.pages import PageImage, PageText, ReaderIdentity, ReadOptions, Watch
from papertray.engine.readers.deepseek.prompts import BEGIN, END, IMAGE, prompt_around_image, prompt_text
from papertray.engine.readers.deepseek.views import Grid, Pixels, ViewMode, Views, make_views

MAX_TOKENS = 8192
PUBLISHERS_NGRAM = 20
CELLS = ("<td>", "</td>")
"""The publisher lets these come again under the n-gram rule: empty cells are no loop."""

DEFAULT_MODE = "tiles"
QUIRKS = (
    "convolution_as_matmul",
    "eager_experts",
    "folded_positions",
    "one_row_products",
    "one_row_attention",
    "cache_with_room",
)
"""Corrections that these models need where a device row names them; nothing here is scattered."""


@dataclass(frozen=True, slots=True)
class DeepseekFamily:
    """`joined` puts the views in the model's order, given the model, whole page, tiles and grid."""

    name: str
    model_class: Any
    config: Callable[[Mapping[str, Any], int], Any]
    modes: Mapping[str, ViewMode]
    prompts: Mapping[str, str]
    image_tokens: Callable[[ViewMode, Grid], int]
    joined: Callable[[Any, Tensor, Sequence[Tensor], Grid], Tensor]
    unused: frozenset[str] = frozenset()


class NoSuchMode(ReaderError):
    def __init__(self, mode: str, family: DeepseekFamily) -> None:
        super().__init__(
            f"{find_entry(family.name).title} has no mode {mode}.", f"It has {', '.join(family.modes)}."
        )


def load(family: DeepseekFamily, weights: Path, row: DeviceRow, options: ReadOptions) -> "DeepseekReader":
    """Refuses what does not fit before any memory is taken."""
    mode = options.mode or DEFAULT_MODE
    if mode not in family.modes:
        raise NoSuchMode(mode, family)
    prompt = prompt_text(options.prompt, family.prompts)
    checkpoint = open_checkpoint(weights, find_entry(family.name))
    words = Vocabulary.of(checkpoint, IMAGE, BEGIN, END)
    config = family.config(checkpoint.config, words.token(IMAGE))
    model = load_model(family.model_class, checkpoint, config, row, family.unused)
    patches.apply(model, row.patches, QUIRKS)
    other = "base" if mode == DEFAULT_MODE else DEFAULT_MODE
    return DeepseekReader(
        family=family,
        identity=identify_reader(family.name, weights, row),
        row=row,
        model=model,
        words=words,
        prompt=prompt,
        ways=plan_attempts(options, mode, other, PUBLISHERS_NGRAM),
        max_tokens=options.max_tokens or MAX_TOKENS,
        why=row.reason,
    )


@dataclass(slots=True)
class DeepseekReader:
    family: DeepseekFamily
    identity: ReaderIdentity
    row: DeviceRow
    model: Any
    words: Vocabulary
    prompt: str
    ways: tuple[Attempt, ...]
    max_tokens: int
    why: str
    batch: int = 1
    rung: str = ""

    def read(self, pages: Sequence[PageImage], watch: Watch) -> list[PageText]:
        return [read_page(page, self.ways, self.speak, parse_deepseek, watch) for page in pages]

    def close(self) -> None:
        self.model = None

    def speak(self, page: PageImage, way: Attempt, watch: Watch) -> ModelAnswer:
        prompt_ids, embeddings = self.prepared(page, way.mode, watch)
        decoded = decode(
            self.model,
            {"inputs_embeds": embeddings},
            prompt_ids=prompt_ids,
            eos=self.words.known(END),
            max_tokens=self.max_tokens,
            no_repeat_ngram=way.no_repeat_ngram,
            whitelist=self.words.known(*CELLS) if way.guarded else frozenset(),
            watch=watch,
            guard=LoopGuard(self.words.piece) if way.guarded else None,
        )
        return make_answer(prompt_ids, decoded, self._said)

    def _said(self, ids: tuple[int, ...]) -> str:
        """Without the blanks around it, as the publisher gives an answer."""
        return self.words.text(ids).strip()

    @torch.inference_mode()
    def prepared(self, page: PageImage, mode: str, watch: Watch) -> tuple[tuple[int, ...], Tensor]:
        """The prompt with its image, as token ids and as embeddings [1, tokens, width]."""
        seen = make_views(page.image, self.family.modes[mode], self.row.longest_side)
        before, after = prompt_around_image(self.words, self.prompt)
        count = self.family.image_tokens(self.family.modes[mode], seen.grid)
        features = self._features(seen, watch)
        embeddings = torch.cat([self._embedded(before), features, self._embedded(after)])
        return (*before, *[self.words.token(IMAGE)] * count, *after), embeddings.unsqueeze(0)

    def _features(self, seen: Views, watch: Watch) -> Tensor:
        """One view at a time: six tiles at once take six times the memory, and longer."""
        tiles = [self._projected(tile, watch) for tile in seen.tiles]
        return self.family.joined(self.model.model, self._projected(seen.whole, watch), tiles, seen.grid)

    def _projected(self, pixels: Pixels, watch: Watch) -> Tensor:
        if watch.cancelled:
            raise Cancelled
        view = torch.from_numpy(pixels).to(self.row.device, getattr(torch, self.row.dtype)).unsqueeze(0)
        seen = self.model.model.vision_tower(view).last_hidden_state
        projected: Tensor = self.model.model.multi_modal_projector(seen)[0]
        return projected

    def _embedded(self, ids: tuple[int, ...]) -> Tensor:
        embedded: Tensor = self.model.get_input_embeddings()(torch.tensor(ids, device=self.row.device).long())
        return embedded
