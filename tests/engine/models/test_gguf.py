"""Models in GGUF: two files of a repository, and the setting that has llama.cpp's server read with them."""

import tomllib
from pathlib import Path

import pytest

from papertray.daemon.settings.sections import ServerSettings
from papertray.engine.errors import DownloadError, WeightsError
from papertray.engine.models.gguf import GGUF, describe_setting, find_gguf
from papertray.engine.models.weights import Weights
from papertray.engine.readers.server.families import find_family
from tests.hub.server import HEAD_COMMIT, local_hub

ENTRY = find_gguf("glm-ocr")


def repository(folder: Path, **more: bytes) -> dict[str, Path]:
    folder.mkdir()
    for name in ENTRY.files:
        (folder / name).write_bytes(more.get(name, b"GGUF and numbers"))
    (folder / "GLM-OCR-f16.gguf").write_bytes(b"GGUF in another precision")
    return {ENTRY.hub_id: folder}


def test_the_two_files_are_fetched_at_a_commit_that_is_kept_and_checked_later(tmp_path: Path) -> None:
    weights = Weights(tmp_path / "models")
    with local_hub(repository(tmp_path / "repository")) as hub:
        assert weights.pull("glm-ocr-gguf", endpoint=hub.address)
    manifest, folder = weights.manifest(ENTRY), weights.path(ENTRY)
    assert manifest is not None
    assert folder is not None
    assert manifest.revision == HEAD_COMMIT
    assert {file.path for file in manifest.files} == set(ENTRY.files)
    assert weights.installed() == ()  # papertray itself does not read with them
    assert all(line.right for line in weights.verify("glm-ocr-gguf"))
    (folder / ENTRY.files[0]).write_bytes(b"GGUF that was changed")
    assert not all(line.right for line in weights.verify("glm-ocr-gguf"))
    assert weights.remove("glm-ocr-gguf") > 0


def test_a_repository_without_them_or_with_other_files_brings_nothing(tmp_path: Path) -> None:
    weights = Weights(tmp_path / "models")
    wrong = repository(tmp_path / "wrong", **{ENTRY.files[1]: b"<html>"})
    with local_hub(wrong) as hub, pytest.raises(WeightsError, match="no GGUF file"):
        weights.pull(ENTRY.name, endpoint=hub.address)
    (wrong[ENTRY.hub_id] / ENTRY.files[1]).unlink()
    with local_hub(wrong) as hub, pytest.raises(DownloadError, match="has no mmproj-GLM-OCR-Q8_0"):
        weights.pull(ENTRY.name, endpoint=hub.address)
    with pytest.raises(WeightsError, match="knows no GGUF files of LightOnOCR 3"):
        find_gguf("lightonocr-3")


@pytest.mark.parametrize("name", GGUF)
def test_the_setting_that_is_shown_is_one_that_papertray_takes(name: str) -> None:
    entry = find_gguf(name)
    setting = tomllib.loads(describe_setting(Path("/my models/here"), entry))["engine"]["servers"][0]
    server = ServerSettings(**setting)
    assert server.command[0] == "llama-server"
    assert f"/my models/here/{entry.files[0]}" in server.command
    assert find_family(server.model).name != "markdown"
