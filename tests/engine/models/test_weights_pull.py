"""Fetching models from a hub that works, and from hubs and networks that do not."""

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from papertray.engine.errors import DownloadError, DownloadStopped, WeightsError
from papertray.engine.models.catalog import LAYOUT, find_entry
from papertray.engine.models.hub import FetchProgress
from papertray.engine.models.offer import DownloadOffer
from papertray.engine.models.weights import Weights
from tests.hub.models import TINY, checkpoint, repositories
from tests.hub.server import HEAD_COMMIT, LocalHub, Misbehaviour, local_hub

NAME = "deepseek-ocr"
ENTRY = find_entry(NAME)
SHARD = "model-00001-of-000001.safetensors"
SHARD_SIZE = (checkpoint(NAME) / SHARD).stat().st_size
MEGABYTE = 1 << 20


@pytest.fixture
def weights(tmp_path: Path) -> Weights:
    return Weights(tmp_path / "models")


@contextmanager
def hub(wrong: Misbehaviour | None = None, **more: Path) -> Iterator[LocalHub]:
    with local_hub(repositories() | more, wrong) as running:
        yield running


@pytest.mark.parametrize("name", TINY)
def test_a_pulled_model_is_whole_and_right_in_every_line(weights: Weights, name: str) -> None:
    with hub() as running:
        assert weights.pull(name, endpoint=running.address)
    assert weights.installed() == (find_entry(name),)
    assert all(line.right for line in weights.verify(name))
    manifest, home = weights.manifest(find_entry(name)), weights.path(find_entry(name))
    assert manifest
    assert manifest.revision == find_entry(name).revision
    assert home
    assert {path.name for path in home.iterdir()} == {f.path for f in manifest.files} | {"papertray.json"}


def test_progress_is_told_for_each_file_and_in_total(weights: Weights) -> None:
    seen: list[FetchProgress] = []
    with hub() as running:
        weights.pull(NAME, seen.append, endpoint=running.address)
    assert {now.file for now in seen} == {path.name for path in checkpoint(NAME).iterdir()}
    assert [now.all_done for now in seen] == sorted(now.all_done for now in seen)
    assert (
        seen[-1].all_done == seen[-1].all_total == sum(p.stat().st_size for p in checkpoint(NAME).iterdir())
    )
    assert {now.done for now in seen if now.file == SHARD} >= {MEGABYTE, SHARD_SIZE}


def test_code_pickles_and_pictures_are_left_on_the_hub(weights: Weights, tmp_path: Path) -> None:
    full = tmp_path / "repository"
    shutil.copytree(checkpoint(NAME), full)
    for unwanted in ("modeling.py", "pytorch_model.bin", "model.pt", "README.md", "figure.png"):
        (full / unwanted).write_bytes(b"never fetched")
    (full / "LICENSE").write_text("MIT")
    with hub(**{ENTRY.hub_id: full}) as running:
        weights.pull(NAME, endpoint=running.address)
    assert "LICENSE" in running.sent
    assert (
        not {"modeling.py", "pytorch_model.bin", "model.pt", "README.md", "figure.png"} & running.sent.keys()
    )


def test_what_would_come_is_shown_first_and_can_be_refused(weights: Weights) -> None:
    offers: list[DownloadOffer] = []
    with hub() as running:
        assert not weights.pull(
            NAME, endpoint=running.address, agree=lambda offer: bool(offers.append(offer))
        )
    (offer,) = offers
    assert offer.entry.licence == "MIT"
    assert offer.manifest.revision == ENTRY.revision
    assert offer.missing == offer.manifest.size > SHARD_SIZE
    assert not running.sent
    assert (weights.presence(ENTRY), weights.installed()) == ("no", ())


