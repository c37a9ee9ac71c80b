"""Recognisers for other scripts: the table, and how they are fetched from a place of files."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import rapidocr
import yaml

from papertray.engine.errors import DownloadError, DownloadStopped, UnknownModel, WeightsError
from papertray.engine.models.offer import DownloadOffer
from papertray.engine.models.recognisers import RECOGNISERS, Recogniser, find_recogniser
from papertray.engine.models.weights import Weights
from papertray.engine.tesseract.languages import SCRIPTS
from tests.hub.recognisers import as_repository, put_in_table
from tests.hub.server import LocalHub, Misbehaviour, local_hub

NAME = "quick-cyrillic"
SIZE = 3 << 20
CONTENT = bytes(range(256)) * (SIZE // 256)


@pytest.fixture
def weights(tmp_path: Path) -> Weights:
    return Weights(tmp_path / "models")


@pytest.fixture
def row(monkeypatch: pytest.MonkeyPatch) -> Recogniser:
    return put_in_table(monkeypatch, NAME, CONTENT)


@contextmanager
def place(folder: Path, row: Recogniser, wrong: Misbehaviour | None = None) -> Iterator[LocalHub]:
    with local_hub(as_repository(folder / "repository", row, CONTENT), wrong) as running:
        yield running


def test_every_row_is_in_the_table_of_the_installed_rapidocr() -> None:
    path = Path(rapidocr.__file__).parent / "default_models.yaml"
    table = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)["onnxruntime"]
    assert len({row.name for row in RECOGNISERS}) == len(RECOGNISERS)
    for row in RECOGNISERS:
        theirs = table[row.generation]["rec"][row.model]
        assert theirs["SHA256"] == row.digest
        entry = row.entry
        address = f"https://www.modelscope.cn/models/{entry.hub_id}/resolve/{entry.revision}/{row.path}"
        assert theirs["model_dir"] == address
        assert row.script in SCRIPTS


def test_a_recogniser_is_fetched_shown_first_checked_and_removed(
    weights: Weights, row: Recogniser, tmp_path: Path
) -> None:
    offers: list[DownloadOffer] = []
    with place(tmp_path, row) as running:
        assert weights.pull(NAME, endpoint=running.address, agree=lambda offer: not offers.append(offer))
        assert running.sent[row.file] == SIZE + 1
    assert (offers[0].entry.licence, offers[0].missing) == ("Apache-2.0", SIZE)
    assert weights.recognisers() == {row: weights.folder / NAME / row.file}
    assert weights.installed() == (), "it reads no page by itself"
    assert all(line.right for line in weights.verify(NAME))
    assert weights.remove(NAME) > SIZE
    assert weights.recognisers() == {}


def test_wrong_bytes_never_become_a_recogniser(weights: Weights, row: Recogniser, tmp_path: Path) -> None:
    said = f"{row.file} arrived with wrong bytes and was deleted"
    with (
        place(tmp_path, row, Misbehaviour(flipped=row.file)) as running,
        pytest.raises(DownloadError, match=said),
    ):
        weights.pull(NAME, endpoint=running.address)
    assert weights.recognisers() == {}
    assert not list(weights.folder.rglob("*.onnx*"))


def test_a_cut_download_goes_on_where_it_was_cut(weights: Weights, row: Recogniser, tmp_path: Path) -> None:
    with place(tmp_path, row, Misbehaviour(cut_after=SIZE // 2, cuts=1, busy=2)) as running:
        assert weights.pull(NAME, endpoint=running.address)
        assert running.sent[row.file] < SIZE + 10
    assert all(line.right for line in weights.verify(NAME))


def test_a_stopped_download_keeps_what_arrived(weights: Weights, row: Recogniser, tmp_path: Path) -> None:
    cancel = threading.Event()
    with place(tmp_path, row, Misbehaviour(pause_after=2 << 20)) as running:
        stopping = threading.Thread(target=lambda: running.wrong.paused.wait(60) and cancel.set())
        stopping.start()
        with pytest.raises(DownloadStopped, match=f"papertray models pull {NAME}"):
            weights.pull(NAME, cancel=cancel, endpoint=running.address)
        stopping.join()
        assert weights.presence(row.entry) == "partly"
        running.wrong.pause_after = 0
        running.sent.clear()
        assert weights.pull(NAME, endpoint=running.address)
        assert running.sent[row.file] < SIZE


@pytest.mark.parametrize(
    ("wrong", "sentence", "advice"),
    [
        (Misbehaviour(status=404), r"does not give quick-cyrillic \(answer 404\)", "MODELSCOPE_ENDPOINT"),
        (Misbehaviour(busy=99), r"out of order just now \(answer 503\)", "models pull quick-cyrillic"),
    ],
)
def test_a_place_that_refuses_is_told_in_a_sentence(
    weights: Weights, row: Recogniser, tmp_path: Path, wrong: Misbehaviour, sentence: str, advice: str
) -> None:
    with place(tmp_path, row, wrong) as running, pytest.raises(DownloadError, match=sentence) as problem:
        weights.pull(NAME, endpoint=running.address)
    assert advice in problem.value.advice


def test_without_a_network_the_way_by_hand_is_told_and_goes(
    weights: Weights, row: Recogniser, tmp_path: Path
) -> None:
    with socket.socket() as taken:  # bound but not listening: connections are refused
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(DownloadError, match="cannot be reached") as problem:
            weights.pull(NAME, endpoint=f"http://127.0.0.1:{taken.getsockname()[1]}")
    assert f"{row.path}, copy it into a folder here, and run" in problem.value.advice
    copied = tmp_path / "copied"
    copied.mkdir()
    (copied / row.file).write_bytes(CONTENT[1:])
    with pytest.raises(WeightsError, match="another file than the table's"):
        weights.add(NAME, copied)
    (copied / row.file).write_bytes(CONTENT)
    weights.add(NAME, copied)
    assert weights.recognisers()


def test_a_script_that_the_table_has_not_gets_the_nearest_name() -> None:
    assert find_recogniser("Quick_Greek").name == "quick-greek"
    with pytest.raises(UnknownModel, match="Did you mean quick-greek"):
        find_recogniser("quick-greec")
