"""Our own loop over a model's layers says what the library says, and touches no more than it must."""

from collections.abc import Callable, Iterable
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
from papertray.engine.inference.decoder.attention import ROOM
from papertray.engine.inference.decoder.describe import describe_decoder
from papertray.engine.models.catalog import find_entry
from papertray.engine.pages import ReadOptions, Watch
from papertray.engine.patches import PatchDoesNotFit
from tests.engine.readers import references
from tests.engine.readers.small_models import write_small_model

LARGE, SMALL = ("deepseek-ocr", "deepseek-ocr-2", "dots-ocr"), ("paddleocr-vl", "glm-ocr", "lightonocr-3")
TOKENS = (7, 31, 5, 120, 44, 9, 200, 3)
each_model = pytest.mark.parametrize("model", [*LARGE, *SMALL])


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A model in a format, left to the library, and a page as it takes it."""

    @cache
    def open_model(name: str, dtype: str) -> tuple[Any, Any]:
        folder = references.checkpoint(name)
        if name in SMALL:
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


def off(answer: Tensor, expected: Tensor) -> float:
    return ((answer - expected).norm() / expected.norm()).item()


@each_model
def test_in_float32_the_numbers_are_the_librarys(opened: Any, model: str) -> None:
    library, inputs = opened(model, "float32")
    expected = scores(LibraryDecoder(library), inputs)
    answer = scores(describe_decoder(library), inputs)
    assert off(answer, expected) < 1e-5
    assert torch.equal(scores(LibraryDecoder(library), inputs), expected)  # as it was


@each_model
def test_in_bfloat16_the_tokens_are_the_librarys(opened: Any, model: str) -> None:
    library, inputs = opened(model, "bfloat16")
    expected = scores(LibraryDecoder(library), inputs)
    answer = scores(describe_decoder(library, fused=lambda _dtype: True), inputs)
    assert torch.equal(answer.argmax(-1), expected.argmax(-1))
    assert off(answer, expected) < 0.01


@each_model
def test_looking_back_by_plain_products_is_as_near_to_float32(opened: Any, model: str) -> None:
    exact, inputs = opened(model, "float32")
    library, inputs_in_16_bit = opened(model, "bfloat16")
    expected = scores(LibraryDecoder(exact), inputs)
    fused = off(scores(LibraryDecoder(library), inputs_in_16_bit), expected)
    plain = describe_decoder(library, fused=lambda _dtype: False)
    assert off(scores(plain, inputs_in_16_bit), expected) < 1.3 * fused


@each_model
@torch.inference_mode()
def test_pages_that_are_read_together_say_what_each_says_alone(opened: Any, model: str) -> None:
    """Of other lengths, and begun at other times."""
    library, inputs = opened(model, "float32")
    decoder = describe_decoder(library)
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


def test_what_a_page_said_stays_where_it_is(opened: Any) -> None:
    """Nothing is copied for a token until the room is used up."""
    library, inputs = opened("dots-ocr", "float32")
    decoder = describe_decoder(library)
    with torch.inference_mode():
        context, _ = decoder.begin({"inputs_embeds": inputs["inputs_embeds"][:, :4]})
        places = set()
        for _ in range(ROOM):
            decoder.step([context], [[5]])
            places.add(context.place)
        assert len(places) == 1
        decoder.step([context], [[5]])
        assert context.place not in places


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
