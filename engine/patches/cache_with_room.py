"""Write each new token behind those that the cache holds, in room that was kept for it.

The library's cache copies all it holds, in every layer, for every token. With a page in it, a processor may
spend a fifth of its time on that.
"""

from typing import Any

from torch import Tensor, nn
from transformers.cache_utils import Cache, DynamicCache, DynamicLayer

from papertray.engine.patches import PatchDoesNotFit

ROOM = 512
"""Tokens until a layer moves to a larger place. All layers together take 14 to 63 megabytes more for it."""


class LayerWithRoom(DynamicLayer):  # type: ignore[misc]
    """Gives what the library's layer gives: all keys and values so far [1, heads, tokens, depth]."""

    _places: tuple[Tensor, Tensor]

    def update(
        self, key_states: Tensor, value_states: Tensor, *_args: Any, **_kwargs: Any
    ) -> tuple[Tensor, Tensor]:
        if not self.is_initialized:
            self.lazy_initialization(key_states, value_states)
            self._places = key_states[..., :0, :], value_states[..., :0, :]
        length = self.get_seq_length()
        keys, values = self._places
        keys, values = _write(keys, length, key_states), _write(values, length, value_states)
        self._places = keys, values
        end = length + key_states.shape[-2]
        self.keys, self.values = keys[..., :end, :], values[..., :end, :]
        return self.keys, self.values


def _write(place: Tensor, length: int, states: Tensor) -> Tensor:
    """The place, or a larger one with what the old one held, with the states behind that."""
    end = length + states.shape[-2]
    if end > place.shape[-2]:
        larger = states.new_empty(*states.shape[:-2], end + ROOM, states.shape[-1])
        larger[..., :length, :] = place[..., :length, :]
        place = larger
    place[..., length:end, :] = states
    return place


def patch(model: nn.Module) -> None:
    layers = DynamicCache(config=model.config).layers
    if any(type(layer) is not DynamicLayer for layer in layers):
        raise PatchDoesNotFit(__name__, "the model's cache forgets, or is of another sort")
    model.register_forward_pre_hook(_begin_with_room, with_kwargs=True)


def _begin_with_room(
    _model: nn.Module, arguments: tuple[Any, ...], options: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    if options.get("use_cache") and options.get("past_key_values") is None:
        options = options | {"past_key_values": Cache(layer_class_to_replicate=LayerWithRoom)}
    return arguments, options
