"""One token's row multiplied as a row: the numbers of the library's products, and no other weight touched."""

import copy
from collections.abc import Callable, Iterable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from transformers.models.deepseek_ocr2.configuration_deepseek_ocr2 import DeepseekOcr2TextConfig
from transformers.models.deepseek_ocr2.modeling_deepseek_ocr2 import DeepseekOcr2TextExperts
from transformers.models.unlimited_ocr.configuration_unlimited_ocr import UnlimitedOcrTextConfig
from transformers.models.unlimited_ocr.modeling_unlimited_ocr import UnlimitedOcrTextExperts

from papertray.engine.devices.rows import ROWS
from papertray.engine.patches import PatchDoesNotFit, one_row_products
from papertray.engine.patches.one_row_products import OneRowExperts, OneRowLinear, vectors_are_faster

EXPERTS, CHOSEN, HIDDEN = 8, 3, 32
SIZES = {"hidden_size": HIDDEN, "moe_intermediate_size": 24, "n_routed_experts": EXPERTS}
HEADS = {"num_attention_heads": 2, "num_key_value_heads": 2}
KINDS = {
    DeepseekOcr2TextExperts: DeepseekOcr2TextConfig,
    UnlimitedOcrTextExperts: UnlimitedOcrTextConfig,
}
Product = Callable[[torch.dtype], bool]


def always(_dtype: torch.dtype) -> bool:
    return True


def never(_dtype: torch.dtype) -> bool:
    return False


each_product = pytest.mark.parametrize("faster", [always, never], ids=["vectors", "matrices"])
each_dtype = pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=str)


def experts_of(kind: Any, dtype: torch.dtype) -> nn.Sequential:
    config = KINDS[kind](**SIZES, **HEADS)
    config._experts_implementation = "grouped_mm"
    made = kind(config)
    torch.manual_seed(11)
    for weights in made.parameters():
        nn.init.normal_(weights, std=0.3)
    return nn.Sequential(made, nn.Linear(1, 1)).to(dtype)


def patched(model: nn.Module, faster: Product) -> nn.Module:
    other = copy.deepcopy(model)
    one_row_products.patch(other, faster)
    return other


def routed(rows: int, dtype: torch.dtype) -> tuple[Tensor, Tensor, Tensor]:
    made = torch.Generator().manual_seed(3)
    chosen = torch.stack([torch.randperm(EXPERTS, generator=made)[:CHOSEN] for _ in range(rows)])
    weights = torch.rand(rows, CHOSEN, generator=made)  # float32 in every model
    return torch.randn(rows, HIDDEN, generator=made).to(dtype), chosen, weights


@each_product
@each_dtype
@pytest.mark.parametrize("rows", [1, 2, 7])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@torch.inference_mode()
def test_experts_answer_as_the_librarys_do(kind: Any, rows: int, dtype: torch.dtype, faster: Product) -> None:
    library = experts_of(kind, dtype)
    answer = patched(library, faster)[0](*routed(rows, dtype))  # type: ignore[index]
    expected = library[0](*routed(rows, dtype))
    assert (answer.dtype, answer.shape) == (expected.dtype, expected.shape)
    rounding = {torch.float32: 1e-5, torch.bfloat16: 2e-2}[dtype]
    torch.testing.assert_close(answer, expected, rtol=rounding, atol=rounding)


class Products(TorchDispatchMode):
    """Counts the products of matrices, grouped ones and those with vectors."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def __torch_dispatch__(
        self, operator: Any, types: Iterable[type], args: Any = (), kwargs: Any = None
    ) -> Any:
        name = operator.overloadpacket.__name__
        if name in ("linear", "mv", "addmv", "_grouped_mm"):
            self.seen.append(name)
        return operator(*args, **(kwargs or {}))


def products(work: Callable[[], object]) -> list[str]:
    with torch.inference_mode(), Products() as counted:
        work()
    return counted.seen


@pytest.mark.parametrize(("faster", "name"), [(always, "mv"), (never, "linear")])
def test_one_token_meets_its_own_experts_and_no_others(faster: Product, name: str) -> None:
    experts = patched(experts_of(DeepseekOcr2TextExperts, torch.float32), faster)[0]  # type: ignore[index]
    assert products(lambda: experts(*routed(1, torch.float32))) == [name] * 2 * CHOSEN


def test_many_tokens_meet_them_as_ever() -> None:
    experts = patched(experts_of(DeepseekOcr2TextExperts, torch.float32), always)[0]  # type: ignore[index]
    assert products(lambda: experts(*routed(2, torch.float32))) == ["_grouped_mm"] * 2


@each_dtype
@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("shape", [(1, 1, 6), (1, 6), (6,), (2, 6), (1, 3, 6)], ids=str)
@torch.inference_mode()
def test_a_linear_layer_has_the_same_numbers(shape: tuple[int, ...], bias: bool, dtype: torch.dtype) -> None:
    torch.manual_seed(2)
    library, row = nn.Linear(6, 5, bias=bias, dtype=dtype), torch.randn(shape).to(dtype)
    answer = patched(nn.Sequential(library), always)(row)
    rounding = {torch.float32: 1e-6, torch.bfloat16: 1e-2}[dtype]
    torch.testing.assert_close(answer, library(row), rtol=rounding, atol=rounding)


@pytest.mark.parametrize(("rows", "name"), [(1, "addmv"), (2, "linear")])
def test_a_linear_layer_multiplies_one_row_as_a_vector(rows: int, name: str) -> None:
    layer = patched(nn.Sequential(nn.Linear(6, 5)), always)
    assert products(lambda: layer(torch.ones(1, rows, 6))) == [name]


def test_where_vectors_are_slower_linear_layers_stay_as_they_are() -> None:
    model = patched(experts_of(DeepseekOcr2TextExperts, torch.bfloat16), never)
    assert not any(isinstance(module, OneRowLinear) for module in model.modules())
    assert any(isinstance(module, OneRowExperts) for module in model.modules())


def test_vectors_are_never_slower_in_float32_and_unknown_in_float16() -> None:
    assert vectors_are_faster(torch.float32)
    assert not vectors_are_faster(torch.float16)


def test_4_bit_weights_are_left_alone() -> None:
    assert not any("one_row_products" in row.patches for row in ROWS if row.weights == "nf4")


def test_a_model_without_linear_layers_is_refused() -> None:
    with pytest.raises(PatchDoesNotFit, match="one_row_products"):
        one_row_products.patch(nn.Sequential(nn.ReLU()))
