"""dots.ocr as transformers can load it: its vision tower beside Qwen2, which is its language model."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from transformers import Qwen2Config, Qwen2ForCausalLM

from papertray.engine.inference.checkpoint import Checkpoint
from papertray.engine.readers.dots.vision import DotsVisionTower, Grid, TowerSizes

_OF_THE_LANGUAGE_MODEL = (
    "vocab_size",
    "hidden_size",
    "intermediate_size",
    "num_hidden_layers",
    "num_attention_heads",
    "num_key_value_heads",
    "max_position_embeddings",
    "rms_norm_eps",
    "tie_word_embeddings",
)


class DotsOcr(Qwen2ForCausalLM):  # type: ignore[misc]
    """Reads embeddings in which the pages already have their places."""

    def __init__(self, config: Qwen2Config) -> None:
        super().__init__(config)
        self.vision_tower = DotsVisionTower(TowerSizes.of(config.vision_config))

    def embeddings(
        self,
        prompt: Sequence[int],
        image_token: int,
        pixels: Tensor,
        grids: Sequence[Grid],
        between: Callable[[], None],
    ) -> Tensor:
        """The prompt's embeddings, with what the tower saw wherever the image token stands."""
        embeddings: Tensor = self.get_input_embeddings()(torch.tensor([prompt], device=self.device))
        features = self.vision_tower(pixels.to(self.device, self.dtype), grids, between)
        for start, stop, first in _runs(prompt, image_token):
            embeddings[0, start:stop] = features[first : first + stop - start]
        return embeddings


def language_config(checkpoint: Checkpoint) -> Qwen2Config:
    """config.json names a class of remote code; its values are Qwen2's own."""
    published = checkpoint.config
    try:
        TowerSizes.of(published["vision_config"])
        return Qwen2Config(
            **{name: published[name] for name in _OF_THE_LANGUAGE_MODEL},
            rope_parameters={"rope_type": "default", "rope_theta": float(published["rope_theta"])},
            vision_config=published["vision_config"],
        )
    except KeyError as missing:
        raise checkpoint.misfit(f"config.json says nothing of {missing}") from missing


def _runs(prompt: Sequence[int], token: int) -> list[tuple[int, int, int]]:
    """Where the token stands: start and end of every run, and how many stood before it."""
    places = [place for place, each in enumerate(prompt) if each == token]
    starts = [n for n, place in enumerate(places) if not n or places[n - 1] != place - 1]
    ends = [*starts[1:], len(places)]
    return [
        (places[first], places[end - 1] + 1, first) for first, end in zip(starts, ends, strict=True) if end
    ]
