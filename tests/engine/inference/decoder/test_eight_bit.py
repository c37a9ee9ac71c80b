"""8-bit weights: nothing is lost but what rounding the weights takes, and no second copy is kept."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from papertray.engine.choice import load_model_reader
from papertray.engine.devices.processor import has_eight_bit_product
from papertray.engine.devices.rows import CPU_FLOAT32, ROWS, DeviceRow
from papertray.engine.inference.decoder import compiled
from papertray.engine.inference.decoder.attention import AttentionKind, PageContext
from papertray.engine.inference.decoder.eight_bit import (
    MOST_ROWS,
    pack_eight_bit,
    project_eight_bit,
    round_to_8_bits,
    split_rows,
)
from papertray.engine.inference.decoder.feed_forward import CompiledExperts
from papertray.engine.inference.decoder.layers import LONGEST_DRAFT
from papertray.engine.inference.decoder.room import MOST_PAGES
from papertray.engine.models.catalog import find_entry
from papertray.engine.pages import ReadOptions, Watch
from tests.engine.readers import references
from tests.engine.readers.small_models import write_small_model

pytestmark = pytest.mark.skipif(not has_eight_bit_product(), reason="this processor has no 8-bit product")

needs_compiler = pytest.mark.skipif(
    compiled.compile_few_rows() is None, reason="there is no compiler on this machine"
)
SMALL = ("paddleocr-vl", "glm-ocr", "lightonocr-3")
INT8 = [row for row in ROWS if row.weights == "int8"]
each_way = pytest.mark.parametrize("project", [pack_eight_bit, project_eight_bit])
RUNNING = "minicpm-ocr"
each_model = pytest.mark.parametrize("model", ["deepseek-ocr", "deepseek-ocr-2", "dots-ocr", *SMALL])


def weights(out: int, width: int) -> Tensor:
    return torch.randn(out, width, generator=torch.Generator().manual_seed(out)) * 0.02


def rows(count: int, width: int) -> Tensor:
    """Of very unlike sizes, with a number in each that outweighs the others."""
    made = torch.Generator().manual_seed(count)
    drawn = torch.randn(count, width, generator=made) * torch.logspace(-3, 3, count)[:, None]
    drawn[:, 7] *= 30
    return drawn


@each_way
@pytest.mark.parametrize("bias", [None, torch.ones(43)], ids=["plain", "bias"])
@pytest.mark.parametrize("count", [1, 2, 70, MOST_ROWS + 1])
def test_the_product_is_that_of_the_rounded_weights(project: Any, count: int, bias: Tensor | None) -> None:
    numbers, scales = round_to_8_bits(weights(43, 96))
    answer = project(numbers, scales, bias)
    given = rows(count, 96)
    expected = torch.nn.functional.linear(given, numbers * scales[:, None], bias)
    off = (answer.multiply(answer.prepare(given)) - expected).norm(dim=1) / expected.norm(dim=1)
    assert off.max() < 2e-3


@each_way
def test_a_row_has_the_same_product_whoever_stands_beside_it(project: Any) -> None:
    packed = project(*round_to_8_bits(weights(40, 96)))
    given = rows(9, 96)
    together = packed.multiply(packed.prepare(given))
    alone = [packed.multiply(packed.prepare(row[None])) for row in given]
    assert torch.equal(together, torch.cat(alone))


def test_every_number_fits_in_7_bits() -> None:
    split = split_rows(torch.cat([rows(5, 96), torch.zeros(1, 96)]))
    assert split.numbers.abs().max() <= 63
    assert torch.equal(split.numbers[-1], torch.zeros(2, 96))


@each_way
def test_what_is_no_number_stays_none(project: Any) -> None:
    """So that the check of the scores sees it."""
    packed = project(*round_to_8_bits(weights(8, 16)))
    for fault in ("inf", "nan"):
        given = torch.ones(1, 16)
        given[0, 3] = float(fault)
        assert not packed.multiply(packed.prepare(given)).isfinite().any()


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Any:
    @cache
    def folder(name: str) -> Any:
        small = name in (*SMALL, RUNNING)
        return (
            write_small_model(name, tmp_path_factory.mktemp(name)) if small else references.checkpoint(name)
        )

    @cache
    def open_reader(name: str, row: DeviceRow) -> tuple[Any, Any]:
        reader = load_model_reader(find_entry(name), folder(name), row, ReadOptions(max_tokens=8))
        page = references.page("p300x200.png")
        return reader, reader.encode_page(page, reader.attempts[0].mode, Watch()).inputs

    return open_reader


@torch.inference_mode()
def scores(reader: Any, inputs: Any, tokens: list[int]) -> Tensor:
    context, first = reader.decoder.begin(inputs)
    return torch.cat([first, *(reader.decoder.step([context], [[token]]) for token in tokens)]).float()


@pytest.mark.parametrize("row", INT8, ids=str)
@pytest.mark.parametrize("model", ["deepseek-ocr", "deepseek-ocr-2", "dots-ocr", *SMALL, RUNNING])
def test_the_scores_stay_within_a_twentieth_of_float32(opened: Any, model: str, row: DeviceRow) -> None:
    """Where they choose another token, float32 hardly preferred its own."""
    exact, inputs = opened(model, CPU_FLOAT32)
    reader, inputs_here = opened(model, row)
    tokens = list(range(3, 43))
    expected, answer = scores(exact, inputs, tokens), scores(reader, inputs_here, tokens)
    assert (answer - expected).norm() < 0.05 * expected.norm()
    best, second = expected.topk(2).values.T
    other = answer.argmax(-1) != expected.argmax(-1)
    assert ((best - second)[other] < 4 * (answer - expected).std()).all()


def test_how_long_a_running_state_remembers_is_not_rounded(opened: Any) -> None:
    reader, _ = opened(RUNNING, INT8[0])
    layers = reader.model.get_decoder().layers
    large = {name: weight.shape[0] for name, weight in layers.named_parameters() if weight.dim() > 1}
    whole = {name.split(".")[-2] for name, rows in large.items() if rows}
    assert whole == {"in_proj_a", "in_proj_b", "conv1d"}


def test_a_step_is_never_of_so_many_rows_that_they_are_multiplied_in_another_way() -> None:
    assert MOST_PAGES * (1 + LONGEST_DRAFT) <= MOST_ROWS


@pytest.fixture
def without_compiler(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(compiled, "COMPILERS", ())
    compiled.compile_here.cache_clear()
    yield
    compiled.compile_here.cache_clear()


@pytest.mark.parametrize("row", INT8, ids=str)
@pytest.mark.usefixtures("without_compiler")
def test_without_a_compiler_torchs_operator_says_the_same(opened: Any, row: DeviceRow) -> None:
    exact, inputs = opened("deepseek-ocr", CPU_FLOAT32)
    reader = load_model_reader(
        find_entry("deepseek-ocr"), references.checkpoint("deepseek-ocr"), row, ReadOptions()
    )
    assert not any(isinstance(layer.feed_forward, CompiledExperts) for layer in reader.decoder.layers)
    tokens = list(range(3, 23))
    inputs_here = {name: value.to(getattr(torch, row.dtype)) for name, value in inputs.items()}
    expected, answer = scores(exact, inputs, tokens), scores(reader, inputs_here, tokens)
    assert (answer - expected).norm() < 0.05 * expected.norm()


@needs_compiler
def test_chosen_experts_are_multiplied_in_one_go(opened: Any) -> None:
    """And say what each would say alone."""
    reader, _ = opened("deepseek-ocr", INT8[0])
    experts = reader.decoder.layers[-1].feed_forward
    assert isinstance(experts, CompiledExperts)
    width = reader.decoder.norm.weight.shape[0]
    given = rows(11, width).bfloat16()
    together, one_by_one = experts.answer(given).float(), experts.one_by_one.answer(given).float()
    assert (together - one_by_one).norm() < 0.01 * one_by_one.norm()
    alone = torch.cat([experts.answer(row[None]) for row in given])
    assert torch.equal(alone.float(), together)
    as_a_prompt = experts.answer(given.repeat(MOST_ROWS, 1))[: len(given)].float()
    assert (as_a_prompt - together).norm() < 0.02 * together.norm()


@needs_compiler
@pytest.mark.parametrize(("heads", "shared", "depth"), [(10, 10, 128), (6, 2, 48)])
@pytest.mark.parametrize(("dtype", "most"), [(torch.bfloat16, 0.01), (torch.float32, 1e-5)], ids=str)
def test_compiled_and_plain_products_look_back_alike(
    heads: int, shared: int, depth: int, dtype: torch.dtype, most: float
) -> None:
    """Pages of other lengths, one of which asks with several tokens."""
    few_rows = compiled.compile_few_rows()
    assert few_rows
    kind = AttentionKind(heads, shared, depth, depth**-0.5, neighbours=False)
    drawn = torch.Generator().manual_seed(5)
    pages, expected = [], []
    for length, count in ((300, 1), (1, 4), (127, 1)):
        context, new = PageContext(2), length + count
        keys, values = (torch.randn(new, shared, depth, generator=drawn).to(dtype) for _ in range(2))
        context.make_room(new, keys, shared, depth)
        context.write(1, keys, values)
        context.length = length
        pages.append((context, count))
        queries = torch.randn(count, heads + 1, depth, generator=drawn).to(dtype)[:, :heads]
        expected.append((queries, context.look_back(1, queries, kind)))
    queries, plain = (torch.cat(each) for each in zip(*expected, strict=True))
    seen = few_rows.look_back(1, queries, pages, kind)
    off = (seen.float() - plain.float()).norm(dim=1) / plain.float().norm(dim=1)
    assert off.max() < most


@pytest.fixture
def threads() -> Iterator[Any]:
    before = torch.get_num_threads()
    yield torch.set_num_threads
    torch.set_num_threads(before)


@needs_compiler
@each_model
@pytest.mark.parametrize(("row", "most"), [(INT8[0], 0.05), (INT8[1], 0.001)], ids=str)
@torch.inference_mode()
def test_a_step_in_one_go_says_what_its_layers_say(
    opened: Any, model: str, row: DeviceRow, most: float, threads: Any
) -> None:
    """Of one row and of several; the same, bit for bit, however many threads and pages there are."""
    reader, inputs = opened(model, row)
    decoder = reader.decoder
    assert decoder.whole_step
    given = [[7], [31, 5, 120], [44]]

    def say(way: Any, pages: list[list[int]]) -> Tensor:
        contexts = [way.begin(inputs)[0] for _ in pages]
        way.step(contexts, pages)
        answer = way.step(contexts, pages)  # looks back at what the first one kept
        return answer.float()

    together = say(decoder, given)
    layers = say(replace(decoder, whole_step=None), given)
    assert (together - layers).norm() < most * layers.norm()
    threads(3)
    assert torch.equal(torch.cat([say(decoder, [page]) for page in given]), together)


@needs_compiler
@torch.inference_mode()
def test_numbers_that_overflow_in_a_step_are_seen_in_its_scores(opened: Any) -> None:
    reader, inputs = opened("deepseek-ocr", INT8[0])
    decoder = reader.decoder
    context, _ = decoder.begin(inputs)
    fault = replace(decoder, embed=lambda tokens: decoder.embed(tokens) * float("inf"))
    assert not fault.step([context], [[7]]).isfinite().any()


@each_model
def test_no_weight_of_a_layer_is_left_in_another_format(opened: Any, model: str) -> None:
    reader, _ = opened(model, INT8[0])
    layers = reader.model.get_decoder().layers
    large = {name: tuple(weight.shape) for name, weight in layers.named_parameters() if weight.dim() > 1}
    assert large
    assert {shape[0] for name, shape in large.items() if not name.endswith("gate.weight")} == {0}


def test_a_page_is_read_with_them(opened: Any) -> None:
    reader, _ = opened("deepseek-ocr", INT8[0])
    answer = reader.ask(references.page("p300x200.png"), reader.attempts[0], Watch())
    assert 0 < answer.tokens <= 8
    assert isinstance(reader.model.get_input_embeddings(), nn.Embedding)
