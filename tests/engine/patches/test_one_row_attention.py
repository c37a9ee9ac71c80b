"""One token's look back by plain products: the fused attention's numbers, only where that one is slow."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn
from transformers import LlamaConfig, LlamaForCausalLM
from transformers.integrations.sdpa_attention import sdpa_attention_forward

from papertray.engine.inference.decode import decode
from papertray.engine.pages import Watch
from papertray.engine.patches import PatchDoesNotFit, one_row_attention
from papertray.engine.patches.one_row_attention import NAME, attend_one_row

DEPTH = 16


class Layer(nn.Module):
    """What the fused attention asks of the layer that it serves."""

    is_causal = True

    def __init__(self, heads: int, shared: int) -> None:
        super().__init__()
        self.num_key_value_groups = heads // shared


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("heads", "shared"), [(4, 4), (6, 2)])
@pytest.mark.parametrize(("dtype", "rounding"), [(torch.float32, 1e-6), (torch.bfloat16, 2e-2)], ids=str)
def test_the_numbers_are_the_fused_ones(
    heads: int, shared: int, rows: int, dtype: torch.dtype, rounding: float
) -> None:
    torch.manual_seed(6)
    kept = torch.randn(2, 1, shared, 40, DEPTH).to(dtype)
    given: tuple[Any, ...] = Layer(heads, shared), torch.randn(1, heads, rows, DEPTH).to(dtype), *kept, None
    (answer, _), (fused, _) = (work(*given, scaling=0.3) for work in (attend_one_row, sdpa_attention_forward))
    torch.testing.assert_close(answer, fused, rtol=rounding, atol=rounding)


def llama(dtype: torch.dtype, implementation: str = "sdpa") -> Any:
    torch.manual_seed(4)
    sizes = {"hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "vocab_size": 90}
    config = LlamaConfig(**sizes, num_attention_heads=4, num_key_value_heads=2)
    return LlamaForCausalLM._from_config(config, attn_implementation=implementation).to(dtype).eval()


@pytest.mark.parametrize(
    ("dtype", "matrix_units", "used"),
    [(torch.bfloat16, False, NAME), (torch.bfloat16, True, "sdpa"), (torch.float32, False, "sdpa")],
)
def test_it_is_used_where_the_fused_one_is_slow(dtype: torch.dtype, matrix_units: bool, used: str) -> None:
    model = llama(dtype)
    one_row_attention.patch(model, lambda: matrix_units)
    assert model.config._attn_implementation == used


def logits(model: Any) -> Tensor:
    """Of a token that comes after a prompt."""
    with torch.inference_mode():
        begun = model(torch.arange(1, 41)[None], use_cache=True)
        after: Tensor = model(torch.tensor([[5]]), past_key_values=begun.past_key_values).logits
    return after.float()


def test_a_model_means_the_same_with_it() -> None:
    plain, fused = llama(torch.bfloat16), llama(torch.bfloat16)
    one_row_attention.patch(plain, lambda: False)
    torch.testing.assert_close(logits(plain), logits(fused), rtol=2e-2, atol=2e-2)
    said = decode(plain, {"input_ids": torch.ones(1, 3).long()}, eos=frozenset(), max_tokens=5, watch=Watch())
    assert len(said.generated_ids) == 5


def test_a_model_that_attends_otherwise_is_refused() -> None:
    with pytest.raises(PatchDoesNotFit, match="one_row_attention"):
        one_row_attention.patch(llama(torch.bfloat16, "eager"))