def test_a_model_without_a_pinned_revision_is_resolved_and_the_commit_kept_and_its_template_comes_along(
    weights: Weights, tmp_path: Path
) -> None:
    row, full = find_entry("paddleocr-vl"), tmp_path / "repository"
    shutil.copytree(checkpoint(NAME), full)
    config = full / "config.json"
    config.write_text(config.read_text().replace(ENTRY.architecture, row.architecture))
    (full / "chat_template.jinja").write_text("{{ messages }}")
    offers: list[DownloadOffer] = []
    with hub(**{row.hub_id: full, LAYOUT.hub_id: layout_repository(tmp_path)}) as running:
        weights.pull(row.name, endpoint=running.address, agree=lambda offer: not offers.append(offer))
    manifest = weights.manifest(row)
    assert manifest
    assert offers[0].manifest.revision == manifest.revision == HEAD_COMMIT
    assert "chat_template.jinja" in {file.path for file in manifest.files}
    assert not any("/main/" in asked for asked in running.requests[1:])


def layout_repository(folder: Path) -> Path:
    repository = folder / "layout"
    repository.mkdir()
    (repository / "config.json").write_text(json.dumps({"architectures": [LAYOUT.architecture]}))
    save_file({"weight": np.zeros(3000, np.float32)}, repository / "model.safetensors")
    return repository


def test_the_model_that_finds_regions_comes_along_and_goes_with_the_last_that_needs_it(
    weights: Weights, tmp_path: Path
) -> None:
    row, full = find_entry("glm-ocr"), tmp_path / "repository"
    shutil.copytree(checkpoint(NAME), full)
    config = full / "config.json"
    config.write_text(config.read_text().replace(ENTRY.architecture, row.architecture))
    offers: list[DownloadOffer] = []
    seen: list[FetchProgress] = []
    with hub(
        **{ENTRY.hub_id: checkpoint(NAME), row.hub_id: full, LAYOUT.hub_id: layout_repository(tmp_path)}
    ) as running:
        for name in (row.name, row.name, NAME):
            weights.pull(
                name, seen.append, endpoint=running.address, agree=lambda offer: not offers.append(offer)
            )
    first, again, other = offers
    assert first.along
    assert (first.along.entry.licence, first.all_missing) == (
        "Apache-2.0",
        first.missing + first.along.missing,
    )
    assert first.along.manifest.revision == LAYOUT.revision
    assert (again.along, other.along) == (None, None)
    whole = first.manifest.size + first.along.manifest.size
    once = seen[: next(number for number, now in enumerate(seen) if now.all_done == whole) + 1]
    assert {now.all_total for now in once} == {whole}
    assert [now.all_done for now in once] == sorted(now.all_done for now in once)
    assert all(line.right for line in weights.verify(LAYOUT.name))
    assert weights.installed()[0] == row
    shutil.rmtree(weights.folder / LAYOUT.name)
    assert weights.installed()[-1] == row, "it reads worse than those that are whole"
    with hub(**{LAYOUT.hub_id: tmp_path / "layout"}) as running:
        weights.pull(LAYOUT.name, endpoint=running.address)
    assert weights.remove(row.name) > whole
    assert weights.path(LAYOUT) is None


def test_a_cut_connection_goes_on_where_it_was_cut(weights: Weights) -> None:
    with hub(Misbehaviour(cut_after=MEGABYTE + 1000, cuts=1)) as running:
        weights.pull(NAME, endpoint=running.address)
    assert f"bytes={MEGABYTE}-" in [headers.get("Range") for headers in running.headers]
    assert running.sent[SHARD] == SHARD_SIZE + 1000
    assert all(line.right for line in weights.verify(NAME))


