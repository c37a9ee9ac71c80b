"""A cache with room: what the library's holds, without a copy for each token."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as some
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from transformers import LlamaConfig, LlamaForCausalLM, Qwen2Config
from transformers.cache_utils import DynamicLayer

from papertray.engine.choice import load_model_reader
from papertray.engine.devices.rows import CPU_FLOAT32
from papertray.engine.inference.decode import decode
from papertray.engine.models.catalog import find_entry
from papertray.engine.pages import ReadOptions, Watch
from papertray.engine.patches import PatchDoesNotFit, cache_with_room
from papertray.engine.patches.cache_with_room import ROOM, LayerWithRoom
from tests.engine.readers import references

HEADS, DEPTH = 2, 4


def states(tokens: int) -> tuple[Tensor, Tensor]:
    keys = torch.randn(1, HEADS, tokens, DEPTH)
    return keys, keys + 1


@settings(derandomize=True, deadline=None, max_examples=40)
@given(some.lists(some.sampled_from([1, 2, 3, ROOM - 1, ROOM, ROOM + 1]), min_size=1, max_size=6))
def test_it_holds_what_the_librarys_layer_holds(steps: list[int]) -> None:
    with_room, library = LayerWithRoom(), DynamicLayer()
    for tokens in steps:
        new = states(tokens)
        for held, expected in zip(with_room.update(*new), library.update(*new), strict=True):
            assert torch.equal(held, expected)
        assert with_room.get_seq_length() == library.get_seq_length()
        assert with_room.get_mask_sizes(1) == library.get_mask_sizes(1)


def test_a_token_is_written_behind_the_others_which_stay_where_they_are() -> None:
    layer = LayerWithRoom()
    layer.update(*states(5))
    places = [held.data_ptr() for held in layer.update(*states(1))]
    for _ in range(ROOM - 1):
        assert [held.data_ptr() for held in layer.update(*states(1))] == places
    assert [held.data_ptr() for held in layer.update(*states(1))] != places


class Copied(TorchDispatchMode):
    """The numbers that `cat` made along the tokens of a cache."""

    numbers = 0

    def __torch_dispatch__(
        self, operator: Any, types: Iterable[type], args: Any = (), kwargs: Any = None
    ) -> Any:
        answer = operator(*args, **(kwargs or {}))
        if operator.overloadpacket.__name__ == "cat" and args[1:] == (-2,):
            self.numbers += answer.numel()
        return answer


def llama() -> LlamaForCausalLM:
    torch.manual_seed(4)
    sizes = {"hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "vocab_size": 90}
    return LlamaForCausalLM(LlamaConfig(**sizes, num_attention_heads=4, num_key_value_heads=2)).eval()


def spoken(model: nn.Module) -> tuple[tuple[int, ...], int]:
    prompt = torch.arange(1, 41)[None]
    with Copied() as copied:
        said = decode(model, {"input_ids": prompt}, eos=frozenset(), max_tokens=12, watch=Watch())
    return said.generated_ids, copied.numbers


def test_a_model_says_the_same_and_copies_nothing() -> None:
    library, other = llama(), llama()
    cache_with_room.patch(other)
    (said, copied), (said_with_room, copied_with_room) = spoken(library), spoken(other)
    assert said_with_room == said
    assert copied_with_room == 0 < copied


def test_a_second_page_begins_with_an_empty_cache() -> None:
    model = llama()
    cache_with_room.patch(model)
    assert spoken(model) == spoken(model)


def test_without_use_of_a_cache_none_is_made() -> None:
    model = llama()
    cache_with_room.patch(model)
    assert model(torch.ones(1, 3).long(), use_cache=False).past_key_values is None


def test_a_model_whose_cache_forgets_is_refused() -> None:
    @dataclass
    class Model:
        config: Qwen2Config

    forgets = Qwen2Config(num_hidden_layers=2, layer_types=["full_attention", "sliding_attention"])
    forgets.sliding_window, forgets.use_sliding_window = 8, True
    with pytest.raises(PatchDoesNotFit, match="cache_with_room"):
        cache_with_room.patch(Model(forgets))  # type: ignore[arg-type]


MODELS = ("deepseek-ocr", "deepseek-ocr-2", "dots-ocr")


@pytest.mark.parametrize("patches", [(), CPU_FLOAT32.patches], ids=["as it comes", "corrected"])
@pytest.mark.parametrize("model", MODELS)
def test_the_publishers_tokens_are_given_either_way(model: str, patches: tuple[str, ...]) -> None:
    case = max(references.goldens(model)["cases"], key=lambda case: len(case["generated_ids"]))
    ngram = case.get("no_repeat_ngram_size", 0)
    mode = {"dots-ocr": None}.get(model, "tiles" if case.get("crop_mode") else "base")
    options = ReadOptions(mode, case["prompt"], len(case["generated_ids"]), ngram)
    row = replace(CPU_FLOAT32, patches=patches)
    reader = load_model_reader(find_entry(model), references.checkpoint(model), row, options)
    images = case.get("images") or [case["image"]]
    (text,) = reader.read([references.page(images[0])], Watch())
    assert text.transcript is not None
    assert list(text.transcript.generated_ids) == case["generated_ids"]
