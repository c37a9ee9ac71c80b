"""LiteLLM's proxy with answers of its own making: texts, and 429 however often it is asked."""

import json
import os
import shutil
from collections.abc import Iterator

import pytest

from papertray.engine.errors import ReaderAway, ReaderError
from papertray.engine.pages import Watch
from papertray.engine.readers.server import sending
from tests.daemon.reading.test_servers import free_port
from tests.engine.readers.test_server import draw_page, reading
from tests.servers.started import started

PROGRAM = os.environ.get("PAPERTRAY_TEST_LITELLM") or shutil.which("litellm")
KEY = "sk-9f3b7d52a1c84e60b7d1f2a3c4e5d6f7"
ANSWERS = {
    "reads": "# Title\n\nWords of the page.",
    "busy": "litellm.RateLimitError",
    "broken": "litellm.InternalServerError",
}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if PROGRAM is None:
        pytest.skip(
            "litellm is not installed; `pip install 'litellm[proxy]'` elsewhere and name its program"
            " in PAPERTRAY_TEST_LITELLM"
        )
    folder, port = tmp_path_factory.mktemp("litellm"), free_port()
    models = [
        {
            "model_name": name,
            "litellm_params": {"model": "openai/any", "api_key": "none", "mock_response": answer},
        }
        for name, answer in ANSWERS.items()
    ]
    settings = {
        "model_list": models,
        "general_settings": {"master_key": KEY},
        "litellm_settings": {"num_retries": 0},
    }
    (folder / "config.yaml").write_text(json.dumps(settings))
    command = [PROGRAM, "--config", "config.yaml", "--port", str(port), "--host", "127.0.0.1"]
    with started(command, f"http://127.0.0.1:{port}/health/liveliness", folder):
        yield f"http://127.0.0.1:{port}/v1"


def test_pages_are_read_through_a_proxy(url: str) -> None:
    for family in ("", "deepseek-ocr"):
        with reading(url, model="reads", family=family, key=KEY) as reader:
            texts = reader.read([draw_page(number) for number in range(20)], Watch())
        assert {text.markdown for text in texts} == {ANSWERS["reads"]}


def test_too_many_requests_leave_the_page_waiting(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "_PATIENCE", 2.0)
    with reading(url, model="busy", key=KEY) as reader, pytest.raises(ReaderAway, match="429"):
        reader.read([draw_page(1)], Watch())


def test_a_server_at_fault_is_tried_again_and_then_said(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papertray.engine.readers.server.fleet.FIRST_PAUSE", 0.0)
    with reading(url, model="broken", key=KEY) as reader, pytest.raises(ReaderError, match="500"):
        reader.read([draw_page(1)], Watch())


@pytest.mark.parametrize(("model", "key"), [("nobody", KEY), ("reads", "sk-wrong")])
def test_a_wrong_model_or_key_is_said_at_once(url: str, model: str, key: str) -> None:
    with reading(url, model=model, key=key) as reader, pytest.raises(ReaderError, match="model and key"):
        reader.read([draw_page(1)], Watch())