def test_a_cancelled_download_ends_and_the_next_one_fetches_only_the_rest(weights: Weights) -> None:
    cancel = threading.Event()
    with hub(Misbehaviour(pause_after=MEGABYTE)) as running:
        stopping = threading.Thread(target=lambda: running.wrong.paused.wait(60) and cancel.set())
        stopping.start()
        with pytest.raises(DownloadStopped, match=f"papertray models pull {NAME}"):
            weights.pull(NAME, cancel=cancel, endpoint=running.address)
        stopping.join()
    assert weights.installed() == ()
    assert weights.presence(ENTRY) == "partly"
    whole = {path.name for path in (weights.folder / f"{NAME}.partial").iterdir() if path.suffix != ".part"}
    assert "config.json" in whole
    with hub() as running:
        weights.pull(NAME, endpoint=running.address)
    assert not whole & (running.sent.keys() - {"config.json"})  # one look at config.json is the first request
    assert running.sent[SHARD] <= SHARD_SIZE
    assert weights.installed() == (ENTRY,)


def test_a_busy_hub_is_asked_again(weights: Weights) -> None:
    with hub(Misbehaviour(busy=3)) as running:
        assert weights.pull(NAME, endpoint=running.address)


ANSWERS = {
    401: "HF_TOKEN",
    403: "HF_TOKEN",
    404: "has no deepseek-ai/DeepSeek-OCR at revision 9f30c71f",
    429: "asks for a pause",
    500: "out of order just now",
    503: "out of order just now",
}


@pytest.mark.parametrize("status", ANSWERS)
def test_every_refusal_of_a_hub_becomes_a_sentence(weights: Weights, status: int) -> None:
    wrong = Misbehaviour(status=status) if status < 429 else Misbehaviour(busy=99, busy_status=status)
    with hub(wrong) as running, pytest.raises(DownloadError, match=ANSWERS[status]) as raised:
        weights.pull(NAME, endpoint=running.address)
    assert running.address in str(raised.value)
    assert raised.value.retry


def test_wrong_bytes_are_deleted_and_told_and_right_ones_fetched_next_time(weights: Weights) -> None:
    with hub(Misbehaviour(flipped=SHARD)) as running:
        with pytest.raises(DownloadError, match=f"{SHARD} arrived with wrong bytes and was deleted"):
            weights.pull(NAME, endpoint=running.address)
        assert not list(weights.folder.rglob("*.safetensors*.part"))
        assert not list(weights.folder.rglob(SHARD))
        assert weights.installed() == ()
        running.wrong.flipped = ""
        weights.pull(NAME, endpoint=running.address)
    assert all(line.right for line in weights.verify(NAME))


def test_a_damaged_model_is_mended_by_pulling_it_again(weights: Weights) -> None:
    with hub() as running:
        weights.pull(NAME, endpoint=running.address)
        home = weights.path(ENTRY)
        assert home
        shard = home / SHARD
        shard.write_bytes(shard.read_bytes()[:-1] + b"!")
        running.sent.clear()
        weights.pull(NAME, endpoint=running.address)
    assert set(running.sent) == {SHARD}
    assert all(line.right for line in weights.verify(NAME))


def test_too_little_room_is_said_with_both_numbers_before_anything_is_fetched(tmp_path: Path) -> None:
    weights = Weights(tmp_path / "models", free=lambda _folder: 1_000_000)
    with (
        hub() as running,
        pytest.raises(DownloadError, match=r"needs 1\.4 MB more .* where 1\.0 MB are free"),
    ):
        weights.pull(NAME, endpoint=running.address)
    assert not running.sent


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="NOT TESTED: only root can mount a small disk"
)
def test_a_disk_that_fills_up_on_the_way_is_said_and_the_rest_comes_later(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"NOT TESTED: no mount here: {mounted.stderr.decode()}")
    try:
        weights = Weights(disk, free=lambda _folder: 1 << 40)
        with hub() as running:
            with pytest.raises(DownloadError, match=r"The disk that holds .* is full\. Make room"):
                weights.pull(NAME, endpoint=running.address)
            assert weights.installed() == ()
            subprocess.run(["mount", "-o", "remount,size=8m", disk], check=True)
            weights.pull(NAME, endpoint=running.address)
        assert all(line.right for line in weights.verify(NAME))
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_mirror_is_named_by_the_environment(weights: Weights, monkeypatch: pytest.MonkeyPatch) -> None:
    with hub() as running:
        monkeypatch.setenv("HF_ENDPOINT", f"{running.address}/")
        assert weights.pull(NAME)


