"""The small models' towers by plain products: the same numbers to rounding, and only where it is faster."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from papertray.engine.devices.rows import CPU_FLOAT32
from papertray.engine.inference.model_reader import ModelReader
from papertray.engine.pages import Watch
from papertray.engine.patches import PatchDoesNotFit, tower_by_head
from papertray.engine.readers.templated import MODE
from tests.engine.readers.small_models import FAMILIES, write_small_model
from tests.engine.readers.test_small_models import loaded, page


def seen(reader: ModelReader) -> torch.Tensor:
    embeds: torch.Tensor = reader.encode_page(page(), MODE, Watch()).inputs["inputs_embeds"]
    return embeds


def towers(model: Any) -> list[Any]:
    return [module for module in model.modules() if getattr(module, "is_causal", None) is False]


@pytest.mark.parametrize("name", FAMILIES)
def test_a_tower_sees_a_page_as_it_does_by_the_fused_attention(name: str, tmp_path: Path) -> None:
    reader = loaded(name, write_small_model(name, tmp_path), CPU_FLOAT32)
    fused = seen(reader)
    calls = []
    tower_by_head.exchange_attention(towers(reader.model))
    with pytest.MonkeyPatch.context() as patched:
        plain = tower_by_head.attend_by_head
        patched.setattr(tower_by_head, "attend_by_head", lambda *each: calls.append(1) or plain(*each))
        torch.testing.assert_close(seen(reader), fused, rtol=1e-5, atol=1e-5)
    assert calls


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_where_the_fused_attention_is_fast_a_tower_keeps_it(dtype: torch.dtype, tmp_path: Path) -> None:
    model = loaded("lightonocr-3", write_small_model("lightonocr-3", tmp_path), CPU_FLOAT32).model.to(dtype)
    tower_by_head.patch(model, lambda: dtype == torch.bfloat16)
    assert all(attention.config._attn_implementation == "sdpa" for attention in towers(model))


def test_the_language_model_keeps_its_own(tmp_path: Path) -> None:
    model = loaded("glm-ocr", write_small_model("glm-ocr", tmp_path), CPU_FLOAT32).model.to(torch.bfloat16)
    tower_by_head.patch(model, lambda: False)
    assert {each.config._attn_implementation for each in towers(model)} == {tower_by_head.NAME}
    assert model.config.text_config._attn_implementation == "sdpa"


def test_a_model_without_a_tower_is_refused() -> None:
    with pytest.raises(PatchDoesNotFit, match="tower_by_head"):
        tower_by_head.patch(nn.Sequential(nn.Linear(2, 2)))
