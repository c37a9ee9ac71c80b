"""Say how much of a model's weights is in memory while transformers puts them there.

Takes the model without memory, for the sizes of its tensors, and whoever wants to hear. transformers lets
others make its progress bars: the one over the weights is counted here; nothing is shown or changed.
"""

from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import contextmanager
from typing import Any

from torch import nn
from transformers.utils import logging as transformers_logging

from papertray.engine.pages import LoadProgress

WEIGHTS = "Loading weights"
"""What transformers calls the bar. Under another name nothing is said, and the model is loaded the same."""

PACKING = 0.5
"""From here on weights are packed, where they are."""


def share_of(progress: LoadProgress, start: float, end: float) -> LoadProgress:
    """Who is a part of the whole, from here to there, tells how far the whole is."""
    return lambda done: progress(start + (end - start) * done)


@contextmanager
def follow_loading(outline: nn.Module, progress: LoadProgress) -> Iterator[None]:
    """A large tensor counts for more than a small one: the routed experts of a layer are one."""
    sizes = {name: tensor.numel() for name, tensor in outline.state_dict().items()}

    def make_bar(factory: Callable[..., Any], given: tuple[Any, ...], named: dict[str, Any]) -> Any:
        if named.get("desc") == WEIGHTS and given and isinstance(given[0], Sized):
            return _count(given[0], sizes, progress)
        return factory(*given, **named)

    before = transformers_logging.set_tqdm_hook(make_bar)
    try:
        yield
    finally:
        transformers_logging.set_tqdm_hook(before)


def _count(weights: Any, sizes: dict[str, int], progress: LoadProgress) -> Iterable[tuple[str, Any]]:
    """One after another; a weight is in memory when the next one is asked for."""
    total = sum(sizes.get(name, 1) for name, _ in weights)
    done = 0
    progress(0.0)
    for name, weight in weights:
        yield name, weight
        done += sizes.get(name, 1)
        progress(done / total)
