"""Pages read by a real llama.cpp that papertray starts: the tiny references, converted by llama.cpp itself.

Needs what is no part of papertray, so it runs only where two variables name it: LLAMA_CPP_PYTHON a Python
that has xllamacpp, LLAMA_CPP_REFERENCES a folder with MODEL-f32.gguf and MODEL-f32-mmproj.gguf, of which
docs/servers.md tells how they are made.
"""

import base64
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from papertray.engine.pages import ReadOptions, Watch
from papertray.engine.readers.server import own_reader
from papertray.engine.readers.server.own_reader import OwnServersReader
from papertray.engine.server_address import PORT, ServerAddress
from tests import llama_server
from tests.engine.readers import references

PYTHON = os.environ.get("LLAMA_CPP_PYTHON", "")
FOLDER = Path(os.environ.get("LLAMA_CPP_REFERENCES", "nowhere"))
PATIENCE = 300.0
MODELS = ("deepseek-ocr", "deepseek-ocr-2", "dots-ocr")
PAGE = "p300x200.png"

pytestmark = pytest.mark.skipif(not PYTHON, reason="LLAMA_CPP_PYTHON names no Python with xllamacpp")


@pytest.fixture(params=MODELS)
def model(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if not (FOLDER / f"{name}-f32.gguf").exists():
        pytest.skip(f"LLAMA_CPP_REFERENCES has no {name}-f32.gguf")
    return name


@pytest.fixture
def reader(model: str) -> Iterator[OwnServersReader]:
    files = ("-m", str(FOLDER / f"{model}-f32.gguf"), "--mmproj", str(FOLDER / f"{model}-f32-mmproj.gguf"))
    command = (PYTHON, llama_server.__file__, *files, "--port", PORT, "--special", "--cache-type", "f32")
    server = ServerAddress(f"http://127.0.0.1:{PORT}/v1", model, in_flight=1, command=command)
    reader = own_reader.load(ReadOptions(max_tokens=24, servers=(server,)))
    assert isinstance(reader, OwnServersReader)
    try:
        yield reader
    finally:
        reader.close()


def test_a_page_is_read_and_its_prompt_is_the_publishers(model: str, reader: OwnServersReader) -> None:
    (text,) = reader.read([references.page(PAGE)], Watch())
    assert text.tokens > 1
    case = next(
        one for one in references.goldens(model)["cases"] if one["name"] in ("crop_p300x200", "ocr_p300x200")
    )
    assert _count_prompt_tokens(reader.addresses[0].url, case) == case["n_tokens"]


def _count_prompt_tokens(url: str, case: dict[str, Any]) -> int:
    content = base64.b64encode((references.FOLDER / "images" / PAGE).read_bytes()).decode()
    picture = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{content}"}}
    words = {"type": "text", "text": case["prompt"].replace("<image>\n", "").strip()}
    body = {"messages": [{"role": "user", "content": [picture, words]}], "max_tokens": 1}
    answer = httpx.post(f"{url}/chat/completions", json=body, timeout=PATIENCE, trust_env=False)
    tokens: int = answer.json()["usage"]["prompt_tokens"]
    return tokens
