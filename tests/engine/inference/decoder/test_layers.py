"""Our own loop over a model's layers says what the library says, and touches no more than it must."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from transformers import LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM

from papertray.engine.choice import load_model_reader
from papertray.engine.devices.rows import DeviceRow
from papertray.engine.inference.decode import Decoder, LibraryDecoder
from papertray.engine.inference.decoder.attention import (
    BLOCK,
    ROOM,
    AttentionKind,
    PageContext,
    look_at_prompt,
)
from papertray.engine.inference.decoder.describe import decoder_for, describe_decoder
from papertray.engine.models.catalog import find_entry
from papertray.engine.pages import ReadOptions, Watch
from papertray.engine.patches import PatchDoesNotFit
from tests.engine.readers import references
from tests.engine.readers.small_models import write_small_model

LARGE, SMALL = ("deepseek-ocr", "deepseek-ocr-2", "dots-ocr"), ("paddleocr-vl", "glm-ocr", "lightonocr-3")
TOKENS = (7, 31, 5, 120, 44, 9, 200, 3)
RUNNING = "minicpm-ocr"
each_model = pytest.mark.parametrize("model", [*LARGE, *SMALL, RUNNING])


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A model in a format, left to the library, and a page as it takes it."""

    @cache
    def open_model(name: str, dtype: str) -> tuple[Any, Any]:
        folder = references.checkpoint(name)
        if name in (*SMALL, RUNNING):
            folder = write_small_model(name, tmp_path_factory.mktemp(name))
        reader = load_model_reader(find_entry(name), folder, DeviceRow("cpu", dtype), ReadOptions())
        prompt = reader.encode_page(references.page("p300x200.png"), reader.attempts[0].mode, Watch())
        return reader.model, prompt.inputs

    return open_model


@torch.inference_mode()
def scores(decoder: Decoder, inputs: Any) -> Tensor:
    """Of the token after the page, and after each of `TOKENS`."""
    context, first = decoder.begin(inputs)
    return torch.cat([first, *(decoder.step([context], [[token]]) for token in TOKENS)]).float()


def own_decoder(library: Any) -> Any:
    return decoder_for(library, DeviceRow("cpu", "float32", decoding="layers"))


def off(answer: Tensor, expected: Tensor) -> float:
    return ((answer - expected).norm() / expected.norm()).item()


@each_model
def test_in_float32_the_numbers_are_the_librarys(opened: Any, model: str) -> None:
    library, inputs = opened(model, "float32")
    expected = scores(LibraryDecoder(library), inputs)
    answer = scores(own_decoder(library), inputs)
    assert off(answer, expected) < 1e-5
    assert torch.equal(scores(LibraryDecoder(library), inputs), expected)  # as it was


@each_model
def test_in_bfloat16_the_numbers_are_as_near_to_float32(opened: Any, model: str) -> None:
    exact, inputs = opened(model, "float32")
    library, inputs_in_16_bit = opened(model, "bfloat16")
    expected = scores(LibraryDecoder(exact), inputs)
    librarys = scores(LibraryDecoder(library), inputs_in_16_bit)
    answer = scores(own_decoder(library), inputs_in_16_bit)
    assert off(answer, expected) < 1.3 * off(librarys, expected)
    assert off(answer, librarys) < 0.03


@each_model
@torch.inference_mode()
def test_pages_that_are_read_together_say_what_each_says_alone(opened: Any, model: str) -> None:
    """Of other lengths, and begun at other times."""
    library, inputs = opened(model, "float32")
    decoder = own_decoder(library)
    short = {"inputs_embeds": inputs["inputs_embeds"][:, :9]}
    alone = [scores(decoder, each) for each in (inputs, short)]
    long_page, first = decoder.begin(inputs)
    together = [[first], []]
    for token in TOKENS[:3]:
        together[0].append(decoder.step([long_page], [[token]]))
    short_page, first = decoder.begin(short)
    together[1].append(first)
    for token, earlier in zip(TOKENS[3:], TOKENS, strict=False):
        both = decoder.step([long_page, short_page], [[token], [earlier]])
        together[0].append(both[:1])
        together[1].append(both[1:])
    for said, expected in zip(together, alone, strict=True):
        rows = torch.cat(said)
        assert off(rows, expected[: len(rows)]) < 1e-5


