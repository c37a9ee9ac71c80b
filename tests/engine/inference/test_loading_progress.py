"""While a model is loaded, whoever waits hears how far it is."""

import pytest
from transformers.utils import logging as transformers_logging

from papertray.engine.choice import load_model_reader
from papertray.engine.devices.rows import DeviceRow
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