def test_without_a_network_the_way_by_hand_is_told(weights: Weights) -> None:
    with socket.socket() as taken:  # bound but not listening: connections are refused
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(DownloadError, match="cannot be reached") as raised:
            weights.pull(NAME, endpoint=address)
    assert "papertray models add deepseek-ocr FOLDER" in raised.value.advice
    assert ENTRY.revision in raised.value.advice


def test_an_endpoint_that_is_no_address_is_named(weights: Weights) -> None:
    with pytest.raises(DownloadError, match="hf-mirror is not the address of a hub"):
        weights.pull(NAME, endpoint="hf-mirror")


def test_a_hub_that_never_answers_is_left_after_the_time_the_user_set(
    weights: Weights, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_DOWNLOAD_TIMEOUT", "1")
    with hub(Misbehaviour(hang=True)) as running, pytest.raises(DownloadError, match="within 1 seconds"):
        weights.pull(NAME, endpoint=running.address)


def test_a_time_limit_that_is_no_number_is_named(weights: Weights, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_DOWNLOAD_TIMEOUT", "soon")
    with hub() as running, pytest.raises(DownloadError, match="soon"):
        weights.pull(NAME, endpoint=running.address)


@pytest.mark.parametrize(
    "path", ["../evil.json", "/evil.json", "a/../../evil.json", "c:evil.json", "..\\evil.json"]
)
def test_a_file_that_would_leave_the_folder_is_refused(weights: Weights, path: str) -> None:
    with (
        hub(Misbehaviour(extra_files=(path,))) as running,
        pytest.raises(DownloadError, match="outside the model's folder"),
    ):
        weights.pull(NAME, endpoint=running.address)
    assert not running.sent
    assert not list(weights.folder.rglob("*evil*"))


def test_no_token_is_sent_but_the_one_of_the_environment(
    weights: Weights, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = own_home / ".cache" / "huggingface"
    stored.mkdir(parents=True)
    (stored / "token").write_text("hf_stored")
    monkeypatch.delenv("HF_TOKEN", raising=False)
    with hub() as running:
        weights.pull(NAME, endpoint=running.address)
        assert not [headers for headers in running.headers if "authorization" in map(str.lower, headers)]
        running.headers.clear()
        monkeypatch.setenv("HF_TOKEN", "hf_mine")
        weights.pull(NAME, endpoint=running.address)
    assert {value for headers in running.headers for value in headers.values() if "hf_" in value} >= {
        "Bearer hf_mine"
    }


def test_nothing_but_the_models_own_files_is_asked_for(weights: Weights) -> None:
    with hub() as running:
        weights.pull(NAME, endpoint=running.address)
    assert all(ENTRY.hub_id in asked for asked in running.requests)


def test_a_second_papertray_does_not_meddle(weights: Weights) -> None:
    def meddle(_offer: DownloadOffer) -> bool:
        with pytest.raises(WeightsError, match="Another papertray"):
            Weights(weights.folder).remove(NAME)
        return True

    with hub() as running:
        assert weights.pull(NAME, endpoint=running.address, agree=meddle)


def test_the_quick_reader_needs_no_download(weights: Weights) -> None:
    with pytest.raises(WeightsError, match="part of papertray"):
        weights.pull("quick")


def test_this_process_stays_offline_and_without_the_hubs_library() -> None:
    program = (
        "import sys, os, papertray.engine.models.weights, papertray.engine.choice;"
        "assert os.environ['HF_HUB_OFFLINE'] == os.environ['HF_HUB_DISABLE_TELEMETRY'] == '1';"
        "print({'huggingface_hub', 'torch', 'transformers', 'numpy'} & sys.modules.keys())"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "set()"
