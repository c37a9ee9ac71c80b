"""What a checkpoint's own files say of its sizes, its pixels and its prompts, or why they cannot be used."""

import json
from typing import Any

from transformers import PreTrainedTokenizerFast

from papertray.engine.inference.checkpoint import TOKENIZER, Checkpoint

_PREPARATION, _PROCESSOR = "preprocessor_config.json", "processor_config.json"
_PREPARATION_KEYS = (
    "min_pixels",
    "max_pixels",
    "size",
    "patch_size",
    "temporal_patch_size",
    "merge_size",
    "image_mean",
    "image_std",
    "max_slice_nums",
    "scale_resolution",
    "slice_mode",
    "downsample_mode",
    "use_image_id",
    "small_image_upsize",
)
_TEMPLATE = "chat_template.jinja"


def load_config(checkpoint: Checkpoint, config_class: Any) -> Any:
    try:
        return config_class.from_dict({**checkpoint.config, "model_type": config_class.model_type})
    except Exception as fault:  # transformers raises whatever it meets
        raise checkpoint.misfit("config.json is damaged") from fault


def load_processor(checkpoint: Checkpoint, processor_class: Any) -> Any:
    """The class may be one that works in Pillow: only what it needs to know of the pixels is taken.

    A publisher writes that into a file of its own, or into the processor's among other things.
    """
    alone = (checkpoint.folder / _PREPARATION).exists() or not (checkpoint.folder / _PROCESSOR).exists()
    file = _PREPARATION if alone else _PROCESSOR
    try:
        published = json.loads((checkpoint.folder / file).read_text(encoding="utf-8"))
        published = published if alone else published["image_processor"]
        return processor_class(**{name: published[name] for name in _PREPARATION_KEYS if name in published})
    except (OSError, ValueError, TypeError, KeyError) as fault:
        raise checkpoint.misfit(f"{file} is missing or damaged") from fault


def render_template(checkpoint: Checkpoint, place: str, words: str) -> str:
    """The chat template, filled in transformers' sandbox with one page and these words, if any."""
    content = [{"type": "image"}, *([{"type": "text", "text": words}] if words else [])]
    try:
        template = (checkpoint.folder / _TEMPLATE).read_text(encoding="utf-8")
        tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(checkpoint.folder / TOKENIZER))
        text: str = tokenizer.apply_chat_template(
            [{"role": "user", "content": content}],
            chat_template=template,
            tokenize=False,
            add_generation_prompt=True,
        )
    except Exception as fault:  # a template is a program: it may fail in any way
        raise checkpoint.misfit(f"{_TEMPLATE} is missing or damaged") from fault
    if text.count(place) != 1:
        raise checkpoint.misfit(f"{_TEMPLATE} has no single place for a page")
    return text