class Seen(TorchDispatchMode):
    """The weights that products read, and what else operators were given."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def __torch_dispatch__(
        self, operator: Any, types: Iterable[type], args: Any = (), kwargs: Any = None
    ) -> Any:
        self.names.append(operator.overloadpacket.__name__)
        return operator(*args, **(kwargs or {}))


def operators(work: Callable[[], object]) -> list[str]:
    with torch.inference_mode(), Seen() as seen:
        work()
    return seen.names


@torch.inference_mode()
def test_what_is_kept_is_multiplied_where_it_lies(opened: Any) -> None:
    """A product copies whatever is no piece of memory as it is: in blocks that are not full, too."""
    library, inputs = opened("dots-ocr", "float32")
    decoder = replace(describe_decoder(library), few_rows=None)
    context, _ = decoder.begin({"inputs_embeds": inputs["inputs_embeds"][:, :9]})
    seen = Factors()
    with seen:
        decoder.step([context], [[5]])
    assert len(seen.kept) == len(decoder.layers) * 2
    assert all(factor.is_contiguous() for factor in seen.kept)
    assert {factor.untyped_storage().nbytes() > 2 * factor.nbytes for factor in seen.kept} == {True}


class Factors(TorchDispatchMode):
    """The second factors of products of many matrices."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[Tensor] = []

    def __torch_dispatch__(
        self, operator: Any, types: Iterable[type], args: Any = (), kwargs: Any = None
    ) -> Any:
        if operator.overloadpacket.__name__ == "bmm":
            self.kept.append(args[1])
        return operator(*args, **(kwargs or {}))


@torch.inference_mode()
def test_a_page_looks_back_over_many_blocks() -> None:
    """Written in pieces that end anywhere; several heads share a key, several tokens ask at once."""
    kind = AttentionKind(heads=6, shared_heads=2, depth=16, scaling=0.25, neighbours=False)
    drawn = torch.Generator().manual_seed(3)
    context, length = PageContext(1), 3 * BLOCK + 17
    keys, values = (torch.randn(length, 2, 16, generator=drawn) for _ in range(2))
    queries = torch.randn(length, 6, 16, generator=drawn)
    expected = look_at_prompt(queries, keys, values, kind)
    for count in (BLOCK - 5, BLOCK + 9, 1, 4, 31, length - 2 * BLOCK - 40):
        mine = slice(context.length, context.length + count)
        context.make_room(count, keys, 2, 16)
        context.write(0, keys[mine], values[mine])
        torch.testing.assert_close(context.look_back(0, queries[mine], kind), expected[mine])
        context.length += count
    assert torch.equal(context.kept[0], torch.stack((keys, values)).transpose(1, 2))


def test_a_token_meets_its_own_experts_and_no_others(opened: Any) -> None:
    library, inputs = opened("deepseek-ocr", "float32")
    decoder = describe_decoder(library)
    experts = [layer.feed_forward for layer in decoder.layers if hasattr(layer.feed_forward, "experts")]
    with torch.inference_mode():
        context, _ = decoder.begin(inputs)
    seen = operators(lambda: decoder.step([context], [[5]]))
    chosen = library.config.get_text_config().num_experts_per_tok
    every_layer, dense = 2, 2  # in and out of the attention; gate with up, and down
    expected = len(decoder.layers) * (every_layer + dense) + len(experts) * 2 * chosen + 1
    assert seen.count("mv") == expected
    assert len(experts[0].experts) > chosen


@torch.inference_mode()
def test_what_a_page_said_stays_where_it_is(opened: Any) -> None:
    """Nothing is copied for a token until the room is used up."""
    library, inputs = opened("dots-ocr", "float32")
    decoder = describe_decoder(library)
    context, _ = decoder.begin({"inputs_embeds": inputs["inputs_embeds"][:, :4]})
    place, said = context.place, context.kept
    decoder.step([context], [[5]])
    context.make_room(ROOM - 1, said, *said.shape[2::2])
    assert context.place == place
    context.make_room(ROOM + BLOCK, said, *said.shape[2::2])
    assert context.place != place
    assert torch.equal(context.kept[..., :4, :], said)


def test_fused_weights_are_the_models_own(opened: Any) -> None:
    library, _ = opened("dots-ocr", "float32")
    describe_decoder(library)
    attention = library.get_decoder().layers[0].self_attn
    places = {layer.weight.untyped_storage().data_ptr() for layer in (attention.q_proj, attention.k_proj)}
    assert len(places) == 1


def test_a_layer_of_an_unknown_sort_is_refused() -> None:
    sizes = {"hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 1, "vocab_size": 90}
    with pytest.raises(PatchDoesNotFit, match="LlamaDecoderLayer"):
        describe_decoder(LlamaForCausalLM(LlamaConfig(**sizes, num_attention_heads=4)))


def test_a_model_that_forgets_is_refused() -> None:
    sizes = {"hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 1, "vocab_size": 90}
    forgets = Qwen2Config(
        **sizes,
        num_attention_heads=4,
        num_key_value_heads=2,
        layer_types=["sliding_attention"],
        sliding_window=8,
        use_sliding_window=True,
    )
    with pytest.raises(PatchDoesNotFit, match="forgets"):
        describe_decoder(Qwen2ForCausalLM(forgets))
