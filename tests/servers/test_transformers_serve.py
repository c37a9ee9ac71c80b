"""`transformers serve`: its streams have no last word, and it takes no field that it does not know."""

import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from papertray.engine.errors import ReaderError
from papertray.engine.pages import Ending, Watch
from tests.daemon.reading.test_servers import free_port
from tests.engine.readers.test_server import draw_page, reading
from tests.servers.small_checkpoint import write_served_model
from tests.servers.started import started

PROGRAM = Path(sys.executable).parent / "transformers"


@pytest.mark.skipif(
    not (PROGRAM.exists() and find_spec("transformers.cli.serve")),
    reason="transformers is not installed here, or has no `serve`",
)
def test_pages_are_read_by_transformers_serve(tmp_path: Path) -> None:
    model, port = str(write_served_model(tmp_path)), free_port()
    command = [str(PROGRAM), "serve", model, "--port", str(port), "--host", "127.0.0.1", "--device", "cpu"]
    url = f"http://127.0.0.1:{port}/v1"
    with started(command, f"http://127.0.0.1:{port}/health", tmp_path):
        for family in ("lightonocr", "deepseek-ocr"):  # whose fields it refuses
            with reading(url, model=model, family=family, max_tokens=12) as reader:
                texts = reader.read([draw_page(number) for number in range(3)], Watch())
            assert {text.ending for text in texts} == {Ending.TOKEN_LIMIT}
            assert all(text.tokens for text in texts)
        with reading(url, model="another") as reader, pytest.raises(ReaderError, match="pinned to"):
            reader.read([draw_page(1)], Watch())
