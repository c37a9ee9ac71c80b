"""From nothing to a note: a model is fetched from a hub on this machine, and a daemon changes over to it.

The tiny checkpoints have random weights, so what they say is nonsense. Who said it is certain.
"""

import json
from pathlib import Path

import pytest

from papertray.daemon.places import find_places
from papertray.daemon.reading.readers import EngineReaderSource
from papertray.engine.devices.rows import CPU_FLOAT32, with_page_cap
from papertray.engine.models.catalog import QUICK, find_entry
from papertray.engine.models.gguf import find_gguf
from tests.daemon.cli.conftest import Papertray
from tests.desks import Running, draw, running, until
from tests.hub.models import TINY
from tests.hub.server import local_hub

TOKENS = 12
SMALL = {"device": "cpu", "dtype": "float32", "max_tokens": TOKENS}
PATIENCE = 120.0


def row_of(name: str) -> str:
    size = find_entry(name).memory
    assert size is not None
    return str(with_page_cap(CPU_FLOAT32, size))


def read_by(desk: Running, name: str) -> tuple[str, str, str]:
    """Who read a document, as its end shows: reader, revision and device, the same in journal and note."""
    desk.ends(name, patience=PATIENCE)
    (document,) = (one for one in desk.client.documents() if one.path.name == name)
    assert document.note is not None
    front = document.note.read_text(encoding="utf-8").split("---\n")[1]
    reader = document.reader, document.revision, document.device
    for key, value in zip(("reader", "revision", "device"), reader, strict=True):
        assert f"{key}: {json.dumps(value)}\n" in front
    return reader


@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize("name", TINY)
def test_a_model_that_is_pulled_reads_from_then_on(name: str, tmp_path: Path, papertray: Papertray) -> None:
    with running(tmp_path / "inbox", EngineReaderSource(find_places()), engine=SMALL) as desk:
        draw(desk.inbox / "before.png", "before", (300, 200))
        assert read_by(desk, "before.png")[0] == QUICK

        assert papertray("models", "pull", name, "--yes").code == 0
        draw(desk.inbox / "after.png", "after", (300, 200))
        assert read_by(desk, "after.png") == (name, find_entry(name).revision, row_of(name))
        until(lambda: desk.client.status().reader == name, "the change of the status")
        assert desk.client.status().troubles == ()

        assert papertray("retry", "--reader", "quick").out == "Queued 1 document again.\n"
        until(lambda: read_by(desk, "before.png")[0] == name, "the second reading", PATIENCE)
        assert papertray("retry", 2, "--reader", "quick").code == 0
        until(lambda: read_by(desk, "after.png")[0] == QUICK, "the reading by the quick reader", PATIENCE)
        assert read_by(desk, "before.png")[0] == name


@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize("name", TINY)
def test_a_file_is_read_with_a_model_that_was_pulled(name: str, tmp_path: Path, papertray: Papertray) -> None:
    assert papertray("models", "pull", name, "--yes").code == 0
    scan = draw(tmp_path / "scan.png", "a scan", (300, 200))
    result = papertray(
        *("read", "--model", name, "--device", "cpu", "--dtype", "float32", "--max-tokens", TOKENS), scan
    )
    assert result.code == 0
    assert (
        f'reader: "{name}"\nrevision: "{find_entry(name).revision}"\ndevice: "{row_of(name)}"\n' in result.out
    )


def test_files_for_llama_cpp_are_pulled_and_their_setting_shown(
    tmp_path: Path, papertray: Papertray, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = find_gguf("glm-ocr")
    for name in entry.files:
        (tmp_path / name).write_bytes(b"GGUF")
    with local_hub({entry.hub_id: tmp_path}) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        done = papertray("models", "pull", "glm-ocr", "--gguf", "--yes")
    assert done.code == 0
    assert '"llama-server", "-m", ' in done.out
    assert papertray("models", "remove", "glm-ocr-gguf").code == 0
