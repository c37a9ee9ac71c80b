"""While a model is loaded, whoever waits hears how far it is."""

from typing import Any

import pytest
from transformers.utils import logging as transformers_logging

from papertray.engine.choice import load_model_reader
from papertray.engine.devices.processor import has_eight_bit_product
from papertray.engine.devices.rows import ROWS, DeviceRow
from papertray.engine.inference.decoder import compiled
from papertray.engine.inference.loading_progress import PACKING
from papertray.engine.models.catalog import find_entry
from papertray.engine.pages import ReadOptions
from tests.engine.readers import references


@pytest.mark.parametrize("model", ["deepseek-ocr", "dots-ocr"])
def test_loading_rises_from_nothing_to_all_and_never_falls(model: str) -> None:
    shares: list[float] = []
    options = ReadOptions(progress=shares.append)
    row = DeviceRow("cpu", "float32")
    load_model_reader(find_entry(model), references.checkpoint(model), row, options).close()
    assert shares[0] == 0.0
    assert shares[-1] == 1.0
    assert shares == sorted(shares)
    assert len(set(shares)) > 10
    assert transformers_logging.set_tqdm_hook(None) is None


@pytest.mark.skipif(not has_eight_bit_product(), reason="this processor has no 8-bit product")
def test_weights_that_are_packed_are_half_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """As they are where there is no compiler; each layer is told of."""
    monkeypatch.setattr(compiled, "compile_here", lambda: None)
    shares: list[float] = []
    row = next(row for row in ROWS if row.weights == "int8")
    options = ReadOptions(progress=shares.append)
    reader: Any = load_model_reader(
        find_entry("deepseek-ocr"), references.checkpoint("deepseek-ocr"), row, options
    )
    assert shares == sorted(shares)
    assert PACKING in shares
    assert sum(share > PACKING for share in shares) == len(reader.decoder.layers)
    assert shares[-1] == 1.0
